//! Tools that tell about the system: date, hostname, uname, id, uptime, the environment.

use super::super::kernel::{Cx, Step};
use super::Args;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const LONG_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Year, month (from 1) and day of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let part = (5 * in_year + 2) / 153;
    let month = if part < 10 { part + 3 } else { part - 9 };
    (
        year + era * 400 + i64::from(month <= 2),
        month,
        in_year - (153 * part + 2) / 5 + 1,
    )
}

/// Days from 1970-01-01 to a date.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, in_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468
}

fn pick(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|i| names.get(i))
        .copied()
        .unwrap_or("")
}

/// A moment as `date` prints it with a `+FORMAT`, in UTC.
pub fn format_date(format: &str, unix: i64) -> String {
    let (days, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let (y, m, d) = civil(days);
    let weekday = (days + 4).rem_euclid(7);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let mut out = String::new();
    let mut chars = format.trim_start_matches('+').chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut letter = chars.next();
        while matches!(letter, Some('-' | '_' | '3' | '6' | '9')) {
            letter = chars.next();
        }
        let text = match letter {
            Some('Y') => format!("{y:04}"),
            Some('y') => format!("{:02}", y.rem_euclid(100)),
            Some('m') => format!("{m:02}"),
            Some('d') => format!("{d:02}"),
            Some('e') => format!("{d:2}"),
            Some('H') => format!("{hour:02}"),
            Some('I') => format!("{:02}", (hour + 11) % 12 + 1),
            Some('M') => format!("{minute:02}"),
            Some('S') => format!("{second:02}"),
            Some('p') => (if hour < 12 { "AM" } else { "PM" }).to_owned(),
            Some('s') => unix.to_string(),
            Some('N') => "000000000".to_owned(),
            Some('F') => format!("{y:04}-{m:02}-{d:02}"),
            Some('T') => format!("{hour:02}:{minute:02}:{second:02}"),
            Some('R') => format!("{hour:02}:{minute:02}"),
            Some('D') => format!("{m:02}/{d:02}/{:02}", y.rem_euclid(100)),
            Some('a') => pick(&DAYS, weekday).to_owned(),
            Some('A') => pick(&LONG_DAYS, weekday).to_owned(),
            Some('b' | 'h') => pick(&MONTHS, m - 1).to_owned(),
            Some('B') => pick(&LONG_MONTHS, m - 1).to_owned(),
            Some('j') => format!("{:03}", days - days_of(y, 1, 1) + 1),
            Some('u') => (if weekday == 0 { 7 } else { weekday }).to_string(),
            Some('w') => weekday.to_string(),
            Some('Z') => "UTC".to_owned(),
            Some('z') => "+0000".to_owned(),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('c') => format_date("%a %b %e %H:%M:%S %Y", unix),
            Some('%') => "%".to_owned(),
            Some(other) => format!("%{other}"),
            None => "%".to_owned(),
        };
        out.push_str(&text);
    }
    out
}

/// A moment as `ls -l` prints it.
pub fn stamp(unix: i64) -> String {
    format_date("%b %e %H:%M", unix)
}

/// Reads `@123`, `2026-01-01 10:00:00` and RFC 3339.
fn parse_date(text: &str) -> Option<i64> {
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let mut parts = date.splitn(3, '-').map(|p| p.parse::<i64>().ok());
    let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9_999).contains(&y) || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
        return None;
    }
    let clock: String = clock.chars().take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let mut parts = clock.split(':').map(|p| p.parse::<i64>().unwrap_or(0).clamp(0, 60));
    let (hour, minute, second) = (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    );
    Some(days_of(y, m, d) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// `date`.
pub fn date(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "dr");
    let unix = match args.value("d").or(args.value("date")) {
        None | Some("now") => cx.around.unix(cx.at),
        Some(text) => match parse_date(text) {
            Some(unix) => unix,
            None => {
                super::complain(
                    cx,
                    "date",
                    &format!("invalid date '{text}'"),
                    &format!("invalid date '{text}'"),
                );
                return Step::Exit(1);
            }
        },
    };
    let plain = "%a %b %e %H:%M:%S UTC %Y";
    let format = args
        .rest
        .iter()
        .find(|a| a.starts_with('+'))
        .map_or(plain, String::as_str);
    let format = match (args.has("I"), args.long("iso-8601"), args.has("R")) {
        (true, _, _) | (_, true, _) => "%Y-%m-%d",
        (_, _, true) => "%a, %d %b %Y %H:%M:%S +0000",
        _ => format,
    };
    // Nanoseconds are asked for to tell moments apart.
    let micros = cx.at.micros().rem_euclid(1_000_000);
    let format = format
        .replace("%3N", &format!("{:03}", micros / 1_000))
        .replace("%N", &format!("{:09}", micros * 1_000));
    cx.out(&format!("{}\n", format_date(&format, unix)));
    Step::Exit(0)
}

/// `hostname`.
pub fn hostname(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "F");
    let name = cx.k.spec.hostname.clone();
    let text = if args.has("iI") {
        cx.around.resolve(&name).unwrap_or_else(|| "127.0.0.1".to_owned())
    } else {
        name
    };
    cx.out(&format!("{text}\n"));
    Step::Exit(0)
}

/// `uname`.
pub fn uname(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let host = cx.k.spec.hostname.clone();
    let text = if args.has("a") {
        format!("Linux {host} 6.6.0 #1 SMP x86_64 GNU/Linux")
    } else if args.has("r") {
        "6.6.0".to_owned()
    } else if args.has("m") {
        "x86_64".to_owned()
    } else if args.has("n") {
        host
    } else {
        "Linux".to_owned()
    };
    cx.out(&format!("{text}\n"));
    Step::Exit(0)
}

/// `id`.
pub fn id(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let name = args.has("n");
    let (uid, user) = user(cx);
    let text = match (args.has("u"), args.has("gG"), uid) {
        (true, _, _) => {
            if name {
                user
            } else {
                uid.to_string()
            }
        }
        (_, true, _) => (if name { "root" } else { "0" }).to_owned(),
        (_, _, 0) => "uid=0(root) gid=0(root) groups=0(root)".to_owned(),
        _ if user == uid.to_string() => format!("uid={uid} gid=0(root) groups=0(root)"),
        _ => format!("uid={uid}({user}) gid=0(root) groups=0(root)"),
    };
    cx.out(&format!("{text}\n"));
    Step::Exit(0)
}

/// `whoami`.
pub fn whoami(cx: &mut Cx, _: &[String]) -> Step {
    let (uid, name) = user(cx);
    if name == uid.to_string() {
        super::complain(
            cx,
            "whoami",
            &format!("unknown uid {uid}"),
            &format!("cannot find name for user ID {uid}"),
        );
        return Step::Exit(1);
    }
    cx.out(&format!("{name}\n"));
    Step::Exit(0)
}

/// The user's number and name; the number again when `/etc/passwd` has none.
fn user(cx: &Cx) -> (i64, String) {
    let uid = cx.k.spec.uid;
    let named =
        cx.k.spec
            .image
            .line
            .get("user")
            .filter(|user| user.parse::<i64>().is_err());
    let name = match uid {
        0 => "root".to_owned(),
        65_534 => "nobody".to_owned(),
        1_000 => named.map_or("1000".to_owned(), str::to_owned),
        other => other.to_string(),
    };
    (uid, name)
}

/// `nproc`.
pub fn nproc(cx: &mut Cx, _: &[String]) -> Step {
    cx.out("4\n");
    Step::Exit(0)
}

/// `uptime`.
pub fn uptime(cx: &mut Cx, _: &[String]) -> Step {
    let unix = cx.around.unix(cx.at);
    cx.out(&format!(
        " {} up 0 min,  load average: 0.00, 0.00, 0.00\n",
        format_date("%H:%M:%S", unix)
    ));
    Step::Exit(0)
}

/// `free`.
pub fn free(cx: &mut Cx, _: &[String]) -> Step {
    cx.out("              total        used        free      shared  buff/cache   available\nMem:        8388608     1048576     6291456           0     1048576     7340032\nSwap:             0           0           0\n");
    Step::Exit(0)
}

/// `pwd`.
pub fn pwd(cx: &mut Cx, _: &[String]) -> Step {
    let cwd = cx.path(".");
    cx.out(&format!("{cwd}\n"));
    Step::Exit(0)
}

/// `printenv`.
pub fn printenv(cx: &mut Cx, argv: &[String]) -> Step {
    let names = argv.get(1..).unwrap_or(&[]);
    if names.is_empty() {
        return environment(cx);
    }
    let mut code = 0;
    for name in names {
        match cx.env(name).map(str::to_owned) {
            Some(value) => {
                cx.out(&format!("{value}\n"));
            }
            None => code = 1,
        }
    }
    Step::Exit(code)
}

/// Prints the environment: first in the order the container got it, then what was added.
pub(super) fn environment(cx: &mut Cx) -> Step {
    let Some(env) = cx.me().map(|p| p.env.clone()) else {
        return Step::Exit(1);
    };
    let mut lines = Vec::new();
    let mut seen = crate::map::Set::new();
    for name in cx.k.env_order.iter() {
        if let Some(value) = env.get(name)
            && seen.insert(name.clone())
        {
            lines.push(format!("{name}={value}\n"));
        }
    }
    for (name, value) in env.iter().filter(|(n, _)| !seen.contains(*n)) {
        lines.push(format!("{name}={value}\n"));
    }
    cx.out(&lines.concat());
    Step::Exit(0)
}

/// The files of `/proc` that scripts read.
pub(super) fn proc_file(cx: &Cx, path: &str) -> Option<String> {
    let rest = path.strip_prefix("/proc/")?;
    match rest {
        "uptime" => Some(format!("{}.00 0.00\n", cx.at.secs())),
        "loadavg" => Some("0.00 0.00 0.00 1/100 1\n".to_owned()),
        "cpuinfo" => Some("processor\t: 0\nprocessor\t: 1\nprocessor\t: 2\nprocessor\t: 3\n".to_owned()),
        "meminfo" => Some("MemTotal:        8388608 kB\nMemFree:         6291456 kB\n".to_owned()),
        "mounts" | "self/mounts" => Some("overlay / overlay rw 0 0\n".to_owned()),
        _ => {
            let (pid, file) = rest.split_once('/')?;
            let pid = if pid == "self" { cx.pid } else { pid.parse().ok()? };
            let process = cx.k.processes.get(&pid)?;
            match file {
                "cmdline" => Some(process.argv.iter().map(|a| format!("{a}\0")).collect()),
                "comm" => Some(format!(
                    "{}\n",
                    process.argv.first().map_or("", |a| a.rsplit('/').next().unwrap_or(a))
                )),
                "status" => {
                    let name = process.argv.first().map_or("", |a| a.rsplit('/').next().unwrap_or(a));
                    let (ppid, uid) = (process.ppid, cx.k.spec.uid);
                    let state = if pid == cx.pid { "R (running)" } else { "S (sleeping)" };
                    Some(format!(
                        "Name:\t{name}\nUmask:\t0022\nState:\t{state}\nTgid:\t{pid}\nNgid:\t0\nPid:\t{pid}\nPPid:\t{ppid}\n\
                         TracerPid:\t0\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t0\t0\t0\t0\nThreads:\t1\n"
                    ))
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{format_date, parse_date};

    #[test]
    fn dates() {
        let t = 1_767_225_600;
        assert_eq!(format_date("+%Y-%m-%dT%H:%M:%SZ", t), "2026-01-01T00:00:00Z");
        assert_eq!(
            format_date("%a %b %e %H:%M:%S UTC %Y", t),
            "Thu Jan  1 00:00:00 UTC 2026"
        );
        assert_eq!(format_date("%j %s %%", t + 86_400), "002 1767312000 %");
        assert_eq!(parse_date("2026-01-01 00:00:05"), Some(t + 5));
        assert_eq!(parse_date("@7"), Some(7));
        assert_eq!(parse_date("soon"), None);
    }
}
