//! Indexes of an Indexed Job, as its status writes them: `0-2,5`.
//! Twin: pkg/controller/job/indexed_job_utils.go (v1.36.2)
//! Covers: orderedIntervals, parseIndexesFromString, firstPendingIndexes, getCompletionIndex, the failure counts of an index,
//! Left out: Pods that are too many for an index, see manage.rs

use std::fmt;

use crate::api::Pod;

/// Annotation and label of a Pod with its index.
pub const COMPLETION_INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// Annotation: failures of this index before this Pod that count for `backoffLimitPerIndex`.
pub const FAILURE_COUNT: &str = "batch.kubernetes.io/job-index-failure-count";
/// Annotation: the same for failures that the Pod failure policy ignores.
pub const IGNORED_FAILURE_COUNT: &str = "batch.kubernetes.io/job-index-ignored-failure-count";

/// A set of indexes as closed intervals, in order, none next to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intervals(Vec<(i64, i64)>);

impl Intervals {
    /// Reads `0-2,5`. Indexes from `completions` on are left out, as is what is no number.
    pub fn parse(text: &str, completions: i64) -> Intervals {
        let mut all = Intervals::default();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (Ok(first), Ok(last)) = (first.parse(), last.parse::<i64>()) else {
                continue;
            };
            if first < completions {
                all.push((first, last.min(completions - 1)));
            }
        }
        all
    }

    /// These and others.
    pub fn merge(&self, others: &Intervals) -> Intervals {
        let mut all = Intervals::default();
        let (mut mine, mut theirs) = (self.0.iter().peekable(), others.0.iter().peekable());
        loop {
            let from_mine = match (mine.peek(), theirs.peek()) {
                (Some(a), Some(b)) => a.0 < b.0,
                (a, _) => a.is_some(),
            };
            match if from_mine { mine.next() } else { theirs.next() } {
                Some(next) => all.push(*next),
                None => return all,
            }
        }
    }

    /// These and some more, which are in order.
    pub fn with(&self, indexes: impl IntoIterator<Item = i64>) -> Intervals {
        let mut others = Intervals::default();
        for index in indexes {
            others.push((index, index));
        }
        self.merge(&others)
    }

    /// An interval that begins at or after the beginning of the last one.
    fn push(&mut self, (first, last): (i64, i64)) {
        match self.0.last_mut() {
            Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
            _ => self.0.push((first, last)),
        }
    }

    /// How many indexes there are.
    pub fn total(&self) -> i64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// How many indexes are in both.
    pub fn common(&self, others: &Intervals) -> i64 {
        let pairs = self.0.iter().flat_map(|a| others.0.iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| (a.1.min(b.1) - a.0.max(b.0) + 1).max(0)).sum()
    }

    /// Whether the index is in it.
    pub fn contains(&self, index: i64) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < index);
        self.0.get(at).is_some_and(|(first, _)| *first <= index)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first `count` indexes below `completions` that are not in it.
    pub fn first_missing(&self, count: usize, completions: i64) -> Vec<i64> {
        let mut found = Vec::new();
        let mut next = 0;
        for (first, last) in self.0.iter().copied().chain([(completions, completions)]) {
            let room = count.saturating_sub(found.len());
            found.extend((next..first.min(completions)).take(room));
            next = next.max(last + 1);
        }
        found
    }
}

impl fmt::Display for Intervals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{first}")?;
            // Two neighbours are written as two.
            match last - first {
                0 => {}
                1 => write!(f, ",{last}")?,
                _ => write!(f, "-{last}")?,
            }
        }
        Ok(())
    }
}

/// The index a Pod has. A Pod whose index is not below the completions belongs to none.
pub fn completion_index(pod: &Pod) -> Option<i64> {
    let text = pod.metadata.annotations.get(COMPLETION_INDEX)?;
    text.parse().ok().filter(|index| *index >= 0)
}

/// Failures of its index before this Pod: those that count, and those that are ignored.
pub fn failure_counts(pod: &Pod) -> (i64, i64) {
    let count = |key: &str| {
        let text = pod.metadata.annotations.get(key);
        text.and_then(|text| text.parse::<i32>().ok())
            .map_or(0, i64::from)
            .max(0)
    };
    (count(FAILURE_COUNT), count(IGNORED_FAILURE_COUNT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_written_as_the_status_has_them() {
        for (indexes, text) in [
            (&[][..], ""),
            (&[0], "0"),
            (&[0, 1], "0,1"),
            (&[0, 1, 2, 5], "0-2,5"),
            (&[1, 3, 4, 7, 8, 9], "1,3,4,7-9"),
        ] {
            let all = Intervals::default().with(indexes.iter().copied());
            assert_eq!(all.to_string(), text);
            assert_eq!(Intervals::parse(text, 10), all);
            assert_eq!(all.total(), i64::try_from(indexes.len()).unwrap());
            for index in 0..10 {
                assert_eq!(all.contains(index), indexes.contains(&index), "{index} in {text}");
            }
        }
    }

    #[test]
    fn indexes_beyond_the_completions_are_forgotten() {
        for (text, completions, expected) in [
            ("0-9", 4, "0-3"),
            ("0,5-7", 5, "0"),
            ("0,5-7", 6, "0,5"),
            ("x,2", 5, "2"),
            ("1,2,3", 5, "1-3"),
        ] {
            assert_eq!(Intervals::parse(text, completions).to_string(), expected);
        }
    }

    #[test]
    fn sets_are_joined_and_compared() {
        let set = |text: &str| Intervals::parse(text, 100);
        for (a, b, joined, common) in [
            ("", "", "", 0),
            ("0-2", "2-4", "0-4", 1),
            ("0,4", "1-3", "0-4", 0),
            ("5-9", "0-20", "0-20", 5),
            ("0,2,4", "1,2,9", "0-2,4,9", 1),
        ] {
            assert_eq!(set(a).merge(&set(b)).to_string(), joined);
            assert_eq!(set(b).merge(&set(a)).to_string(), joined);
            assert_eq!(set(a).common(&set(b)), common);
        }
    }

    #[test]
    fn the_lowest_indexes_are_taken_first() {
        for (taken, count, completions, expected) in [
            ("", 3, 5, &[0, 1, 2][..]),
            ("0,2", 3, 5, &[1, 3, 4]),
            ("0-3", 3, 5, &[4]),
            ("0-9", 3, 5, &[]),
            ("1", 0, 5, &[]),
            ("3", 10, 5, &[0, 1, 2, 4]),
        ] {
            assert_eq!(Intervals::parse(taken, 100).first_missing(count, completions), expected);
        }
    }
}
