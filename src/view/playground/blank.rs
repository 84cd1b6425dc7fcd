//! A run in which nothing happens: what stands in for a simulator where there is none.

use super::{Found, Reached, RunInfo, Source};
use crate::manifest::Diagnostic;
use crate::time::Instant;
use crate::trace::{Field, TraceLog};
use crate::view::boundary::{ConsoleRow, EventRow, LinkContent, LookRow, ObjectRef, ServiceRow, WatchTail};
use crate::view::origin::Origin;

/// A run without objects, done before it begins.
#[derive(Clone, Debug, Default)]
pub struct Blank {
    log: TraceLog,
}

impl Source for Blank {
    fn set_text(&mut self, _text: &str, _seed: u64) {}

    fn advance(&mut self, _max_events: u32) -> Reached {
        Reached {
            done: true,
            ..Reached::default()
        }
    }

    fn info(&self) -> RunInfo {
        RunInfo::default()
    }

    fn trace(&self) -> &TraceLog {
        &self.log
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &[]
    }

    fn find(&self, _origin: Option<&Origin<'_>>, _field: &Field) -> Option<Found> {
        None
    }

    fn tick(&mut self, target: Instant) -> Reached {
        Reached {
            done: true,
            at: target,
            entries: (0, 0),
        }
    }

    fn objects(&self) -> Vec<ObjectRef> {
        Vec::new()
    }

    fn yaml(&self, _kind: &str, _namespace: &str, _name: &str) -> String {
        String::new()
    }

    fn describe(&self, _kind: &str, _namespace: &str, _name: &str) -> String {
        String::new()
    }

    fn services(&self) -> Vec<ServiceRow> {
        Vec::new()
    }

    fn look(&self, _line: &str) -> LookRow {
        LookRow {
            output: String::new(),
            exit: None,
            changes: false,
        }
    }

    fn watch(&self, _until: Instant, _most: usize) -> WatchTail {
        WatchTail {
            text: String::new(),
            earlier: 0,
        }
    }

    fn events(&self, _until: Instant, _most: usize) -> Vec<EventRow> {
        Vec::new()
    }

    fn event_count(&self, _until: Instant) -> u32 {
        0
    }

    fn console(&self, _until: Instant) -> Vec<ConsoleRow> {
        Vec::new()
    }

    fn logs(&self, _namespace: &str, _pod: &str, _container: &str) -> String {
        String::new()
    }

    fn encode_link(&self, _text: &str) -> String {
        String::new()
    }

    fn decode_link(&self, _fragment: &str) -> LinkContent {
        LinkContent {
            text: None,
            t_us: None,
            sel: None,
            view: None,
            error: Some("this build reads no links".to_owned()),
        }
    }
}
