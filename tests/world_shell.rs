//! What scripts print, when, and how they end.

use std::rc::Rc;

use podscope::time::{Duration, Instant};
use podscope::world::{ImageProfile, Inside, Nothing, Reference, Signal, StartSpec, Stream};

/// Runs a script in an image until it ends or `until` seconds are over.
fn run_in(image: &str, shell: &str, script: &str, until: i64) -> Inside {
    let spec = StartSpec {
        argv: [shell, "-c", script].map(str::to_owned).to_vec(),
        image: Rc::new(ImageProfile::of(&Reference::parse(image).unwrap())),
        ..StartSpec::default()
    };
    let mut inside = Inside::start(spec, Instant::ZERO, &mut Nothing).unwrap();
    inside.poll(Instant::from_secs(until), &mut Nothing);
    inside
}

fn run(script: &str, until: i64) -> Inside {
    run_in("busybox", "sh", script, until)
}

fn output(inside: &Inside) -> String {
    let line = |l: &podscope::world::LogLine| {
        let mark = if l.stream == Stream::Err { "!" } else { "" };
        format!("{mark}{}{}", l.text, if l.partial { "" } else { "\n" })
    };
    inside.logs().iter().map(line).collect()
}

fn near(at: Instant) -> i64 {
    (at + Duration::from_millis(500)).secs()
}

#[test]
fn scripts_print_and_exit() {
    for (script, out, code) in [
        ("echo a; exit 3", "a\n", 3),
        ("exit 1", "", 1),
        ("false || echo b && echo c", "b\nc\n", 0),
        ("x=1; y=${x:-2}${z:-3}; echo $y", "13\n", 0),
        (
            "n=$(cat /d/n 2>/dev/null || echo 0); n=$((n+1)); echo $n; [ $n -ge 3 ]",
            "1\n",
            1,
        ),
        ("for i in 1 2 3; do echo $i; done | tail -1", "3\n", 0),
        ("i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done", "0\n1\n2\n", 0),
        ("case abc in a*) echo yes;; *) echo no;; esac", "yes\n", 0),
        ("f() { echo $1; return 4; }; f x; echo $?", "x\n4\n", 0),
        ("set -e; false; echo never", "", 1),
        ("set -e; if false; then :; fi; false || true; echo here", "here\n", 0),
        ("set -e; x=$(false); echo never", "", 1),
        ("cat <<EOF\nhello $((1+1))\nEOF\n", "hello 2\n", 0),
        ("cat <<'EOF'\nhello $x\nEOF\n", "hello $x\n", 0),
        ("cat <<-EOF\n\t\ttabs\n\tEOF\necho b", "tabs\nb\n", 0),
        ("foo", "!sh: foo: not found\n", 127),
        ("/etc/passwd", "!sh: /etc/passwd: Permission denied\n", 126),
        (
            "cat nofile",
            "!cat: can't open 'nofile': No such file or directory\n",
            1,
        ),
        ("cat < nofile; echo $?", "!sh: can't open nofile: no such file\n1\n", 0),
        (
            "echo x > /nodir/x",
            "!sh: can't create /nodir/x: nonexistent directory\n",
            1,
        ),
        (
            "cd /nodir; echo $?",
            "!sh: cd: line 0: can't cd to /nodir: No such file or directory\n2\n",
            0,
        ),
        (
            ". /nofile; echo a",
            "!sh: .: line 0: can't open '/nofile': No such file or directory\n",
            2,
        ),
        (
            "if",
            "!sh: syntax error: unexpected end of file (expecting \"then\")\n",
            2,
        ),
        ("echo a; fi", "!sh: syntax error: unexpected \"fi\"\n", 2),
        ("echo \"abc", "!sh: syntax error: unterminated quoted string\n", 2),
        ("echo $((1/0)); echo b", "!sh: divide by zero\n", 2),
        ("set -u; echo $x; echo b", "!sh: x: parameter not set\n", 2),
        ("echo ${x:?}; echo b", "!sh: x: parameter not set or null\n", 2),
        ("echo ${x:?gone}; echo b", "!sh: x: gone\n", 2),
        ("readonly a=1; a=2; echo b", "!sh: a: is read only\n", 2),
        ("[ 1 -eq a ]; echo $?", "!sh: a: bad number\n2\n", 0),
        ("exit abc", "!sh: exit: line 0: Illegal number: abc\n", 2),
        ("kill -TERM 99999", "!sh: can't kill pid 99999: No such process\n", 1),
        ("set -x; echo a 'b c'", "!+ echo a 'b c'\na b c\n", 0),
        ("trap 'echo t' EXIT; exit 3", "t\n", 3),
        ("true & wait $!; echo $?", "0\n", 0),
        ("sleep 5 & kill $!; wait $!; echo $?", "!Terminated\n143\n", 0),
        ("wait 9999; echo $?", "127\n", 0),
        ("(exit 7); echo $?", "7\n", 0),
        ("echo $(echo $(echo deep))", "deep\n", 0),
        ("echo `echo a b` \"`echo 'c  d'`\"", "a b c  d\n", 0),
        ("IFS=:; x=a:b; for w in $x; do echo $w; done", "a\nb\n", 0),
        ("echo 'a  b' \"$HOME\" a\\ b", "a  b /root a b\n", 0),
        (
            "set -- a 'b c'; for x in \"$@\"; do echo $x; done; echo $#",
            "a\nb c\n2\n",
            0,
        ),
        (
            "x=hello; echo ${#x} ${x#he} ${x%lo} ${x##*l} ${x%%l*}",
            "5 llo hel o he\n",
            0,
        ),
        ("printf '%s-%03d\\n' a 5 b 6", "a-005\nb-006\n", 0),
        (
            "echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f; wc -l < /tmp/f",
            "a\nb\n2\n",
            0,
        ),
        ("{ echo a; echo b >&2; } 2>&1 | cat", "a\nb\n", 0),
        ("echo one two | while read a b; do echo $b $a; done", "two one\n", 0),
        ("while read l; do echo \"<$l>\"; done <<E\n1\n2\nE\n", "<1>\n<2>\n", 0),
        (
            "until [ -e /tmp/x ]; do touch /tmp/x; echo waiting; done",
            "waiting\n",
            0,
        ),
        ("eval 'echo $((2*3))'", "6\n", 0),
        ("echo hi | tee /tmp/a /tmp/b; cat /tmp/a /tmp/b", "hi\nhi\nhi\n", 0),
        ("command -v sh; command -v nope; echo $?", "/bin/sh\n127\n", 0),
        ("! true; echo $?; ! false; echo $?", "1\n0\n", 0),
        (
            "mkdir -p /a/b; touch /a/b/c /a/d; ls /a; echo /a/*",
            "b\nd\n/a/b /a/d\n",
            0,
        ),
        ("rm /none", "!rm: can't remove '/none': No such file or directory\n", 1),
        ("rm -rf /none; rm -f /none", "", 0),
        ("echo abc | sed 's/b/x/' | tr a-z A-Z", "AXC\n", 0),
        ("echo 'a b c' | awk '{print $2, $NF}'", "b c\n", 0),
        ("seq 3 | grep -v 2 | sort -r", "3\n1\n", 0),
        ("yes | head -2", "y\ny\n", 0),
        (
            "x=5; [ \"$x\" -gt 3 ] && [ -n \"$x\" ] && test ! -e /no && echo ok",
            "ok\n",
            0,
        ),
        ("[[ abc == a* ]] && echo m", "m\n", 0),
        ("echo -en 'a\\tb\\n'", "a\tb\n", 0),
        ("echo a && (sleep 1; echo b) & wait; echo c", "a\nb\nc\n", 0),
        ("exec echo done", "done\n", 0),
        ("x=1 env | grep ^x=", "x=1\n", 0),
        ("export A=b; sh -c 'echo $A'", "b\n", 0),
        ("f() { local v=2; echo $v; }; v=1; f; echo $v", "2\n1\n", 0),
        ("timeout 1 sleep 5; echo $?", "!Terminated\n143\n", 0),
        ("kill -9 1; kill -TERM 1; echo alive", "alive\n", 0),
        ("sh -c 'kill -9 $$'; echo $?", "!Killed\n137\n", 0),
        (
            "for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; [ $i = 3 ] && break; done",
            "1\n3\n",
            0,
        ),
        ("echo $0 $$", "sh 1\n", 0),
        ("printf 'no newline'", "no newline", 0),
        ("echo a | xargs echo b", "b a\n", 0),
        ("basename /a/b.c .c; dirname /a/b.c; expr 1 + 2", "b\n/a\n3\n", 0),
        ("a=1; (a=3; echo $a); echo $a", "3\n1\n", 0),
        ("echo \"a${x+set}b\"; x=; echo \"a${x+set}b${x:+no}\"", "ab\nasetb\n", 0),
        ("ls /nope", "!ls: /nope: No such file or directory\n", 1),
        ("echo $(foo); echo $?", "!sh: foo: not found\n\n0\n", 0),
        ("cat file 2>/dev/null && echo y || echo n", "n\n", 0),
        (
            "echo > /dev/stderr err; echo x > /dev/null; echo y > /proc/1/fd/1",
            "!err\ny\n",
            0,
        ),
        ("while getopts ab: o -a -b 3; do echo $o $OPTARG; done", "a\nb 3\n", 0),
        ("echo /tmp/nothing*", "/tmp/nothing*\n", 0),
        ("#!/bin/sh\n# comment\necho a # b\n", "a\n", 0),
        ("echo a; # c\n\n\necho b &&\n  echo c |\n cat", "a\nb\nc\n", 0),
        (
            "if [ -d /tmp ]; then echo d; elif true; then echo e; else echo f; fi",
            "d\n",
            0,
        ),
        ("trap", "", 0),
        ("x='a b'; [ \"$x\" = 'a b' ] && echo q", "q\n", 0),
        ("sleep x", "!sleep: invalid number 'x'\n", 1),
        ("echo $((0x1F + 010)) $(( 5 > 3 ? 7 : 8 ))", "39 7\n", 0),
        (
            "cp /etc/passwd /tmp/p && mv /tmp/p /tmp/q && ln -s /tmp/q /tmp/l && head -1 /tmp/l | cut -d: -f1",
            "root\n",
            0,
        ),
    ] {
        let inside = run(script, 30);
        assert_eq!(output(&inside), out, "{script}");
        assert_eq!(inside.exited().map(|e| e.code), Some(code), "{script}");
    }
}

#[test]
fn every_shell_has_its_own_words() {
    for (image, shell, script, out, code) in [
        ("debian", "sh", "foo", "!sh: 1: foo: not found\n", 127),
        ("debian", "bash", "foo", "!bash: line 1: foo: command not found\n", 127),
        (
            "debian",
            "bash",
            "echo x\nfoo",
            "x\n!bash: line 2: foo: command not found\n",
            127,
        ),
        (
            "nginx",
            "sh",
            "cat nofile",
            "!cat: nofile: No such file or directory\n",
            1,
        ),
        ("debian", "sh", "cd /nodir", "!sh: 1: cd: can't cd to /nodir\n", 2),
        ("debian", "sh", "echo -e 'a\\tb'", "-e a\tb\n", 0),
        ("debian", "bash", "echo {1..3} a{b,c}d", "1 2 3 abd acd\n", 0),
        (
            "debian",
            "bash",
            "[[ web-12 =~ -([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}; for ((i=0;i<2;i++)); do echo $i; done",
            "12\n0\n1\n",
            0,
        ),
        (
            "debian",
            "sh",
            "if",
            "!sh: 1: Syntax error: end of file unexpected (expecting \"then\")\n",
            2,
        ),
        (
            "debian",
            "bash",
            "x=abcdef; echo ${x:1:2} ${x/c/Z} ${x^^}",
            "bc abZdef ABCDEF\n",
            0,
        ),
        ("debian", "bash", "set -o pipefail; false | true; echo $?", "1\n", 0),
    ] {
        let inside = run_in(image, shell, script, 10);
        assert_eq!(output(&inside), out, "{image} {script}");
        assert_eq!(inside.exited().map(|e| e.code), Some(code), "{image} {script}");
    }
}

#[test]
fn time_passes_in_scripts() {
    for (script, until, lines, end) in [
        (
            "echo a; sleep 2; echo b; sleep 3; exit 4",
            10,
            &["0:a", "2:b"][..],
            Some((5, 4)),
        ),
        (
            "touch /tmp/live; sleep 60; rm -rf /tmp/live; sleep 3600",
            4000,
            &[],
            Some((3660, 0)),
        ),
        (
            "until nslookup myservice >/dev/null 2>&1; do echo waiting; sleep 2; done",
            5,
            &["0:waiting", "2:waiting", "4:waiting"],
            None,
        ),
        (
            "sleep 2 & sleep 1; echo x; wait; echo y",
            9,
            &["1:x", "2:y"],
            Some((2, 0)),
        ),
        (
            "(sleep 3; echo late) & echo now; wait",
            9,
            &["0:now", "3:late"],
            Some((3, 0)),
        ),
        (
            "for i in 1 2 3; do echo $i; sleep 1; done | cat",
            9,
            &["0:1", "1:2", "2:3"],
            Some((3, 0)),
        ),
        ("x=$(sleep 2; echo v); echo $x", 9, &["2:v"], Some((2, 0))),
        ("sleep 1.5; sleep 0.5; echo k", 9, &["2:k"], Some((2, 0))),
        ("sleep infinity", 100_000, &[], None),
        (
            "for x in 1 2; do echo $x >> /l; sleep 2; done & tail -f /l",
            8,
            &["0:1", "3:2"],
            None,
        ),
        (
            "read -t 2 x < /dev/null; sleep 1 | read -t 3 y; echo $?",
            8,
            &["1:1"],
            Some((1, 0)),
        ),
    ] {
        let inside = run(script, until);
        let lines_seen: Vec<String> = inside
            .logs()
            .iter()
            .map(|l| format!("{}:{}", near(l.at), l.text))
            .collect();
        assert_eq!(lines_seen, lines, "{script}");
        assert_eq!(inside.exited().map(|e| (near(e.at), e.code)), end, "{script}");
    }
}

#[test]
fn a_script_costs_what_a_real_one_costs() {
    let inside = run(
        "n=$(cat /d/n 2>/dev/null || echo 0); n=$((n+1)); mkdir /d; echo $n >/d/n; sleep 1; [ $n -ge 3 ]",
        5,
    );
    let took = inside.exited().unwrap().at;
    assert!((1_001..1_020).contains(&took.millis()), "{took}");
}

#[test]
fn signals_reach_what_a_real_container_lets_them_reach() {
    for (script, signal, end) in [
        // PID 1 without a handler ignores the signal.
        ("sleep 20; exit 5", Signal::TERM, (20, 5)),
        ("sleep 20", Signal::TERM, (20, 0)),
        ("sleep 20; exit 5", Signal::KILL, (10, 137)),
        // A trap runs when the foreground command has ended.
        ("trap 'exit 3' TERM; sleep 20; exit 5", Signal::TERM, (20, 3)),
        // `wait` is interrupted.
        ("trap 'exit 3' TERM; sleep 20 & wait", Signal::TERM, (10, 3)),
        ("trap : TERM INT; sleep 20 & wait; echo after", Signal::TERM, (10, 0)),
        ("trap : TERM INT; sleep infinity & wait", Signal::TERM, (10, 143)),
        ("trap '' TERM; sleep 20 & wait", Signal::TERM, (20, 0)),
        (
            "trap 'sleep 4; exit 0' TERM; while :; do sleep 1; done",
            Signal::TERM,
            (14, 0),
        ),
        (
            "trap 'kill $P' TERM; sleep 100 & P=$!; wait $P; wait $P",
            Signal::TERM,
            (10, 143),
        ),
        (
            "_term() { echo bye; exit 0; }; trap _term SIGTERM; while true; do sleep 1; done",
            Signal::TERM,
            (10, 0),
        ),
    ] {
        let mut inside = run(script, 9);
        inside.signal(Instant::from_millis(9_900), signal, &mut Nothing);
        inside.poll(Instant::from_secs(30), &mut Nothing);
        assert_eq!(inside.exited().map(|e| (near(e.at), e.code)), Some(end), "{script}");
    }
}

#[test]
fn a_loop_without_end_is_bounded_and_told() {
    for script in [
        "while :; do :; done",
        "while true; do date >/dev/null; done",
        "f() { f; }; f",
        "yes >/dev/null",
        "f() { f | f & }; f; sleep 999",
    ] {
        let inside = run(script, 600);
        let told = inside
            .notes()
            .iter()
            .any(|n| n.text.contains("spins") || n.text.contains("deep") || n.text.contains("64"));
        assert!(told || script.starts_with("yes"), "{script}: {:?}", inside.notes());
    }
}
