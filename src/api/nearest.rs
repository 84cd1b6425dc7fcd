//! The name that was probably meant.

/// The candidate nearest to `word`, when one is near enough: the same but for case and separators, or few letters away.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(word);
    if folded.is_empty() || word.len() > 64 {
        return None;
    }
    let allowed = match folded.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let scored = candidates.into_iter().filter(|c| *c != word).filter_map(|candidate| {
        let other = fold(candidate);
        let distance = if other == folded {
            0
        } else if !other.is_empty() && (folded == [&other[..], b"s"].concat() || other == [&folded[..], b"s"].concat())
        {
            1
        } else {
            distance(&folded, &other)
        };
        (distance <= allowed).then_some((distance, candidate))
    });
    scored
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Vec<u8> {
    word.bytes()
        .filter(|b| !matches!(b, b'-' | b'_'))
        .map(|b| b.to_ascii_lowercase())
        .collect()
}

/// Letters added, dropped, replaced or swapped with their neighbour to get from one word to the other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = vec![0; b.len() + 1];
    for (i, x) in a.iter().enumerate() {
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before_last[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        (before_last, last, row) = (last, row, before_last);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_name_that_was_meant_is_found() {
        for (word, all, want) in [
            ("prots", &["ports", "selector"][..], Some("ports")),
            ("imagee", &["image", "imagePullPolicy"], Some("image")),
            ("Containers", &["containers"], Some("containers")),
            ("container", &["containers"], Some("containers")),
            ("periodSecond", &["periodSeconds"], Some("periodSeconds")),
            ("liveness-probe", &["livenessProbe"], Some("livenessProbe")),
            ("foo", &["image", "name"], None),
            ("", &["image"], None),
        ] {
            assert_eq!(nearest(word, all.iter().copied()), want, "{word}");
        }
    }
}
