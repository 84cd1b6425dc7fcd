//! The timeline as a table of words: what a screen reader reads, and what one searches.

use super::boundary::TableRow;
use super::lanes;
use super::why;
use super::words::Lang;
use crate::time::Instant;
use crate::trace::{LaneId, LaneKind, TraceLog};

/// More rows than this are never made; the earliest are kept.
pub const MAX_ROWS: usize = 5_000;

/// A lane in words, with what it belongs to: `Pod web, web, liveness 3 × 5 s`. The name of a Pod or of a workload says
/// whose it is.
pub fn lane_words(log: &TraceLog, lane: LaneId, lang: Lang) -> String {
    let mut whole = false;
    let up_to_name = |id: &LaneId| {
        let kind = log.lanes().get(id.0 as usize).map(|l| l.kind);
        let go_on = !whole;
        whole = matches!(kind, Some(LaneKind::Pod | LaneKind::Workload(_)));
        go_on
    };
    let mut parts: Vec<_> = lanes::outwards(log, lane)
        .take_while(up_to_name)
        .filter_map(|id| log.lanes().get(id.0 as usize))
        .map(|l| lang.lane(l.kind, &l.name, None, None))
        .collect();
    parts.reverse();
    parts.join(", ")
}

/// The rows of everything that had begun at `until`, in order of time.
pub fn rows(log: &TraceLog, until: Instant, lang: Lang) -> Vec<TableRow> {
    // Rows of one lane share their words, and most entries lie on few lanes.
    let words: Vec<_> = (0..log.lanes().len())
        .map(|i| lane_words(log, LaneId(i as u32), lang))
        .collect();
    log.entries()
        .iter()
        .enumerate()
        .take_while(|(_, entry)| entry.at <= until)
        .take(MAX_ROWS)
        .map(|(i, entry)| TableRow {
            id: i as u32,
            at_us: entry.at.micros() as f64,
            end_us: entry.end.filter(|_| entry.slice).map(|end| end.micros() as f64),
            lane: words.get(entry.lane.0 as usize).cloned().unwrap_or_default(),
            text: why::said(log, entry, lang),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::story::story;

    #[test]
    fn everything_that_has_begun_has_a_row() {
        let (log, kill) = story();
        let all = rows(&log, Instant::from_secs(1_000), Lang::En);
        assert_eq!(all.len(), log.entries().len());
        assert!(all.iter().all(|r| !r.text.is_empty() && !r.lane.is_empty()));
        let row = all.iter().find(|r| r.id == kill.0);
        assert_eq!(
            row.map(|r| (r.lane.as_str(), r.text.as_str())),
            Some(("Pod web, web, termination", "SIGTERM to web"))
        );
        assert!(rows(&log, Instant::from_secs(-1), Lang::En).is_empty());
    }
}
