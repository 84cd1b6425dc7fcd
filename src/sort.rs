//! Stable sorting, compiled once: the standard library's sort is made anew for each type of element, at some kilobytes
//! of wasm each.

use std::cmp::Ordering;

/// Sorts by an order; equal elements keep their order. `n log n` comparisons.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut places = order(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // `places[to]` is where the element for `to` stands. Each circle of the permutation is turned by swaps.
    for start in 0..places.len() {
        let mut to = start;
        while let Some(place) = places.get_mut(to) {
            let from = std::mem::replace(place, to);
            if from == start || from == to {
                break;
            }
            items.swap(to, from);
            to = from;
        }
    }
}

/// Sorts by a key, which is made anew for each comparison.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts in the elements' own order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The numbers `0..count` in a stable order: runs that are sorted already are merged, from pairs upwards.
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut now: Vec<usize> = (0..count).collect();
    let mut width = 1;
    while width < count {
        let mut next = Vec::with_capacity(count);
        for run in now.chunks(width.saturating_mul(2)) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            while let (Some((a, others)), Some((b, rest))) = (left.split_first(), right.split_first()) {
                if compare(*b, *a) == Ordering::Less {
                    next.push(*b);
                    right = rest;
                } else {
                    next.push(*a);
                    left = others;
                }
            }
            next.extend_from_slice(left);
            next.extend_from_slice(right);
        }
        now = next;
        width = width.saturating_mul(2);
    }
    now
}
