//! The main moments of a run as a Markdown table, and in one sentence for those who do not see the figure.

use std::fmt::Write;

use super::lanes;
use super::layout::style::{Style, style_of};
use super::why;
use super::words::Lang;
use super::words::time::clock;
use crate::sort;
use crate::time::Instant;
use crate::trace::{Entry, EntryId, LaneKind, TraceLog, What};

/// A table with more rows than this leaves out the middle.
const MAX_ROWS: usize = 60;

/// Moments named in the summary.
const SUMMARY: usize = 14;

/// Whether an entry is one of the moments a reader wants to know: what people did, what kubectl would have shown, and
/// what made it so. Of Pods that a workload owns only what went wrong: its counts tell of the rest.
fn is_main(log: &TraceLog, entry: &Entry) -> bool {
    let Some(lane) = log.lanes().get(entry.lane.0 as usize) else {
        return false;
    };
    let above = lane.parent.and_then(|p| log.lanes().get(p.0 as usize));
    let owned = lanes::pod_of(log, entry.lane)
        .and_then(|pod| log.lanes().get(pod.0 as usize)?.parent)
        .is_some();
    match &entry.what {
        What::Step(_) => true,
        What::Status { .. } if owned => matches!(style_of(lane.kind, &entry.what), Style::Failed | Style::Waiting),
        What::Object(_) | What::Signal(_) | What::ProbeVerdict { .. } | What::Condition { .. } if owned => false,
        What::Ended { code, .. } if owned => *code != 0,
        What::Status { .. } | What::Object(_) | What::Signal(_) | What::Ended { .. } | What::Scaled { .. } => true,
        What::ProbeVerdict { success, .. } => !success,
        What::Counts(_) => above.is_none(),
        What::Condition { .. } => match above {
            Some(above) if matches!(above.kind, LaneKind::Workload(_)) => above.parent.is_none(),
            _ => lane.kind == LaneKind::Condition && &*lane.name == "Ready",
        },
        _ => false,
    }
}

/// The main moments, in order of time.
pub fn moments(log: &TraceLog) -> Vec<EntryId> {
    let mut list: Vec<_> = log
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| is_main(log, entry))
        .map(|(i, entry)| (entry.at, EntryId(i as u32)))
        .collect();
    sort::sort(&mut list);
    list.into_iter().map(|(_, id)| id).collect()
}

/// Escapes text for a cell of a table. The text is shown as it is: neither markup nor HTML.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// The main moments as a Markdown table.
pub fn markdown(log: &TraceLog, title: &str, now: Instant, lang: Lang) -> String {
    let fixed = lang.fixed();
    let mut out = String::new();
    if !title.is_empty() {
        let _ = write!(out, "**{}**\n\n", cell(title));
    }
    let [from, _, lane, what] = fixed.columns;
    let _ = write!(out, "| {from} | {lane} | {what} |\n|---:|---|---|\n");
    let all: Vec<_> = moments(log)
        .into_iter()
        .filter(|id| log.get(*id).is_some_and(|e| e.at <= now))
        .collect();
    let skip = if all.len() > MAX_ROWS {
        MAX_ROWS / 2..all.len() - MAX_ROWS / 2
    } else {
        0..0
    };
    for (i, id) in all.iter().enumerate() {
        if skip.contains(&i) {
            if i == skip.start {
                let words = fixed.left_out.replace("{n}", &skip.len().to_string());
                let _ = writeln!(out, "| … | | {} |", cell(&words));
            }
            continue;
        }
        let Some(entry) = log.get(*id) else { continue };
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            clock(entry.at),
            cell(&super::table::lane_words(log, entry.lane, lang)),
            cell(&why::said(log, entry, lang))
        );
    }
    out
}

/// The story in one line, for the description of the figure.
pub fn summary(log: &TraceLog, lang: Lang) -> String {
    let mut out = String::new();
    let all = moments(log);
    for (n, id) in all.iter().take(SUMMARY).enumerate() {
        let Some(entry) = log.get(*id) else { continue };
        if n > 0 {
            out.push_str("; ");
        }
        let _ = write!(out, "{}: {}", clock(entry.at), why::said(log, entry, lang));
    }
    if all.len() > SUMMARY {
        let words = lang.fixed().left_out.replace("{n}", &(all.len() - SUMMARY).to_string());
        let _ = write!(out, "; {words}");
    }
    if !out.is_empty() {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::story::story;

    #[test]
    fn the_story_as_a_table() {
        let (log, _) = story();
        insta::assert_snapshot!(markdown(&log, "Liveness kills", Instant::from_secs(120), Lang::En));
        insta::assert_snapshot!(summary(&log, Lang::En));
    }

    #[test]
    fn of_a_rollout_the_counts_are_told_and_not_every_pod() {
        let (log, _) = crate::view::rollout::rollout();
        insta::assert_snapshot!(markdown(&log, "", Instant::from_secs(120), Lang::En));
    }

    #[test]
    fn cells_are_plain_text() {
        assert_eq!(cell("a|b <i>*x*</i>\n"), "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt; ");
        let empty = TraceLog::new();
        assert_eq!(summary(&empty, Lang::En), "");
        assert_eq!(markdown(&empty, "", Instant::ZERO, Lang::En).lines().count(), 2);
    }
}
