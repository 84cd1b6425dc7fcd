//! Whatever a script says: no panic, and one jump gives what many small steps give.

use podscope::time::{Duration, Instant};
use podscope::world::{Inside, Nothing, Signal, StartSpec};
use proptest::prelude::*;

/// Pieces that scripts are put together from: right ones and wrong ones.
const PIECES: [&str; 88] = [
    "echo a",
    "sleep 1",
    "sleep 0.3",
    "true",
    "false",
    ";",
    "\n",
    "&&",
    "||",
    "|",
    "&",
    "(",
    ")",
    "{",
    "}",
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "while",
    "until",
    "do",
    "done",
    "for i in 1 2 3",
    "case x in",
    "x)",
    "*)",
    ";;",
    "esac",
    "$(",
    "`",
    "\"",
    "'",
    "$x",
    "${x:-y}",
    "${x#*a}",
    "$((x+1))",
    "$((",
    "))",
    "x=1",
    "x=$x$x",
    "> /tmp/f",
    ">> /tmp/f",
    "< /tmp/f",
    "2>&1",
    "<<E\nhere $x\nE\n",
    "f() {",
    "f",
    "return 2",
    "exit 3",
    "break",
    "continue",
    "set -e",
    "set -u",
    "set -x",
    "trap 'echo t' TERM EXIT",
    "trap '' INT",
    "kill $$",
    "kill -9 $!",
    "wait",
    "wait $!",
    "exec",
    "eval",
    "read v",
    "cat",
    "grep a",
    "sed s/a/b/",
    "awk '{print $1}'",
    "head -1",
    "tail -f /tmp/f",
    "yes",
    "seq 5",
    "xargs",
    "timeout 1",
    "env",
    "nc -l -p 80",
    "nslookup x",
    "ls -la /",
    "rm -rf /",
    "cd /tmp",
    "printf '%s %d'",
    "test -e /tmp/f",
    "[ a = a ]",
    "[[ a =~ (b*)* ]]",
    "local y=2",
    "shift",
    "! ",
];

fn script() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => "[ -~\n]{0,6}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.join(" "))
}

fn start(shell: &str, script: &str) -> Option<Inside> {
    let image = if shell == "bash" { "debian" } else { "busybox" };
    let reference = podscope::world::Reference::parse(image).ok()?;
    let spec = StartSpec {
        argv: vec![shell.to_owned(), "-c".to_owned(), script.to_owned()],
        image: podscope::world::ImageProfile::of(&reference).into(),
        ..StartSpec::default()
    };
    Inside::start(spec, Instant::ZERO, &mut Nothing).ok()
}

/// Everything that can be seen from outside.
fn seen(inside: &Inside) -> String {
    format!(
        "{:?} {:?} {:?} {:?}",
        inside.logs(),
        inside.exited(),
        inside.notes(),
        inside.processes()
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_jump_is_many_small_steps(script in script(), bash in any::<bool>(), steps in prop::collection::vec(0_i64..900, 1..30)) {
        let shell = if bash { "bash" } else { "sh" };
        let (Some(mut jump), Some(mut walk)) = (start(shell, &script), start(shell, &script)) else {
            return Ok(());
        };
        let end = Instant::from_secs(8);
        let term = Instant::from_secs(5);
        jump.signal(term, Signal::TERM, &mut Nothing);
        jump.poll(end, &mut Nothing);
        let mut at = Instant::ZERO;
        for step in steps.iter().cycle().take(2_000) {
            let next = at + Duration::from_millis(*step);
            if next >= end {
                break;
            }
            if at < term && next >= term {
                walk.signal(term, Signal::TERM, &mut Nothing);
            }
            // A copy goes its own way and must not disturb the original.
            let mut copy = walk.clone();
            copy.poll(next + Duration::from_secs(1), &mut Nothing);
            walk.poll(next, &mut Nothing);
            if let Some(due) = walk.poll_at() {
                prop_assert!(due > next);
            }
            at = next;
        }
        if at < term {
            walk.signal(term, Signal::TERM, &mut Nothing);
        }
        walk.poll(end, &mut Nothing);
        prop_assert_eq!(seen(&jump), seen(&walk));
    }

    #[test]
    fn no_text_is_too_odd(script in "\\PC{0,60}", words in "[ -~\n\t]{0,120}") {
        for text in [script, words] {
            for shell in ["sh", "bash"] {
                if let Some(mut inside) = start(shell, &text) {
                    inside.poll(Instant::from_secs(3), &mut Nothing);
                }
            }
        }
    }

    #[test]
    fn no_command_line_is_too_odd(tool in 0_usize..40, args in prop::collection::vec("[-a-z0-9./:*{}$=%+ \\\\]{0,6}|-[a-zA-Z]{1,3}|/tmp|9999999999999999999", 0..5)) {
        const TOOLS: [&str; 40] = [
            "echo", "printf", "cat", "head", "tail", "wc", "tr", "cut", "tee", "seq", "sort", "uniq", "grep", "sed", "awk",
            "expr", "test", "basename", "dirname", "touch", "rm", "mkdir", "cp", "mv", "ln", "chmod", "dd", "ls", "find",
            "stat", "date", "env", "timeout", "xargs", "ps", "kill", "killall", "wget", "nc", "sleep",
        ];
        let Some(mut inside) = start("sh", "echo x > /tmp/x; sleep 100") else {
            return Ok(());
        };
        let mut argv = vec![TOOLS[tool].to_owned()];
        argv.extend(args);
        let _ = inside.exec(Instant::from_secs(1), &argv, &mut Nothing);
        inside.poll(Instant::from_secs(20), &mut Nothing);
    }
}

#[test]
fn deep_nesting_ends() {
    for open in [
        "(",
        "{ ",
        "$(",
        "`",
        "${x:-",
        "$((",
        "if ",
        "while ",
        "case x in x) ",
        "f() ",
        "! ",
        "\"$(",
        "[[ ( ",
        "((",
        "<<E\n$(",
    ] {
        for shell in ["sh", "bash"] {
            let script = format!("echo {}", open.repeat(20_000));
            for script in [script, open.repeat(20_000)] {
                if let Some(mut inside) = start(shell, &script) {
                    inside.poll(Instant::from_secs(2), &mut Nothing);
                }
            }
        }
    }
}
