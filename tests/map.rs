//! Sorted lists as maps, and sorting: what the standard library's would do.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use podscope::map::{Map, Set};
use podscope::sort;
use proptest::prelude::*;

/// What one can do with a map.
#[derive(Clone, Debug)]
enum Act {
    Insert(u8, u16),
    Remove(u8),
    Default(u8),
    Or(u8, u16),
    PopFirst,
    PopLast,
    Extend(Vec<(u8, u16)>),
    RetainOdd,
    Add(u8),
    Clear,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..40_u8, any::<u16>()).prop_map(|(k, v)| Act::Insert(k, v)),
        4 => (0..40_u8).prop_map(Act::Remove),
        2 => (0..40_u8).prop_map(Act::Default),
        2 => (0..40_u8, any::<u16>()).prop_map(|(k, v)| Act::Or(k, v)),
        1 => Just(Act::PopFirst),
        1 => Just(Act::PopLast),
        2 => prop::collection::vec((0..40_u8, any::<u16>()), 0..9).prop_map(Act::Extend),
        1 => Just(Act::RetainOdd),
        2 => (0..40_u8).prop_map(Act::Add),
        1 => Just(Act::Clear),
    ]
}

proptest! {
    #[test]
    fn a_map_does_what_a_tree_does(acts in prop::collection::vec(act(), 0..60)) {
        let (mut ours, mut theirs) = (Map::<u8, u16>::new(), BTreeMap::<u8, u16>::new());
        for act in acts {
            match act {
                Act::Insert(k, v) => prop_assert_eq!(ours.insert(k, v), theirs.insert(k, v)),
                Act::Remove(k) => prop_assert_eq!(ours.remove(&k), theirs.remove(&k)),
                Act::Default(k) => prop_assert_eq!(ours.entry(k).or_default(), theirs.entry(k).or_default()),
                Act::Or(k, v) => prop_assert_eq!(ours.entry(k).or_insert(v), theirs.entry(k).or_insert(v)),
                Act::PopFirst => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                Act::PopLast => prop_assert_eq!(ours.pop_last(), theirs.pop_last()),
                Act::Extend(more) => {
                    ours.extend(more.clone());
                    theirs.extend(more);
                }
                Act::RetainOdd => {
                    ours.retain(|k, v| (u16::from(*k) ^ *v) & 1 == 1);
                    theirs.retain(|k, v| (u16::from(*k) ^ *v) & 1 == 1);
                }
                Act::Add(k) => {
                    if let Some(v) = ours.get_mut(&k) {
                        *v = v.wrapping_add(1);
                    }
                    if let Some(v) = theirs.get_mut(&k) {
                        *v = v.wrapping_add(1);
                    }
                }
                Act::Clear => {
                    ours.clear();
                    theirs.clear();
                }
            }
            prop_assert!(ours.iter().eq(&theirs));
            prop_assert!(ours.iter().rev().eq(theirs.iter().rev()));
            prop_assert!(ours.keys().eq(theirs.keys()) && ours.values().eq(theirs.values()));
            prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
            prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
            prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
            for k in 0..41 {
                prop_assert_eq!(ours.get(&k), theirs.get(&k));
                prop_assert_eq!(ours.contains_key(&k), theirs.contains_key(&k));
            }
            prop_assert!((0..41).all(|k| ours.after(&k).eq(theirs.range(k + 1..))));
        }
        prop_assert!(ours.clone().into_iter().eq(theirs.clone()));
        prop_assert!(ours.into_values().eq(theirs.into_values()));
    }

    #[test]
    fn a_collected_map_keeps_the_last_of_equal_keys(entries in prop::collection::vec((0..20_u8, any::<u16>()), 0..60)) {
        let ours: Map<u8, u16> = entries.iter().copied().collect();
        let theirs: BTreeMap<u8, u16> = entries.iter().copied().collect();
        prop_assert!(ours.iter().eq(&theirs));
        let ours: Set<u8> = entries.iter().map(|(k, _)| *k).collect();
        let theirs: BTreeSet<u8> = entries.iter().map(|(k, _)| *k).collect();
        prop_assert!(ours.iter().eq(&theirs) && ours.into_iter().eq(theirs));
    }

    #[test]
    fn a_set_does_what_a_tree_does(acts in prop::collection::vec((0..20_u8, any::<bool>()), 0..60)) {
        let (mut ours, mut theirs) = (Set::new(), BTreeSet::new());
        for (k, add) in acts {
            prop_assert_eq!(ours.contains(&k), theirs.contains(&k));
            if add {
                prop_assert_eq!(ours.insert(k), theirs.insert(k));
            } else {
                prop_assert_eq!(ours.remove(&k), theirs.remove(&k));
            }
            prop_assert!(ours.iter().eq(&theirs));
        }
        prop_assert_eq!(ours.pop_first(), theirs.pop_first());
    }

    #[test]
    fn sorting_is_stable(items in prop::collection::vec((0..9_u8, any::<u16>()), 0..200)) {
        let (mut ours, mut theirs) = (items.clone(), items.clone());
        sort::sort_by_key(&mut ours, |item| item.0);
        theirs.sort_by_key(|item| item.0);
        prop_assert_eq!(&ours, &theirs);
        let (mut ours, mut theirs) = (items.clone(), items);
        sort::sort(&mut ours);
        theirs.sort();
        prop_assert_eq!(ours, theirs);
    }
}
