//! YAML is written as libyaml's emitter writes it, and is read back as what it was.
#![cfg(not(target_arch = "wasm32"))]

use podscope::kubectl::write::yaml;
use podscope::manifest::{self, Value};
use proptest::prelude::*;

/// Texts that need care: indicators, spaces, line breaks, control characters, words of other types.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z:#,{}&*!|>'\"%@`? \\[\\]\\\\-]{0,8}",
        2 => "[a-z \n:#-]{1,12}[a-z]",
        2 => "[a-z \n]{1,12}\n",
        1 => "[a-zA-Z0-9.:-]{1,10}",
        1 => "[\t\r\u{1}\u{7f}\u{85}\u{a0}\u{e9}\u{feff}\u{1f600}a\" \\\\]{1,6}",
        1 => "[a-z]{100,140}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<i64>().prop_map(Value::Int),
        1 => (-1e9..1e9).prop_map(Value::Float),
        8 => text().prop_map(Value::Str),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![9 => "[a-z]{1,4}", 1 => "[a-z: #-]{1,5}", 1 => "[a-z]{125,132}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Seq),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

/// For libyaml's emitter, by way of another writer. Keys are sorted already.
fn given(value: &Value) -> serde_yaml::Value {
    match value {
        Value::Null => serde_yaml::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) => (*n).into(),
        Value::Float(x) => (*x).into(),
        Value::Str(s) => s.as_str().into(),
        Value::Seq(items) => serde_yaml::Value::Sequence(items.iter().map(given).collect()),
        Value::Map(members) => {
            serde_yaml::Value::Mapping(members.iter().map(|(k, v)| (k.as_str().into(), given(v))).collect())
        }
    }
}

/// Whether our own rule about words of other types, which is stricter, plays no part.
fn same_words(value: &Value) -> bool {
    let plain = |s: &str| {
        let first = s.chars().next().unwrap_or('1');
        !(first.is_ascii_digit() || "+-.~=<yYnNoOtTfF".contains(first)) || s.len() > 20
    };
    match value {
        Value::Str(s) => plain(s) && !s.ends_with("\n\n") && s != "\n",
        Value::Seq(items) => items.iter().all(same_words),
        Value::Map(members) => members.iter().all(|(k, v)| plain(k) && same_words(v)),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn it_is_what_libyaml_writes(value in value()) {
        prop_assume!(same_words(&value));
        prop_assert_eq!(yaml(&value), serde_yaml::to_string(&given(&value)).unwrap());
    }

    #[test]
    fn it_is_read_back(value in value()) {
        let written = yaml(&value);
        let read: serde_yaml::Value = serde_yaml::from_str(&written).unwrap();
        prop_assert_eq!(read, given(&value), "{}", written);
        let parsed = manifest::parse(&written);
        prop_assert!(parsed.diagnostics.is_empty(), "{:?}\n{}", parsed.diagnostics, written);
    }
}
