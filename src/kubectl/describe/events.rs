//! The table of Events at the end of a description.

use super::writer::Writer;
use crate::kubectl::duration::age;
use crate::kubectl::server::{EventObject, Server, Stored};
use crate::time::{Calendar, Instant};

/// Events of an object, in the order in which `describe` shows them: those of the newer kind, which have no last time,
/// come first.
pub(super) fn of(object: &Stored, server: &dyn Server) -> Vec<EventObject> {
    // Events about objects without a namespace live in `default`.
    let namespace = if object.namespace.is_empty() {
        "default"
    } else {
        &object.namespace
    };
    let mut events = server.events(Some(namespace));
    events.retain(|e| {
        let same = e.object_uid.is_empty() || object.uid.is_empty() || e.object_uid == object.uid;
        *e.object_kind == *object.kind && e.object_name == object.name && same
    });
    crate::sort::sort_by(&mut events, |a, b| {
        (a.last, a.first, &a.name).cmp(&(b.last, b.first, &b.name))
    });
    events
}

/// When an Event was seen: `12s`, or `12s (x4 over 65s)`.
pub(in crate::kubectl) fn seen(event: &EventObject, now: Instant, calendar: Calendar) -> String {
    let first = age(event.first, now, calendar);
    if event.count > 1 {
        format!(
            "{} (x{} over {first})",
            age(event.last.or(event.first), now, calendar),
            event.count
        )
    } else {
        first
    }
}

/// The table, or `<none>`.
pub(super) fn table(out: &mut Writer, events: &[EventObject], server: &dyn Server) {
    let (now, calendar, client) = (server.now(), server.calendar(), server.client());
    if events.is_empty() {
        out.field(0, "Events", "<none>");
        return;
    }
    out.flush();
    out.line(0, "Events:");
    out.line(1, "Type\tReason\tAge\tFrom\tMessage");
    out.line(1, "----\t------\t----\t----\t-------");
    for event in events {
        let kind = if event.warning { "Warning" } else { "Normal" };
        let (reason, from) = (&event.reason, &event.component);
        let message = match &*event.field_path {
            path if client.is_new() && !path.is_empty() => format!("{path}: {}", event.message.trim()),
            _ => event.message.trim().to_owned(),
        };
        out.line(
            1,
            &format!("{kind}\t{reason}\t{}\t{from}\t{message}", seen(event, now, calendar)),
        );
    }
}
