//! `kubectl get`: what is listed, and how it is printed once or as it changes.

use std::cmp::Ordering;
use std::rc::Rc;

use super::command::{Get, Output, Scope, Target};
use super::files::Files;
use super::jsonpath::{JsonPath, bare};
use super::kinds::{self, Kind};
use super::object::event_value;
use super::run::Printed;
use super::server::{EventObject, Refusal, Server, Stored};
use super::table::Table;
use super::tables;
use super::write;
use crate::manifest::Value;
use crate::map::Map;
use crate::sort;
use crate::time::Calendar;

/// Something listed.
#[derive(Clone, Debug)]
enum Item {
    Object(Stored),
    Event(EventObject),
}

impl Item {
    fn key(&self) -> (Rc<str>, Rc<str>) {
        match self {
            Item::Object(o) => (o.namespace.clone(), o.name.clone()),
            Item::Event(e) => (e.namespace.clone(), e.name.clone()),
        }
    }

    fn labels(&self) -> Map<String, String> {
        match self {
            Item::Object(o) => o.labels.clone(),
            Item::Event(_) => Map::new(),
        }
    }

    fn shown(&self, calendar: Calendar) -> Value {
        match self {
            Item::Object(o) => o.shown(calendar),
            Item::Event(e) => event_value(e, calendar),
        }
    }

    fn same_revision(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Object(a), Item::Object(b)) => a.same_revision(b),
            (Item::Event(a), Item::Event(b)) => a == b,
            _ => false,
        }
    }
}

/// Objects of one kind.
struct Group {
    kind: &'static Kind,
    items: Vec<Item>,
}

/// A watch that goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    table: Table,
    headers_printed: bool,
    seen: Map<(Rc<str>, Rc<str>), Item>,
}

/// Takes the objects that the files name as what is asked for.
///
/// # Errors
/// Why a file cannot be read.
pub(super) fn named_in(get: &mut Get, files: &Files) -> Result<(), String> {
    for file in std::mem::take(&mut get.files) {
        for object in files.objects(&file)? {
            let text = |path: &[&str]| object.at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let kind =
                kinds::of(&text(&["kind"])).ok_or_else(|| format!("no matches for kind \"{}\"", text(&["kind"])))?;
            get.targets.push(Target {
                kind,
                name: Some(text(&["metadata", "name"])),
            });
        }
    }
    Ok(())
}

/// Lists what is asked for, in the order of the names; what is named and missing goes into the list of refusals.
fn list(get: &Get, server: &dyn Server) -> (Vec<Group>, Vec<Refusal>) {
    let (mut groups, mut missing) = (Vec::<Group>::new(), Vec::new());
    for target in &get.targets {
        let mut items = all(target.kind, &get.scope, server);
        match &target.name {
            Some(name) => {
                items.retain(|item| *item.key().1 == **name);
                if items.is_empty() {
                    missing.push(Refusal::not_found(&target.kind.resource(), name));
                }
            }
            None => {
                let calendar = server.calendar();
                items.retain(|item| {
                    let by_label = get.selector.as_ref().is_none_or(|s| s.matches(&item.labels()));
                    by_label && (get.fields.is_empty() || get.fields.matches(&item.shown(calendar)))
                });
            }
        }
        match groups.iter_mut().find(|group| group.kind == target.kind) {
            Some(group) => group.items.extend(items),
            None => groups.push(Group {
                kind: target.kind,
                items,
            }),
        }
    }
    (groups, missing)
}

fn all(kind: &'static Kind, scope: &Scope, server: &dyn Server) -> Vec<Item> {
    let namespace = if kind.namespaced { scope.name() } else { None };
    let mut items: Vec<Item> = match kind.kind {
        "Event" => server.events(namespace).into_iter().map(Item::Event).collect(),
        kind => server.objects(kind, namespace).into_iter().map(Item::Object).collect(),
    };
    sort::sort_by_key(&mut items, Item::key);
    items
}

/// Prints the list. With `-w` the watch that goes on comes back.
pub(super) fn start(get: &Get, server: &dyn Server, out: &mut Printed) -> Option<Watch> {
    super::report::warn_of_types(get.targets.iter().map(|t| t.kind), server, out);
    let (mut groups, missing) = list(get, server);
    if let Some(path) = &get.sort_by {
        let calendar = server.calendar();
        for group in &mut groups {
            sort(&mut group.items, path, calendar);
        }
    }
    if get.watch {
        for refusal in &missing {
            out.fail(&refusal.text(None));
        }
        return missing.is_empty().then(|| begin_watch(get, groups, server, out));
    }
    match &get.output {
        Output::Table { wide } => print_tables(get, &groups, *wide, server, out),
        other => print_objects(get, other, &groups, server.calendar(), out),
    }
    let found = groups.iter().any(|g| !g.items.is_empty());
    let human = matches!(get.output, Output::Table { .. } | Output::Columns(_));
    if !found && missing.is_empty() && human {
        let namespaced = get.targets.iter().all(|t| t.kind.namespaced);
        match &get.scope {
            Scope::Namespace(name) if namespaced => out.warn(&format!("No resources found in {name} namespace.")),
            _ => out.warn("No resources found"),
        }
    }
    if !get.ignore_not_found {
        for refusal in &missing {
            out.fail(&refusal.text(None));
        }
    }
    None
}

fn sort(items: &mut Vec<Item>, path: &JsonPath, calendar: Calendar) {
    // A key is made of the whole object: once is enough.
    let rank = |item: &Item| path.find(&item.shown(calendar)).first().map(|v| (*v).clone());
    let with_key = |item| (SortKey(rank(&item)), item);
    let mut keyed: Vec<_> = std::mem::take(items).into_iter().map(with_key).collect();
    sort::sort_by(&mut keyed, |(a, _), (b, _)| a.cmp(b));
    *items = keyed.into_iter().map(|(_, item)| item).collect();
}

/// Numbers by size, all else by its text; what is missing comes first.
struct SortKey(Option<Value>);

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortKey {}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(Value::Int(a)), Some(Value::Int(b))) => a.cmp(b),
            (Some(a), Some(b)) => bare(a).cmp(&bare(b)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    }
}

/// Whether names carry their type: several types were asked for. What is named and missing is no type.
fn names_types(get: &Get, groups: &[Group]) -> bool {
    let asked = |group: &&Group| {
        let whole = |t: &Target| t.kind == group.kind && t.name.is_none();
        !group.items.is_empty() || get.targets.iter().any(whole)
    };
    get.show_kind || groups.iter().filter(asked).count() > 1
}

fn print_tables(get: &Get, groups: &[Group], wide: bool, server: &dyn Server, out: &mut Printed) {
    let with_kind = names_types(get, groups);
    let filled = groups.iter().filter(|g| !g.items.is_empty());
    for (index, group) in filled.enumerate() {
        if index > 0 {
            out.print("\n");
        }
        let mut rows = Vec::new();
        if !get.no_headers {
            rows.push(headers(get, group.kind, wide));
        }
        rows.extend(
            group
                .items
                .iter()
                .map(|item| row(get, group.kind, item, ("", with_kind), wide, server)),
        );
        out.print(&Table::new().print(&rows));
    }
}

fn headers(get: &Get, kind: &Kind, wide: bool) -> Vec<String> {
    let mut headers = Vec::new();
    if get.watch_events {
        headers.push("EVENT".to_owned());
    }
    if get.scope == Scope::All && kind.namespaced {
        headers.push("NAMESPACE".to_owned());
    }
    headers.extend(tables::columns(kind.kind, wide).into_iter().map(str::to_owned));
    let last = |key: &String| key.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
    headers.extend(get.label_columns.iter().map(last));
    if get.show_labels {
        headers.push("LABELS".to_owned());
    }
    headers
}

fn row(
    get: &Get,
    kind: &Kind,
    item: &Item,
    (event, with_kind): (&str, bool),
    wide: bool,
    server: &dyn Server,
) -> Vec<String> {
    let (namespace, _) = item.key();
    let mut row = Vec::new();
    if get.watch_events {
        row.push(format!("{event:<8}"));
    }
    if get.scope == Scope::All && kind.namespaced {
        row.push(namespace.to_string());
    }
    let mut cells = match item {
        Item::Object(o) => tables::cells(o, server.now(), server.calendar(), wide),
        Item::Event(e) => tables::event_cells(e, server.now(), server.calendar(), wide),
    };
    if let Some(name) = cells.first_mut().filter(|_| with_kind && kind.kind != "Event") {
        *name = format!("{}/{name}", kind.qualified());
    }
    row.extend(cells);
    let labels = item.labels();
    row.extend(
        get.label_columns
            .iter()
            .map(|key| labels.get(key).cloned().unwrap_or_default()),
    );
    if get.show_labels {
        let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
        row.push(if pairs.is_empty() {
            "<none>".to_owned()
        } else {
            pairs.join(",")
        });
    }
    row
}

fn print_objects(get: &Get, output: &Output, groups: &[Group], calendar: Calendar, out: &mut Printed) {
    let items = || groups.iter().flat_map(|g| g.items.iter().map(|item| (g.kind, item)));
    match output {
        Output::Name => {
            for (kind, item) in items() {
                out.say(&format!("{}/{}", kind.qualified(), item.key().1));
            }
        }
        Output::Columns(columns) => {
            if items().next().is_none() {
                return;
            }
            let mut rows = Vec::new();
            if !get.no_headers {
                rows.push(columns.iter().map(|(header, _)| header.clone()).collect());
            }
            rows.extend(items().map(|(_, item)| custom_row(columns, &item.shown(calendar))));
            out.print(&Table::new().print(&rows));
        }
        _ => {
            let mut shown: Vec<Value> = items().map(|(_, item)| item.shown(calendar)).collect();
            // One object asked for by its name is shown as itself, everything else as a list.
            let single = matches!(get.targets.as_slice(), [one] if one.name.is_some());
            let whole = match shown.len() {
                0 if single => return,
                1 if single => shown.remove(0),
                _ => write::list(shown),
            };
            print_object(output, &whole, out);
        }
    }
}

fn print_object(output: &Output, object: &Value, out: &mut Printed) {
    match output {
        Output::Yaml => out.print(&write::yaml(object)),
        Output::Json => out.print(&write::json(object)),
        Output::JsonPath(template) => out.print(&template.print(object)),
        _ => {}
    }
}

fn custom_row(columns: &[(String, JsonPath)], object: &Value) -> Vec<String> {
    let cell = |path: &JsonPath| {
        let found: Vec<String> = path.find(object).into_iter().map(bare).collect();
        if found.is_empty() {
            "<none>".to_owned()
        } else {
            found.join(",")
        }
    };
    columns.iter().map(|(_, path)| cell(path)).collect()
}

fn begin_watch(get: &Get, groups: Vec<Group>, server: &dyn Server, out: &mut Printed) -> Watch {
    let mut watch = Watch::default();
    let items: Vec<Item> = groups.into_iter().flat_map(|g| g.items).collect();
    if !get.watch_only {
        print_changes(get, &mut watch, items.iter().map(|item| (item, "ADDED")), server, out);
    }
    watch.seen = items.into_iter().map(|item| (item.key(), item)).collect();
    watch
}

/// Prints what changed since the last call. Called after every write, it misses no revision.
pub(super) fn watch(get: &Get, watch: &mut Watch, server: &dyn Server, out: &mut Printed) {
    let (groups, _) = list(get, server);
    let now: Map<_, _> = groups
        .into_iter()
        .flat_map(|g| g.items)
        .map(|item| (item.key(), item))
        .collect();
    let before = std::mem::take(&mut watch.seen);
    let mut changes: Vec<(&Item, &str)> = Vec::new();
    // A deleted object is shown once more as it last was.
    changes.extend(
        before
            .iter()
            .filter(|(key, _)| !now.contains_key(*key))
            .map(|(_, item)| (item, "DELETED")),
    );
    for (key, item) in &now {
        match before.get(key) {
            None => changes.push((item, "ADDED")),
            Some(old) if !old.same_revision(item) => changes.push((item, "MODIFIED")),
            Some(_) => {}
        }
    }
    print_changes(get, watch, changes.into_iter(), server, out);
    watch.seen = now;
}

fn print_changes<'i>(
    get: &Get,
    watch: &mut Watch,
    changes: impl Iterator<Item = (&'i Item, &'i str)>,
    server: &dyn Server,
    out: &mut Printed,
) {
    let Some(kind) = get.targets.first().map(|t| t.kind) else {
        return;
    };
    let mut rows = Vec::new();
    for (item, event) in changes {
        match &get.output {
            Output::Table { wide } => {
                if !get.no_headers && !watch.headers_printed {
                    watch.headers_printed = true;
                    rows.push(headers(get, kind, *wide));
                }
                rows.push(row(get, kind, item, (event, get.show_kind), *wide, server));
            }
            Output::Columns(columns) => {
                if !get.no_headers && !watch.headers_printed {
                    watch.headers_printed = true;
                    rows.push(columns.iter().map(|(header, _)| header.clone()).collect());
                }
                rows.push(custom_row(columns, &item.shown(server.calendar())));
            }
            Output::Name => out.say(&format!("{}/{}", kind.qualified(), item.key().1)),
            Output::Yaml => {
                if std::mem::replace(&mut watch.headers_printed, true) {
                    out.print("---\n");
                }
                print_object(&get.output, &item.shown(server.calendar()), out);
            }
            other => print_object(other, &item.shown(server.calendar()), out),
        }
    }
    if !rows.is_empty() {
        out.print(&watch.table.print(&rows));
    }
}

/// The kinds a watch depends on, for [`super::run::Wants`].
pub(super) fn kind_of(get: &Get) -> &'static str {
    get.targets
        .first()
        .map_or("Pod", |t| kinds::of(t.kind.kind).map_or("Pod", |k| k.kind))
}
