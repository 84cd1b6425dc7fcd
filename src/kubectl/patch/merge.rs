//! The three kinds of patch: merge patch (RFC 7386), JSON patch (RFC 6902) and Kubernetes' strategic merge patch.
//!
//! Left out of the strategic one: `$retainKeys`, `$setElementOrder`, `$deleteFromPrimitiveList`.

use crate::manifest::Value;
use crate::trace::bounds::PATCH;

/// How a patch is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// `strategic`, the default.
    Strategic,
    /// `merge`.
    Merge,
    /// `json`.
    Json,
}

/// Why a patch cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Its copies grow the object too much.
    TooLarge(String),
    /// It does not fit the object.
    Other(String),
}

impl Unfit {
    /// What the API server says.
    pub fn into_text(self) -> String {
        match self {
            Unfit::TooLarge(text) | Unfit::Other(text) => text,
        }
    }
}

/// `object` with `patch` applied.
///
/// # Errors
/// The API server's text when a JSON patch does not fit.
pub fn patched(object: &Value, patch: &Value, kind: PatchKind) -> Result<Value, Unfit> {
    let mut object = object.clone();
    match kind {
        PatchKind::Merge => merge(&mut object, patch, false),
        PatchKind::Strategic => merge(&mut object, patch, true),
        PatchKind::Json => {
            let mut copied = 0;
            for operation in patch.items() {
                operate(&mut object, operation, &mut copied)?;
            }
        }
    }
    Ok(object)
}

/// Keys by which strategic merge tells the items of a list apart; lists that are not here are replaced.
fn merge_key(field: &str, item: Option<&Value>) -> Option<&'static str> {
    match field {
        "containers" | "initContainers" | "ephemeralContainers" | "volumes" | "env" | "imagePullSecrets" => {
            Some("name")
        }
        // Container ports and Service ports share a name but not a key.
        "ports" if item.is_some_and(|i| i.get("containerPort").is_some()) => Some("containerPort"),
        "ports" => Some("port"),
        "volumeMounts" => Some("mountPath"),
        "volumeDevices" => Some("devicePath"),
        "hostAliases" => Some("ip"),
        "conditions" => Some("type"),
        "ownerReferences" => Some("uid"),
        "topologySpreadConstraints" => Some("topologyKey"),
        "schedulingGates" => Some("name"),
        _ => None,
    }
}

fn merge(object: &mut Value, patch: &Value, strategic: bool) {
    let Value::Map(members) = patch else {
        *object = patch.clone();
        return;
    };
    if !matches!(object, Value::Map(_)) || (strategic && patch.get("$patch").and_then(Value::as_str) == Some("replace"))
    {
        *object = Value::Map(Vec::new());
    }
    for (key, value) in members {
        match value {
            _ if strategic && key.starts_with('$') => {}
            Value::Null => remove_member(object, key),
            Value::Seq(items) if strategic && merge_key(key, items.first()).is_some() => {
                let by = merge_key(key, items.first()).unwrap_or_default();
                let mut list = object.get(key).map(|v| v.items().to_vec()).unwrap_or_default();
                for item in items {
                    merge_item(&mut list, item, by);
                }
                object.set(key, Value::Seq(list));
            }
            Value::Map(_) => merge(object.entry(key), value, strategic),
            _ => object.set(key, value.clone()),
        }
    }
}

/// Takes out of `object` what `last` has and `new` has not: members of mappings, and items of lists with a key.
pub fn prune(object: &mut Value, last: &Value, new: &Value) {
    for (key, before) in last.members() {
        let Some(now) = new.get(key) else {
            remove_member(object, key);
            continue;
        };
        match before {
            Value::Map(_) if object.get(key).is_some() => prune(object.entry(key), before, now),
            Value::Seq(items) => {
                let Some(by) = merge_key(key, items.first()) else {
                    continue;
                };
                let mut list = object.get(key).map(|v| v.items().to_vec()).unwrap_or_default();
                for item in items {
                    let same = |other: &&Value| other.get(by) == item.get(by);
                    match now.items().iter().find(same) {
                        None => list.retain(|old| old.get(by) != item.get(by)),
                        Some(now) => {
                            let old = list.iter_mut().find(|old| old.get(by) == item.get(by));
                            old.into_iter().for_each(|old| prune(old, item, now));
                        }
                    }
                }
                object.set(key, Value::Seq(list));
            }
            _ => {}
        }
    }
}

fn merge_item(list: &mut Vec<Value>, item: &Value, by: &str) {
    let at = list
        .iter()
        .position(|old| old.get(by).is_some() && old.get(by) == item.get(by));
    let deletes = item.get("$patch").and_then(Value::as_str) == Some("delete");
    match at.and_then(|at| list.get_mut(at).map(|old| (at, old))) {
        Some((at, _)) if deletes => {
            list.remove(at);
        }
        Some((_, old)) => merge(old, item, true),
        None if deletes => {}
        None => {
            let mut new = Value::Map(Vec::new());
            merge(&mut new, item, true);
            list.push(new);
        }
    }
}

fn remove_member(object: &mut Value, key: &str) {
    if let Value::Map(members) = object {
        members.retain(|(k, _)| k != key);
    }
}

/// `copied` counts the bytes that all copies of the patch have added: the API server bounds them.
fn operate(object: &mut Value, operation: &Value, copied: &mut u64) -> Result<(), Unfit> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    let (op, path) = (text("op").unwrap_or_default(), text("path").unwrap_or_default());
    let keys = pointer(path);
    let missing = || {
        Unfit::Other(format!(
            "the server rejected our request due to an error in our request: {op} operation does not apply: doc is missing path: \"{path}\": missing value"
        ))
    };
    match op {
        "add" | "replace" => {
            if op == "replace" && lookup(object, &keys).is_none() {
                return Err(missing());
            }
            let value = operation.get("value").cloned().unwrap_or(Value::Null);
            put(object, &keys, value, op == "add").ok_or_else(missing)
        }
        "remove" => take(object, &keys).map(|_| ()).ok_or_else(missing),
        "test" if lookup(object, &keys) == operation.get("value") => Ok(()),
        "test" => Err(Unfit::Other(format!("testing value {path} failed"))),
        "copy" | "move" => {
            let from = pointer(text("from").unwrap_or_default());
            let value = lookup(object, &from).cloned().ok_or_else(missing)?;
            if op == "move" {
                take(object, &from);
            } else {
                *copied += size(&value);
                if *copied > PATCH.most {
                    return Err(Unfit::TooLarge(format!(
                        "Unable to copy, the accumulated size increase of copy is {copied}, exceeding the limit {}",
                        PATCH.most
                    )));
                }
            }
            put(object, &keys, value, true).ok_or_else(missing)
        }
        _ => Err(Unfit::Other(format!("Unexpected kind: {op}"))),
    }
}

/// Bytes of a value as JSON, roughly.
fn size(value: &Value) -> u64 {
    match value {
        Value::Map(members) => members
            .iter()
            .map(|(key, value)| 4 + key.len() as u64 + size(value))
            .sum(),
        Value::Seq(items) => items.iter().map(|item| 1 + size(item)).sum(),
        other => 2 + other.as_str().map_or(4, str::len) as u64,
    }
}

fn pointer(path: &str) -> Vec<String> {
    path.split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

fn lookup<'v>(object: &'v Value, keys: &[String]) -> Option<&'v Value> {
    object.at(&keys.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The value at `keys`, to be changed. Unlike [`Value::entry`] it makes nothing.
fn reach<'v>(object: &'v mut Value, keys: &[String]) -> Option<&'v mut Value> {
    keys.iter().try_fold(object, |value, key| match value {
        Value::Seq(items) => key.parse::<usize>().ok().and_then(|i| items.get_mut(i)),
        Value::Map(members) => members.iter_mut().find(|(k, _)| k == key).map(|(_, v)| v),
        _ => None,
    })
}

fn put(object: &mut Value, keys: &[String], value: Value, insert: bool) -> Option<()> {
    let Some((last, parents)) = keys.split_last() else {
        *object = value;
        return Some(());
    };
    match reach(object, parents)? {
        Value::Seq(items) => {
            let at = if last == "-" {
                items.len()
            } else {
                last.parse::<usize>().ok()?
            };
            if insert && at <= items.len() {
                items.insert(at, value);
            } else {
                *items.get_mut(at)? = value;
            }
        }
        map @ Value::Map(_) => map.set(last, value),
        _ => return None,
    }
    Some(())
}

fn take(object: &mut Value, keys: &[String]) -> Option<Value> {
    let (last, parents) = keys.split_last()?;
    match reach(object, parents)? {
        Value::Seq(items) => {
            let at = last.parse::<usize>().ok().filter(|at| *at < items.len())?;
            Some(items.remove(at))
        }
        Value::Map(members) => {
            let at = members.iter().position(|(k, _)| k == last)?;
            Some(members.remove(at).1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(kind: PatchKind, object: &str, patch: &str) -> Result<String, String> {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        patched(&read(object), &read(patch), kind)
            .map_err(Unfit::into_text)
            .map(|v| serde_json::Value::from(&v).to_string())
    }

    #[test]
    fn patches_change_what_they_say() {
        use PatchKind::*;
        for (kind, object, change, result) in [
            (
                Merge,
                r#"{"a":1,"b":{"c":1}}"#,
                r#"{"a":null,"b":{"d":2}}"#,
                r#"{"b":{"c":1,"d":2}}"#,
            ),
            (Merge, r#"{"l":[1,2]}"#, r#"{"l":[3]}"#, r#"{"l":[3]}"#),
            (
                Strategic,
                r#"{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}"#,
                r#"{"containers":[{"name":"b","image":"z"},{"name":"c"}]}"#,
                r#"{"containers":[{"name":"a","image":"x"},{"name":"b","image":"z"},{"name":"c"}]}"#,
            ),
            (
                Strategic,
                r#"{"containers":[{"name":"a"},{"name":"b"}]}"#,
                r#"{"containers":[{"name":"a","$patch":"delete"}]}"#,
                r#"{"containers":[{"name":"b"}]}"#,
            ),
            (
                Json,
                r#"{"spec":{"schedulingGates":[{"name":"x"}],"n":1}}"#,
                r#"[{"op":"remove","path":"/spec/schedulingGates"},{"op":"replace","path":"/spec/n","value":2}]"#,
                r#"{"spec":{"n":2}}"#,
            ),
            (
                Json,
                r#"{"l":[1]}"#,
                r#"[{"op":"add","path":"/l/-","value":2}]"#,
                r#"{"l":[1,2]}"#,
            ),
            (
                Json,
                r#"{"a/b":1}"#,
                r#"[{"op":"move","from":"/a~1b","path":"/c"}]"#,
                r#"{"c":1}"#,
            ),
        ] {
            assert_eq!(patch(kind, object, change), Ok(result.to_owned()), "{change}");
        }
    }

    #[test]
    fn what_the_last_text_had_and_the_new_one_has_not_goes() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        for (object, last, new, result) in [
            (
                r#"{"a":1,"b":2,"c":3}"#,
                r#"{"a":1,"b":2}"#,
                r#"{"a":1}"#,
                r#"{"a":1,"c":3}"#,
            ),
            (
                r#"{"m":{"x":1,"y":2}}"#,
                r#"{"m":{"x":1}}"#,
                r#"{"m":{}}"#,
                r#"{"m":{"y":2}}"#,
            ),
            (
                r#"{"env":[{"name":"a","value":"1"},{"name":"b"},{"name":"c"}]}"#,
                r#"{"env":[{"name":"a","value":"1"},{"name":"b"}]}"#,
                r#"{"env":[{"name":"a"}]}"#,
                r#"{"env":[{"name":"a"},{"name":"c"}]}"#,
            ),
        ] {
            let mut object = read(object);
            prune(&mut object, &read(last), &read(new));
            assert_eq!(serde_json::Value::from(&object).to_string(), result);
        }
    }

    #[test]
    fn a_json_patch_that_does_not_fit_is_refused() {
        assert!(patch(PatchKind::Json, "{}", r#"[{"op":"remove","path":"/x"}]"#).is_err());
        assert!(patch(PatchKind::Json, "{}", r#"[{"op":"replace","path":"/x/y","value":1}]"#).is_err());
        assert!(
            patch(
                PatchKind::Json,
                r#"{"a":1}"#,
                r#"[{"op":"test","path":"/a","value":2}]"#
            )
            .is_err()
        );
    }
}
