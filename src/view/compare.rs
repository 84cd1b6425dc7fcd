//! Two runs side by side, as differences in numbers.

use super::outcome::Outcome;
use super::words::time::span;
use crate::time::Duration;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// From creation to being Ready.
    Ready,
    /// Restarts.
    Restarts,
    /// Time not Ready after having been.
    Unready,
    /// From deletion to being gone.
    Stop,
    /// Containers killed at the end of their grace.
    Killed,
    /// STATUS at the end.
    Status,
}

impl Measure {
    /// Every measure, in the order of a life.
    pub const ALL: [Measure; 6] = [
        Measure::Ready,
        Measure::Restarts,
        Measure::Unready,
        Measure::Stop,
        Measure::Killed,
        Measure::Status,
    ];

    /// As one word, for the page.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Ready => "ready",
            Measure::Restarts => "restarts",
            Measure::Unready => "unready",
            Measure::Stop => "stop",
            Measure::Killed => "killed",
            Measure::Status => "status",
        }
    }

    /// The number, less being better; `None` when it never came to it, and for what is no number.
    fn number(self, pod: &Outcome) -> Option<i64> {
        match self {
            Measure::Ready => pod.ready.map(Duration::micros),
            Measure::Restarts => Some(pod.restarts),
            Measure::Unready => Some(pod.unready.micros()),
            Measure::Stop => pod.stop.map(Duration::micros),
            Measure::Killed => Some(i64::from(pod.killed)),
            Measure::Status => None,
        }
    }

    /// The value as it is printed; a dash for what never came.
    pub fn text(self, pod: &Outcome) -> String {
        let span_or = |d: Option<Duration>| d.map_or_else(|| "–".to_owned(), span);
        match self {
            Measure::Ready => span_or(pod.ready),
            Measure::Restarts => pod.restarts.to_string(),
            Measure::Unready => span(pod.unready),
            Measure::Stop => span_or(pod.stop),
            Measure::Killed => pod.killed.to_string(),
            Measure::Status => pod.status.clone().unwrap_or_else(|| "–".to_owned()),
        }
    }
}

/// How a value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It did not.
    Same,
    /// For the better.
    Better,
    /// For the worse.
    Worse,
    /// It is another, and which is better is not for a number to say.
    Other,
}

impl Turn {
    /// As one word, for the page.
    pub fn word(self) -> &'static str {
        match self {
            Turn::Same => "same",
            Turn::Better => "better",
            Turn::Worse => "worse",
            Turn::Other => "other",
        }
    }
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The Pod.
    pub pod: String,
    /// What is compared.
    pub measure: Measure,
    /// Its value in the first run.
    pub before: String,
    /// Its value in the second run.
    pub after: String,
    /// How it changed.
    pub turn: Turn,
    /// By how much, with its sign; empty where there is no number.
    pub by: String,
}

fn turn(measure: Measure, a: Option<&Outcome>, b: Option<&Outcome>) -> (Turn, String) {
    let (Some(a), Some(b)) = (a, b) else {
        return (Turn::Other, String::new());
    };
    if measure == Measure::Status {
        let same = a.status == b.status;
        return (if same { Turn::Same } else { Turn::Other }, String::new());
    }
    match (measure.number(a), measure.number(b)) {
        (None, None) => (Turn::Same, String::new()),
        // Never to be ready is worse than any number; never to have been stopped is no worse, it was not asked for.
        (Some(_), None) if measure == Measure::Ready => (Turn::Worse, String::new()),
        (None, Some(_)) if measure == Measure::Ready => (Turn::Better, String::new()),
        (Some(_), None) | (None, Some(_)) => (Turn::Other, String::new()),
        (Some(a), Some(b)) => {
            let by = b.saturating_sub(a);
            let sign = if by > 0 { "+" } else { "−" };
            let turn = match by {
                0 => return (Turn::Same, String::new()),
                1.. => Turn::Worse,
                _ => Turn::Better,
            };
            let size = i64::try_from(by.unsigned_abs()).unwrap_or(i64::MAX);
            let size = match measure {
                Measure::Restarts | Measure::Killed => size.to_string(),
                _ => span(Duration::from_micros(size)),
            };
            (turn, format!("{sign}{size}"))
        }
    }
}

/// Compares two runs Pod by Pod. Pods are the same by their name; one that is in only one of the runs has dashes in the
/// other.
pub fn compare(before: &[Outcome], after: &[Outcome]) -> Vec<Difference> {
    let mut names: Vec<&str> = Vec::new();
    for pod in before.iter().chain(after) {
        if !names.contains(&pod.name.as_str()) {
            names.push(&pod.name);
        }
    }
    let mut rows = Vec::new();
    for name in names {
        let of = |list: &'_ [Outcome]| list.iter().rfind(|p| p.name == name).cloned();
        let (a, b) = (of(before), of(after));
        for measure in Measure::ALL {
            let text = |pod: &Option<Outcome>| pod.as_ref().map_or_else(|| "–".to_owned(), |p| measure.text(p));
            let (turn, by) = turn(measure, a.as_ref(), b.as_ref());
            rows.push(Difference {
                pod: name.to_owned(),
                measure,
                before: text(&a),
                after: text(&b),
                turn,
                by,
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Options, Simulation};
    use crate::view::outcome::outcomes;

    fn run(text: &str) -> Vec<Outcome> {
        let mut sim = Simulation::new(text, &Options::default());
        sim.run();
        outcomes(&sim)
    }

    #[test]
    fn a_patient_probe_is_compared_with_an_impatient_one() {
        let text = |threshold: u32| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: app\n    image: \
                 registry.example/slow:1\n    livenessProbe: {{httpGet: {{path: /, port: 8080}}, periodSeconds: 5, \
                 failureThreshold: {threshold}}}\n---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {{name: s}}\n\
                 spec:\n  until: 2m\n  workloads:\n  - program: {{listens: [{{port: 8080, after: 20s}}]}}\n"
            )
        };
        let (hasty, patient) = (run(&text(1)), run(&text(6)));
        assert!(hasty[0].restarts > 1 && !hasty[0].is_safe(), "{hasty:?}");
        assert!(patient[0].restarts == 0 && patient[0].is_safe(), "{patient:?}");
        let rows = compare(&hasty, &patient);
        let restarts = rows.iter().find(|r| r.measure == Measure::Restarts).unwrap();
        assert_eq!((restarts.turn, restarts.after.as_str()), (Turn::Better, "0"));
        assert!(restarts.by.starts_with('−'));
        assert!(compare(&patient, &patient).iter().all(|r| r.turn == Turn::Same));
        assert_eq!(compare(&patient, &[])[0].turn, Turn::Other);
    }
}
