//! Everything the view says in words, by language.
//!
//! Callers hand in facts (numbers, names, times), never phrases, and a language is one folder with the functions of
//! [`Lang`]'s methods. A new variant of the trace does not compile until every language has words for it.

mod decide;
mod en;
pub mod time;
mod zh;

use crate::api::WorkloadKind;
use crate::time::Instant;
use crate::trace::{LaneKind, ProbeKind, Rule, What};

/// A language of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// Whom an entry is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Kind of its lane.
    pub kind: LaneKind,
    /// Name of its lane.
    pub name: &'a str,
    /// Name of the container it belongs to.
    pub container: Option<&'a str>,
    /// Name of the Pod it belongs to.
    pub pod: Option<&'a str>,
}

/// Everything a title and a sentence may mention.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Whom it is about.
    pub subject: Subject<'a>,
    /// What the entry says.
    pub what: &'a What,
    /// The rule that made it.
    pub rule: Rule,
    /// When it happened or began.
    pub at: Instant,
    /// When it ended, if it is a slice that has.
    pub end: Option<Instant>,
    /// The results in a row behind a verdict or a kill, oldest first. At most the last dozen.
    pub results: &'a [Instant],
    /// The entry it follows from: what it says, and the rule that made it.
    pub because: Option<(&'a What, Rule)>,
    /// When the entry it follows from happened.
    pub because_at: Option<Instant>,
    /// The probe whose kill led here, if one did.
    pub probe_kill: Option<ProbeKind>,
    /// Whether the container was told to stop before.
    pub signalled: bool,
}

impl Lang {
    /// The language of a tag such as `en-GB`; English for what is not spoken here.
    pub fn of_tag(tag: &str) -> Lang {
        match tag.split(['-', '_']).next() {
            Some(main) if main.eq_ignore_ascii_case("zh") => Lang::Zh,
            _ => Lang::En,
        }
    }

    /// The label of a lane. `numbers` are threshold and period of a probe as far as they are known.
    pub fn lane(
        self,
        kind: LaneKind,
        name: &str,
        threshold: Option<u32>,
        period: Option<crate::time::Duration>,
    ) -> String {
        match self {
            Lang::En => en::what::lane(kind, name, threshold, period),
            Lang::Zh => zh::what::lane(kind, name, threshold, period),
        }
    }

    /// The kind of a workload, and how many Pods its own lane has below it.
    pub fn workload(self, kind: WorkloadKind, pods: u32) -> String {
        let kind = kind.as_str();
        match (self, pods) {
            (_, 0) => kind.to_owned(),
            (Lang::En, 1) => format!("{kind} · 1 Pod"),
            (Lang::En, _) => format!("{kind} · {} Pods", grouped(pods)),
            (Lang::Zh, _) => format!("{kind} · {} 个 Pod", grouped(pods)),
        }
    }

    /// The exit code of a container.
    pub fn exit(self, code: i32) -> String {
        match self {
            Lang::En => format!("exit code {code}"),
            Lang::Zh => format!("退出码 {code}"),
        }
    }

    /// So many endpoints of a Service are ready.
    pub fn endpoints(self, ready: u32) -> String {
        match (self, ready) {
            (Lang::En, 1) => "1 ready endpoint".to_owned(),
            (Lang::En, _) => format!("{} ready endpoints", grouped(ready)),
            (Lang::Zh, _) => format!("{} 个就绪端点", grouped(ready)),
        }
    }

    /// Words for the inside of a bar, fullest first. Empty for what carries no words.
    pub fn labels(self, kind: LaneKind, what: &What) -> Vec<String> {
        match self {
            Lang::En => en::what::labels(kind, what),
            Lang::Zh => zh::what::labels(kind, what),
        }
    }

    /// An entry in a few words, for tables, tooltips and chains of causes.
    pub fn said(self, subject: &Subject<'_>, what: &What, rule: &Rule) -> String {
        match self {
            Lang::En => en::what::said(subject, what, rule),
            Lang::Zh => zh::what::said(subject, what, rule),
        }
    }

    /// An entry with its time, as a heading.
    pub fn title(self, facts: &Facts<'_>) -> String {
        match self {
            Lang::En => en::title::title(facts),
            Lang::Zh => zh::title::title(facts),
        }
    }

    /// Why the entry is there: the rule in plain words, with its numbers.
    pub fn sentence(self, facts: &Facts<'_>) -> String {
        let (meaning, how, between) = match self {
            Lang::En => (
                en::status::meaning as fn(&What, &str) -> _,
                en::why::how as fn(&Facts<'_>) -> _,
                " ",
            ),
            Lang::Zh => (
                zh::status::meaning as fn(&What, &str) -> _,
                zh::why::how as fn(&Facts<'_>) -> _,
                "",
            ),
        };
        match meaning(facts.what, facts.subject.name) {
            // The mark is its cause and says the rest.
            Some(meaning) if matches!(facts.rule, Rule::DeletionMarked { .. }) => meaning,
            Some(meaning) => format!("{meaning}{between}{}", how(facts)),
            None => how(facts),
        }
    }

    /// Words that are not about an entry.
    pub fn fixed(self) -> &'static Fixed {
        match self {
            Lang::En => &en::FIXED,
            Lang::Zh => &zh::FIXED,
        }
    }
}

/// A number with a comma before each three digits.
fn grouped(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Words that are always the same.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// Name of a figure without a title.
    pub figure: &'static str,
    /// Heads of the tables: from, to, lane, what.
    pub columns: [&'static str; 4],
    /// A slice that goes on.
    pub open: &'static str,
    /// The short cut in a long table; `{n}` is the number of rows left out.
    pub left_out: &'static str,
}
