//! A line of kubectl to what it asks for. Usage errors are those of kubectl 1.32.

use super::apply::Dry;
use super::command::{Apply, Command, Delete, Exec, Get, Logs, Output, Scope, Target, Usage};
use super::describe::Describe;
use super::flags::{Flag, Line, Takes, long, short};
use super::jsonpath::{self, JsonPath};
use super::kinds::{self, Kind};
use super::report::Report;
use super::selector::{FieldSelector, Selector};
use super::server::Propagation;
use crate::api::scenario::Span;
use crate::time::Duration;

const GET: [Flag; 17] = [
    short("output", 'o', Takes::Text),
    short("selector", 'l', Takes::Text),
    long("field-selector", Takes::Text),
    short("all-namespaces", 'A', Takes::Bool),
    short("watch", 'w', Takes::Bool),
    long("watch-only", Takes::Bool),
    long("output-watch-events", Takes::Bool),
    long("show-labels", Takes::Bool),
    long("show-kind", Takes::Bool),
    short("label-columns", 'L', Takes::Text),
    long("no-headers", Takes::Bool),
    long("sort-by", Takes::Text),
    long("ignore-not-found", Takes::Bool),
    short("filename", 'f', Takes::Text),
    long("chunk-size", Takes::Int),
    long("show-managed-fields", Takes::Bool),
    long("subresource", Takes::Text),
];

const APPLY: [Flag; 14] = [
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    long("force", Takes::Bool),
    long("server-side", Takes::Bool),
    long("force-conflicts", Takes::Bool),
    long("field-manager", Takes::Text),
    long("grace-period", Takes::Int),
    long("timeout", Takes::Span),
    long("cascade", Takes::Optional("background")),
    long("save-config", Takes::Bool),
    long("validate", Takes::Optional("strict")),
    short("recursive", 'R', Takes::Bool),
    long("wait", Takes::Bool),
];

const DELETE: [Flag; 15] = [
    short("filename", 'f', Takes::Text),
    short("selector", 'l', Takes::Text),
    long("field-selector", Takes::Text),
    long("all", Takes::Bool),
    short("all-namespaces", 'A', Takes::Bool),
    long("grace-period", Takes::Int),
    long("force", Takes::Bool),
    long("now", Takes::Bool),
    long("wait", Takes::Bool),
    long("timeout", Takes::Span),
    long("ignore-not-found", Takes::Bool),
    short("output", 'o', Takes::Text),
    long("cascade", Takes::Optional("background")),
    short("recursive", 'R', Takes::Bool),
    long("dry-run", Takes::Optional("unchanged")),
];

const EXEC: [Flag; 6] = [
    short("container", 'c', Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    short("quiet", 'q', Takes::Bool),
    short("filename", 'f', Takes::Text),
    long("pod-running-timeout", Takes::Span),
];

const LOGS: [Flag; 15] = [
    short("container", 'c', Takes::Text),
    short("follow", 'f', Takes::Bool),
    short("previous", 'p', Takes::Bool),
    short("selector", 'l', Takes::Text),
    long("all-containers", Takes::Bool),
    long("tail", Takes::Int),
    long("timestamps", Takes::Bool),
    long("prefix", Takes::Bool),
    long("since", Takes::Span),
    long("since-time", Takes::Text),
    long("limit-bytes", Takes::Int),
    long("ignore-errors", Takes::Bool),
    long("all-pods", Takes::Bool),
    long("max-log-requests", Takes::Int),
    long("pod-running-timeout", Takes::Span),
];

const DESCRIBE: [Flag; 6] = [
    short("selector", 'l', Takes::Text),
    short("all-namespaces", 'A', Takes::Bool),
    short("filename", 'f', Takes::Text),
    short("recursive", 'R', Takes::Bool),
    long("show-events", Takes::Bool),
    long("chunk-size", Takes::Int),
];

/// Verbs of kubectl that are not supported yet.
const NOT_SUPPORTED: [&str; 22] = [
    "alpha",
    "api-resources",
    "api-versions",
    "attach",
    "auth",
    "autoscale",
    "certificate",
    "cluster-info",
    "completion",
    "config",
    "cp",
    "diff",
    "edit",
    "help",
    "kustomize",
    "options",
    "plugin",
    "port-forward",
    "proxy",
    "version",
    "rolling-update",
    "ui",
];

/// Reads `argv`, the words after `kubectl`.
///
/// # Errors
/// What kubectl prints about a line it does not understand.
pub fn parse(argv: &[String]) -> Result<Command, Usage> {
    let Some(at) = verb_position(argv) else {
        return Err(Usage(
            "kubectl controls the Kubernetes cluster manager.\n\nUsage:\n  kubectl [flags] [options]\n".to_owned(),
        ));
    };
    let verb = argv.get(at).map(String::as_str).unwrap_or_default();
    let mut rest: Vec<String> = argv.iter().take(at).cloned().collect();
    rest.extend(argv.iter().skip(at + 1).cloned());
    match verb {
        "get" => get(&read(verb, &rest, &GET)?).map(|get| Command::Get(Box::new(get))),
        "apply" => apply(verb, &read(verb, &rest, &APPLY)?, false),
        "create" if rest.iter().any(|w| is_filename(w)) => apply(verb, &read(verb, &rest, &APPLY)?, true),
        "create" => super::create::parse(&rest).map(Command::Make),
        "run" => super::make::run(&rest).map(Command::Make),
        "expose" => super::expose::parse(&rest).map(Command::Make),
        "replace" => replace(&read(verb, &rest, &APPLY)?),
        "rollout" => super::rollout::parse(&rest).map(Command::Rollout),
        "wait" => super::wait::parse(&rest).map(Command::Wait),
        "drain" => super::drain::parse(&rest).map(Command::Drain),
        "debug" => super::debug::parse(&rest).map(Command::Debug),
        "explain" => super::explain::parse(&rest).map(Command::Explain),
        "events" => super::events_verb::parse(&rest).map(Command::Events),
        // As in a cluster without metrics-server.
        "top" => Err(error("Metrics API not available")),
        "delete" => delete(&read(verb, &rest, &DELETE)?).map(Command::Delete),
        "describe" => describe(&read(verb, &rest, &DESCRIBE)?).map(Command::Describe),
        "exec" => exec(&read(verb, &rest, &EXEC)?).map(Command::Exec),
        "logs" | "log" => logs(&read("logs", &rest, &LOGS)?).map(Command::Logs),
        _ => match super::edit::parse(verb, &rest) {
            Some(edit) => edit.map(Command::Edit),
            None if NOT_SUPPORTED.contains(&verb) => Err(not_supported(verb)),
            None => Err(error(format!("unknown command \"{verb}\" for \"kubectl\""))),
        },
    }
}

/// The verb is the first word that is neither a flag nor a flag's argument.
fn verb_position(argv: &[String]) -> Option<usize> {
    let mut skip = false;
    argv.iter().position(|word| {
        if std::mem::take(&mut skip) {
            return false;
        }
        let Some(name) = word.strip_prefix('-') else {
            return true;
        };
        let takes = super::flags::GLOBAL.iter().any(|f| {
            let by_letter = f.short.is_some_and(|letter| name.chars().eq([letter]));
            f.takes != Takes::Bool && (by_letter || name.strip_prefix('-') == Some(f.long))
        });
        skip = takes;
        false
    })
}

/// `-f`, `-fpod.yaml`, `--filename=…`.
fn is_filename(word: &str) -> bool {
    word == "--filename" || word.starts_with("--filename=") || (word.starts_with("-f") && !word.starts_with("--"))
}

/// `error: …`, exit code 1.
pub(super) fn error(text: impl AsRef<str>) -> Usage {
    Usage(format!("error: {}\n", text.as_ref()))
}

/// An error with the hint at a verb's help.
pub(super) fn usage_error(verb: &str, text: &str) -> Usage {
    error(format!("{text}\nSee 'kubectl {verb} -h' for help and examples"))
}

pub(super) fn not_supported(what: &str) -> Usage {
    Usage(format!("podscope: kubectl {what} is not supported yet\n"))
}

pub(super) fn read(verb: &str, words: &[String], own: &[Flag]) -> Result<Line, Usage> {
    Line::read(words, own).map_err(|text| error(format!("{text}\nSee 'kubectl {verb} --help' for usage.")))
}

pub(super) fn namespace(line: &Line) -> String {
    line.text("namespace")
        .filter(|n| !n.is_empty())
        .unwrap_or("default")
        .to_owned()
}

pub(super) fn scope(line: &Line) -> Scope {
    if line.on("all-namespaces") {
        Scope::All
    } else {
        Scope::Namespace(namespace(line))
    }
}

pub(super) fn selector(line: &Line) -> Result<Option<Selector>, Usage> {
    let Some(text) = line.text("selector").filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    match Selector::parse(text) {
        Some(selector) => Ok(Some(selector)),
        None => Err(error(format!(
            "unable to parse requirement: \"{text}\" is no label selector"
        ))),
    }
}

fn fields(line: &Line) -> Result<FieldSelector, Usage> {
    FieldSelector::parse(line.text("field-selector").unwrap_or_default()).map_err(error)
}

/// The files of `-f`, which may be given several times and hold commas.
pub(super) fn files(line: &Line) -> Vec<String> {
    line.all("filename")
        .iter()
        .flat_map(|f| f.split(','))
        .map(str::to_owned)
        .collect()
}

pub(super) fn kind(word: &str) -> Result<&'static Kind, Usage> {
    kinds::find(word).ok_or_else(|| error(format!("the server doesn't have a resource type \"{word}\"")))
}

/// `pods`, `pods,svc`, `all`, `pod web api`, `pod/web svc/web`. Tells too whether several types were asked for.
pub(super) fn targets(args: &[String]) -> Result<(Vec<Target>, bool), Usage> {
    let mut targets = Vec::new();
    if args.iter().any(|arg| arg.contains('/')) {
        for arg in args {
            let Some((word, name)) = arg.split_once('/') else {
                return Err(error(
                    "there is no need to specify a resource type as a separate argument when passing arguments in \
                     resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of \
                     'kubectl get resource resource/<resource_name>'",
                ));
            };
            if name.contains('/') {
                return Err(error(
                    "arguments in resource/name form may not have more than one slash",
                ));
            }
            if word.is_empty() || name.is_empty() {
                return Err(error(
                    "arguments in resource/name form must have a single resource and name",
                ));
            }
            targets.push(Target {
                kind: kind(word)?,
                name: Some(name.to_owned()),
            });
        }
        let several = targets
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
        return Ok((targets, several));
    }
    let Some((types, names)) = args.split_first() else {
        return Ok((targets, false));
    };
    let mut asked = Vec::new();
    for word in types.split(',').filter(|w| !w.is_empty()) {
        if word == "all" {
            asked.extend(kinds::ALL.iter().filter_map(|k| kinds::of(k)));
        } else {
            asked.push(kind(word)?);
        }
    }
    let several = asked.len() > 1;
    for kind in asked {
        if names.is_empty() {
            targets.push(Target { kind, name: None });
        }
        targets.extend(names.iter().map(|name| Target {
            kind,
            name: Some(name.clone()),
        }));
    }
    Ok((targets, several))
}

/// What a verb says that was given nothing to look at.
fn no_resource(verb: &str) -> Usage {
    Usage(format!(
        "You must specify the type of resource to {verb}. Use \"kubectl api-resources\" for a complete list of \
         supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a \
         detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl {verb} -h' for help and \
         examples\n"
    ))
}

fn get(line: &Line) -> Result<Get, Usage> {
    let output = output(line.text("output").unwrap_or_default())?;
    let files = files(line);
    if line.args.is_empty() && files.is_empty() {
        return Err(no_resource("get"));
    }
    let (targets, several) = targets(&line.args)?;
    let scope = scope(line);
    let named = targets.iter().any(|t| t.name.is_some());
    if named && scope == Scope::All {
        return Err(error("a resource cannot be retrieved by name across all namespaces"));
    }
    if named && (line.has("selector") || line.has("field-selector")) {
        return Err(error("name cannot be provided when a selector is specified"));
    }
    let watch = line.on("watch") || line.on("watch-only");
    if watch && several {
        return Err(error("you may only specify a single resource type"));
    }
    if line.on("output-watch-events") && !watch {
        return Err(error(
            "--output-watch-events option can only be used with --watch or --watch-only",
        ));
    }
    let columns = line
        .all("label-columns")
        .iter()
        .flat_map(|l| l.split(','))
        .map(str::to_owned)
        .collect();
    let sort_by = line
        .text("sort-by")
        .filter(|s| !s.is_empty())
        .map(|s| JsonPath::relaxed(s).map_err(error));
    Ok(Get {
        targets,
        files,
        show_kind: line.on("show-kind"),
        scope,
        output,
        selector: selector(line)?,
        fields: fields(line)?,
        watch,
        watch_only: line.on("watch-only"),
        watch_events: line.on("output-watch-events"),
        show_labels: line.on("show-labels"),
        label_columns: columns,
        no_headers: line.on("no-headers"),
        sort_by: sort_by.transpose()?,
        ignore_not_found: line.on("ignore-not-found"),
    })
}

fn describe(line: &Line) -> Result<Describe, Usage> {
    if line.has("filename") {
        return Err(not_supported("describe -f"));
    }
    if line.args.is_empty() {
        return Err(no_resource("describe"));
    }
    let (targets, _) = targets(&line.args)?;
    if targets.iter().any(|t| t.name.is_some()) && line.has("selector") {
        return Err(error("name cannot be provided when a selector is specified"));
    }
    Ok(Describe {
        prefix: matches!(targets.as_slice(), [one] if one.name.is_some()) && line.args.len() == 2,
        targets,
        scope: scope(line),
        selector: selector(line)?,
        show_events: line.has("show-events").then(|| line.on("show-events")),
    })
}

fn output(text: &str) -> Result<Output, Usage> {
    let (format, template) = text.split_once('=').unwrap_or((text, ""));
    match format {
        "" => Ok(Output::Table { wide: false }),
        "wide" => Ok(Output::Table { wide: true }),
        "name" => Ok(Output::Name),
        "yaml" => Ok(Output::Yaml),
        "json" => Ok(Output::Json),
        "jsonpath" if template.is_empty() => Err(error("template format specified but no template given")),
        "jsonpath" => JsonPath::template(template).map(Output::JsonPath).map_err(error),
        "custom-columns" if template.is_empty() => {
            Err(error("custom-columns format specified but no custom columns given"))
        }
        "custom-columns" => jsonpath::columns(template).map(Output::Columns).map_err(error),
        "go-template"
        | "go-template-file"
        | "jsonpath-as-json"
        | "jsonpath-file"
        | "custom-columns-file"
        | "kyaml"
        | "template"
        | "templatefile" => Err(not_supported(&format!("get -o {format}"))),
        _ => Err(error(format!(
            "unable to match a printer suitable for the output format \"{text}\", allowed formats are: \
             custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
             jsonpath-file,kyaml,name,template,templatefile,wide,yaml"
        ))),
    }
}

fn apply(verb: &str, line: &Line, create: bool) -> Result<Command, Usage> {
    if let Some(word) = line.args.first() {
        let what = format!("{verb} {word}");
        return Err(if create {
            not_supported(&what)
        } else {
            usage_error(verb, &format!("Unexpected args: {:?}", line.args))
        });
    }
    let files = files(line);
    if files.is_empty() {
        return Err(error("must specify one of -f and -k"));
    }
    Ok(Command::Apply(store(line, files, create)?))
}

fn store(line: &Line, files: Vec<String>, create: bool) -> Result<Apply, Usage> {
    Ok(Apply {
        files,
        create,
        replace: false,
        server_side: line.on("server-side"),
        dry: Dry::of(line)?,
        namespace: namespace(line),
        in_namespace: line.has("namespace"),
        report: Report::of(line)?,
    })
}

/// `replace` changes what is there; with `--force` it is deleted first and made anew.
fn replace(line: &Line) -> Result<Command, Usage> {
    let files = files(line);
    if files.is_empty() {
        return Err(error("must specify one of -f and -k"));
    }
    let mut apply = store(line, files.clone(), line.on("force"))?;
    apply.replace = true;
    if !line.on("force") {
        return Ok(Command::Apply(apply));
    }
    let delete = Delete {
        targets: Vec::new(),
        files,
        scope: Scope::Namespace(namespace(line)),
        selector: None,
        fields: FieldSelector::parse("").map_err(error)?,
        grace: line.int("grace-period").filter(|g| *g >= 0),
        propagation: cascade(line)?.0,
        warning: None,
        force: false,
        wait: true,
        timeout: line.text("timeout").and_then(Span::parse).map(|Span(d)| d),
        ignore_not_found: true,
        names_only: false,
        dry: Dry::No,
    };
    Ok(Command::Replace(delete, apply))
}

fn delete(line: &Line) -> Result<Delete, Usage> {
    let files = files(line);
    let (targets, _) = targets(&line.args)?;
    if files.is_empty() && targets.is_empty() {
        return Err(error(
            "You must provide one or more resources by argument or filename.\nExample resource specifications \
             include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
        ));
    }
    let selects = line.has("selector") || line.has("field-selector");
    if line.on("all") && selects {
        let flag = if line.has("selector") {
            "selector"
        } else {
            "field-selector"
        };
        return Err(error(format!("cannot set --all and --{flag} at the same time")));
    }
    let named = targets.iter().any(|t| t.name.is_some());
    if named && (selects || line.on("all")) {
        return Err(error("name cannot be provided when a selector is specified"));
    }
    if files.is_empty() && !named && !selects && !line.on("all") {
        return Err(error("resource(s) were provided, but no name was specified"));
    }
    let force = line.on("force");
    let grace = line.int("grace-period").filter(|g| *g >= 0);
    let grace = match (line.on("now"), grace) {
        (true, Some(_)) => return Err(error("--now and --grace-period cannot be specified together")),
        (true, None) => Some(1),
        (false, None) if force => Some(0),
        // Nothing is killed outright by mistake: zero counts only together with --force.
        (false, Some(0)) if !force => Some(1),
        (false, grace) => grace,
    };
    if force && grace.is_some_and(|g| g > 0) {
        return Err(error(
            "--force and --grace-period greater than 0 cannot be specified together",
        ));
    }
    let timeout = line.text("timeout").and_then(Span::parse).map(|Span(d)| d);
    let (propagation, warning) = cascade(line)?;
    Ok(Delete {
        targets,
        files,
        scope: scope(line),
        selector: selector(line)?,
        fields: fields(line)?,
        grace,
        propagation,
        warning,
        force: force && grace == Some(0),
        wait: !line.has("wait") || line.on("wait"),
        timeout: timeout.filter(|d| *d > Duration::ZERO),
        ignore_not_found: line.on("ignore-not-found") || line.on("all"),
        names_only: line.text("output") == Some("name"),
        dry: Dry::of(line)?,
    })
}

/// `--cascade`, and the warning about its old form.
fn cascade(line: &Line) -> Result<(Propagation, Option<String>), Usage> {
    let Some(text) = line.text("cascade") else {
        return Ok((Propagation::Background, None));
    };
    let old = |new: &str| {
        Some(format!(
            "warning: --cascade={text} is deprecated (boolean value) and can be replaced with --cascade={new}"
        ))
    };
    Ok(match (text, super::flags::parse_bool(text)) {
        ("background", _) => (Propagation::Background, None),
        ("foreground", _) => (Propagation::Foreground, None),
        ("orphan", _) => (Propagation::Orphan, None),
        (_, Some(true)) => (Propagation::Background, old("background")),
        (_, Some(false)) => (Propagation::Orphan, old("orphan")),
        _ => {
            return Err(error(format!(
                "invalid cascade value ({text}). Must be \"background\", \"foreground\", or \"orphan\""
            )));
        }
    })
}

/// A Pod by name, or `type/name`.
fn pod_target(word: &str) -> Result<Target, Usage> {
    match word.split_once('/') {
        Some((word, name)) => Ok(Target {
            kind: kind(word)?,
            name: Some(name.to_owned()),
        }),
        None => Ok(Target {
            kind: kind("pods")?,
            name: Some(word.to_owned()),
        }),
    }
}

fn exec(line: &Line) -> Result<Exec, Usage> {
    let before = line.dash.unwrap_or(line.args.len());
    if before > 1 {
        return Err(usage_error(
            "exec",
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead",
        ));
    }
    let Some(word) = line.args.first().filter(|_| before == 1) else {
        return Err(error("pod, type/name or --filename must be specified"));
    };
    let argv: Vec<String> = line.args.iter().skip(before).cloned().collect();
    if argv.is_empty() {
        return Err(error("you must specify at least one command for the container"));
    }
    Ok(Exec {
        target: pod_target(word)?,
        namespace: namespace(line),
        container: line.text("container").filter(|c| !c.is_empty()).map(str::to_owned),
        stdin: line.on("stdin"),
        quiet: line.on("quiet"),
        argv,
    })
}

fn logs(line: &Line) -> Result<Logs, Usage> {
    let selector = selector(line)?;
    let hint = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument \
                for the logs command";
    let (target, inline) = match (line.args.as_slice(), &selector) {
        ([], Some(_)) => (None, None),
        ([_, ..], Some(_)) => {
            return Err(usage_error("logs", "only a selector (-l) or a POD name is allowed"));
        }
        ([pod], None) => (Some(pod_target(pod)?), None),
        ([pod, container], None) => (Some(pod_target(pod)?), Some(container.clone())),
        _ => return Err(usage_error("logs", hint)),
    };
    let flag = line.text("container").filter(|c| !c.is_empty()).map(str::to_owned);
    if flag.is_some() && inline.is_some() {
        return Err(error("only one of -c or an inline [CONTAINER] arg is allowed"));
    }
    let container = flag.or(inline);
    if let (Some(container), true) = (&container, line.on("all-containers")) {
        return Err(error(format!(
            "--all-containers=true should not be specified with container name {container}"
        )));
    }
    let tail = line.int("tail").unwrap_or(if selector.is_some() { 10 } else { -1 });
    if tail < -1 {
        return Err(error("--tail must be greater than or equal to -1"));
    }
    Ok(Logs {
        target,
        selector,
        namespace: namespace(line),
        container,
        all_containers: line.on("all-containers"),
        all_pods: line.on("all-pods"),
        previous: line.on("previous"),
        follow: line.on("follow"),
        tail: usize::try_from(tail).ok(),
        since: line
            .text("since")
            .and_then(Span::parse)
            .map(|Span(d)| d)
            .filter(|d| *d > Duration::ZERO),
        since_time: line.text("since-time").map(str::to_owned),
        limit: line
            .int("limit-bytes")
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n > 0),
        timestamps: line.on("timestamps"),
        prefix: line.on("prefix"),
    })
}
