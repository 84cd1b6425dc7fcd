//! Outcome against value: one number of the text is given a range of values, and the run of each says how it went.

use super::outcome::{Outcome, outcomes};
use crate::sim::{Options, Simulation};

/// More values than this are not run.
pub const MAX_VALUES: usize = 64;

/// A number of the text that can be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What is shown: `web · livenessProbe.failureThreshold`.
    pub label: String,
    /// First byte that is replaced.
    pub from: u32,
    /// First byte after.
    pub to: u32,
    /// What stands before the number where it is put in.
    pub before: String,
    /// What stands after it.
    pub after: String,
    /// The value it has.
    pub value: i64,
    /// Its unit, for spans: `s`, `ms`, `m`.
    pub unit: String,
    /// Whether it is written; else the default holds.
    pub written: bool,
    /// The range that is worth a look.
    pub range: (i64, i64),
}

impl Number {
    /// The text with another value.
    pub fn put(&self, text: &str, value: i64) -> Option<String> {
        let head = text.get(..self.from as usize)?;
        let tail = text.get(self.to as usize..)?;
        Some(format!("{head}{}{value}{}{}{tail}", self.before, self.unit, self.after))
    }
}

/// The values of a range: whole steps from one to the other, both among them, not more than [`MAX_VALUES`].
pub fn values(from: i64, to: i64, step: i64) -> Vec<i64> {
    let (from, to) = (from.min(to), from.max(to));
    let span = to.saturating_sub(from);
    let least = span / (MAX_VALUES as i64 - 1) + i64::from(span % (MAX_VALUES as i64 - 1) != 0);
    let step = step.max(least).max(1);
    let mut list = Vec::new();
    let mut at = from;
    while at <= to && list.len() < MAX_VALUES {
        list.push(at);
        match at.checked_add(step) {
            Some(next) => at = next,
            None => break,
        }
    }
    list
}

/// How it went with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The value.
    pub value: i64,
    /// How it went, Pod by Pod.
    pub pods: Vec<Outcome>,
    /// Whether the text with this value has an error: then nothing was run.
    pub refused: bool,
}

impl Point {
    /// Whether nobody would complain.
    pub fn is_safe(&self) -> bool {
        !self.refused && !self.pods.is_empty() && self.pods.iter().all(Outcome::is_safe)
    }
}

/// Which values are safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None that was tried.
    None,
    /// All that were tried.
    All,
    /// This one and all greater ones.
    From(i64),
    /// This one and all smaller ones.
    To(i64),
    /// These two and all between them.
    Between(i64, i64),
    /// Safe and unsafe ones alternate; this is the smallest safe one.
    Scattered(i64),
}

/// Which values are safe.
pub fn answer(points: &[Point]) -> Answer {
    let safe: Vec<usize> = (0..points.len())
        .filter(|i| points.get(*i).is_some_and(Point::is_safe))
        .collect();
    let value = |i: usize| points.get(i).map_or(0, |p| p.value);
    let (Some(&first), Some(&last)) = (safe.first(), safe.last()) else {
        return Answer::None;
    };
    let end = points.len().saturating_sub(1);
    match (last - first + 1 == safe.len(), first == 0, last == end) {
        (false, _, _) => Answer::Scattered(value(first)),
        (true, true, true) => Answer::All,
        (true, false, true) => Answer::From(value(first)),
        (true, true, false) => Answer::To(value(last)),
        (true, false, false) => Answer::Between(value(first), value(last)),
    }
}

/// A sweep on its way.
#[derive(Clone, Debug)]
pub struct Sweep {
    text: String,
    number: Number,
    values: Vec<i64>,
    seed: u64,
    running: Option<Simulation>,
    points: Vec<Point>,
}

impl Sweep {
    /// Begins a sweep of `number` in `text`.
    pub fn new(text: &str, number: Number, values: Vec<i64>, seed: u64) -> Self {
        Sweep {
            text: text.to_owned(),
            number,
            values,
            seed,
            running: None,
            points: Vec::new(),
        }
    }

    /// What has been found so far, in the order of the values.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// How many values there are.
    pub fn total(&self) -> usize {
        self.values.len()
    }

    /// Whether all values have been run.
    pub fn is_done(&self) -> bool {
        self.points.len() >= self.values.len()
    }

    /// Runs on by at most so many events, or to the end of one value; true when all is done.
    pub fn advance(&mut self, max_events: u32) -> bool {
        let Some(&value) = self.values.get(self.points.len()) else {
            return true;
        };
        let mut sim = match self.running.take() {
            Some(sim) => sim,
            None => {
                let text = self.number.put(&self.text, value).unwrap_or_default();
                let options = Options {
                    seed: (self.seed != 0).then_some(self.seed),
                    until: None,
                };
                Simulation::new(&text, &options)
            }
        };
        let refused = sim.loaded().has_errors();
        if !refused && !sim.advance(max_events).done {
            self.running = Some(sim);
            return false;
        }
        self.points.push(Point {
            value,
            pods: if refused { Vec::new() } else { outcomes(&sim) },
            refused,
        });
        self.is_done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::load;
    use crate::view::numbers::numbers;

    const SLOW: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    \
                        image: registry.example/slow:1\n    livenessProbe:\n      httpGet: {path: /, port: 8080}\n      \
                        periodSeconds: 5\n---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: s}\nspec:\n  \
                        until: 2m\n  workloads:\n  - program: {listens: [{port: 8080, after: 20s}]}\n";

    fn sweep(label: &str, values: Vec<i64>) -> Answer {
        let number = numbers(&load(SLOW), SLOW)
            .into_iter()
            .find(|n| n.label.ends_with(label))
            .unwrap();
        let mut sweep = Sweep::new(SLOW, number, values, 0);
        while !sweep.advance(100) {}
        answer(sweep.points())
    }

    #[test]
    fn the_smallest_safe_threshold_is_found_though_it_is_not_written() {
        // 20 s to listen, a probe each 5 s: four failures must be borne.
        assert_eq!(
            sweep("livenessProbe.failureThreshold", values(1, 10, 1)),
            Answer::From(5)
        );
    }

    #[test]
    fn the_longest_start_that_is_borne_is_found() {
        let Answer::To(longest) = sweep("listens[0].after", values(0, 40, 1)) else {
            panic!("a longer start is never safer");
        };
        assert!((9..=16).contains(&longest), "{longest}");
    }

    #[test]
    fn ranges_are_bounded() {
        assert_eq!(values(1, 4, 1), [1, 2, 3, 4]);
        assert_eq!(values(4, 1, 0), [1, 2, 3, 4]);
        assert!(values(i64::MIN, i64::MAX, 1).len() <= MAX_VALUES);
        assert_eq!(values(0, 1000, 1).len(), 63);
    }
}
