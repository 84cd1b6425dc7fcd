//! `kubectl rollout`.
//!
//! Twin: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go (v1.36.2)
//! Twin: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/history.go (v1.36.2)
//! Twin: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go (v1.36.2)
//! Covers: status, history, undo, restart, pause, resume of Deployments, StatefulSets and DaemonSets.
//! Left out: `history -o`.

mod change;
mod history;
mod status;
mod undo;

use super::command::Usage;
use super::flags::{Flag, Line, Takes, long, short};
use super::parse::{error, not_supported, read};
use super::report::Report;
use super::selection::Selection;
use crate::api::scenario::Span;
use crate::time::Duration;

pub(super) use change::run as change;
pub(super) use history::run as history;
pub(super) use status::{Following, ends, go_on, kind_of, start};
pub(super) use undo::run as undo;

const FLAGS: [Flag; 9] = [
    short("selector", 'l', Takes::Text),
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    short("watch", 'w', Takes::Bool),
    long("timeout", Takes::Span),
    long("revision", Takes::Int),
    long("to-revision", Takes::Int),
    long("dry-run", Takes::Optional("unchanged")),
    long("field-manager", Takes::Text),
];

/// One such line.
#[derive(Clone, Debug)]
pub struct Rollout {
    pub(super) selection: Selection,
    pub(super) action: Action,
    pub(super) report: Report,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Status {
        /// `--watch`.
        watch: bool,
        /// `--timeout`.
        timeout: Option<Duration>,
        /// `--revision`; the last one when 0.
        revision: i64,
    },
    /// `--revision`; all of them when 0.
    History(i64),
    /// `--to-revision`; the last one before when 0.
    Undo(i64),
    Restart,
    Pause,
    Resume,
}

/// Reads the words after the verb.
pub(super) fn parse(words: &[String]) -> Result<Rollout, Usage> {
    let line = read("rollout", words, &FLAGS)?;
    let Some((what, args)) = line.args.split_first() else {
        return Err(Usage(HELP.to_owned()));
    };
    let action = action(what, &line)?;
    if matches!(action, Action::History(_)) && line.has("output") {
        return Err(not_supported("rollout history -o"));
    }
    if args.is_empty() && !line.has("filename") {
        return Err(error("required resource not specified"));
    }
    Ok(Rollout {
        selection: Selection::of(&line, args, true)?,
        action,
        report: Report::of(&line)?,
    })
}

fn action(what: &str, line: &Line) -> Result<Action, Usage> {
    let revision = line.int("revision").unwrap_or(0);
    if revision < 0 {
        return Err(error(format!("revision must be a positive integer: {revision}")));
    }
    Ok(match what {
        "status" => Action::Status {
            watch: !line.has("watch") || line.on("watch"),
            timeout: line
                .text("timeout")
                .and_then(Span::parse)
                .map(|Span(d)| d)
                .filter(|d| *d > Duration::ZERO),
            revision,
        },
        "history" => Action::History(revision),
        "undo" => Action::Undo(line.int("to-revision").unwrap_or(0)),
        "restart" => Action::Restart,
        "pause" => Action::Pause,
        "resume" => Action::Resume,
        _ => return Err(Usage(HELP.to_owned())),
    })
}

/// `rollout` without a word of what to do.
const HELP: &str = "Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets

Examples:
  # Rollback to the previous deployment
  kubectl rollout undo deployment/abc
  
  # Check the rollout status of a daemonset
  kubectl rollout status daemonset/foo
  
  # Restart a deployment
  kubectl rollout restart deployment/abc
  
  # Restart deployments with the 'app=nginx' label
  kubectl rollout restart deployment --selector=app=nginx

Available Commands:
  history       View rollout history
  pause         Mark the provided resource as paused
  restart       Restart a resource
  resume        Resume a paused resource
  status        Show the status of the rollout
  undo          Undo a previous rollout

Usage:
  kubectl rollout SUBCOMMAND [options]

Use \"kubectl rollout <command> --help\" for more information about a given
command.
Use \"kubectl options\" for a list of global command-line options (applies to all
commands).
";
