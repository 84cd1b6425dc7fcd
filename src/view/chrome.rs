//! The run as a trace of Chrome's JSON format, which Perfetto and `chrome://tracing` open: a process for each Pod, a
//! thread for each lane.

use std::fmt::Write;

use super::timeline::Timeline;
use super::words::Lang;
use super::{lanes, why};
use crate::time::Instant;
use crate::trace::{EntryId, LaneId, TraceLog};

/// Text as a JSON string.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The process of a lane: its Pod's lane, else the lane's own root.
fn process(log: &TraceLog, lane: LaneId) -> u32 {
    lanes::pod_of(log, lane)
        .or_else(|| lanes::outwards(log, lane).last())
        .map_or(0, |id| id.0)
}

/// The whole run up to `now`. Slices that are still open end there.
pub fn chrome(log: &TraceLog, timeline: &Timeline, now: Instant, lang: Lang) -> String {
    let mut events: Vec<String> = Vec::with_capacity(log.entries().len() + log.lanes().len());
    for (order, placed) in timeline.order(log).iter().enumerate() {
        let (lane, pid) = (placed.lane, process(log, placed.lane));
        let label = string(&lanes::whole_label(log, timeline, lane, lang));
        if lane.0 == pid {
            events.push(format!(
                "{{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":{pid},\"args\":{{\"name\":{label}}}}}"
            ));
        }
        for (name, value) in [
            ("thread_name", format!("\"name\":{label}")),
            ("thread_sort_index", format!("\"sort_index\":{order}")),
        ] {
            events.push(format!(
                "{{\"ph\":\"M\",\"name\":\"{name}\",\"pid\":{pid},\"tid\":{},\"args\":{{{value}}}}}",
                lane.0
            ));
        }
    }
    for (index, entry) in log.entries().iter().enumerate().filter(|(_, e)| e.at <= now) {
        let id = EntryId(u32::try_from(index).unwrap_or(u32::MAX));
        let name = string(&why::said(log, entry, lang));
        let sentence = why::explain(log, id, lang)
            .map(|(_, sentence)| sentence)
            .unwrap_or_default();
        let (pid, tid, at) = (process(log, entry.lane), entry.lane.0, entry.at.micros());
        let args = format!("\"args\":{{\"why\":{}}}", string(&sentence));
        let lane = format!("\"pid\":{pid},\"tid\":{tid},\"ts\":{at}");
        if entry.slice {
            let end = entry.end.unwrap_or(now).max(entry.at).min(now.max(entry.at));
            let span = (end - entry.at).micros();
            events.push(format!("{{\"ph\":\"X\",\"name\":{name},{lane},\"dur\":{span},{args}}}"));
        } else {
            events.push(format!("{{\"ph\":\"i\",\"s\":\"t\",\"name\":{name},{lane},{args}}}"));
        }
    }
    format!(
        "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n",
        events.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::story::story;

    #[test]
    fn a_trace_is_json_with_every_entry() {
        let (log, _) = story();
        let timeline = Timeline::of(&log);
        let text = chrome(&log, &timeline, Instant::from_secs(120), Lang::En);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let events = value["traceEvents"].as_array().unwrap();
        let told = events.iter().filter(|e| e["ph"] != "M").count();
        assert_eq!(told, log.entries().len());
        assert!(events.iter().all(|e| e["ph"] != "X" || e["dur"].as_i64().unwrap() >= 0));
        assert_eq!(string("a\"\\\n\u{1}"), "\"a\\\"\\\\\\n\\u0001\"");
    }
}
