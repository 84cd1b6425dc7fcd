//! Writes an assumed program out, so that what the simulation took for granted stands in the text and can be changed.

use crate::api::Loaded;
use crate::manifest::{Diagnostic, Fix, Node, Range};

/// The mend of a remark that a program was assumed to be a server: a `workloads` entry of the scenario that says the
/// same. `None` for other remarks, and where the scenario is written in a style that it does not fit into.
pub fn write_out(loaded: &Loaded, text: &str, said: &Diagnostic) -> Option<Fix> {
    let ends = said.message.ends_with("ends with exit code 0 one second after start");
    if said.code != "assumed" || !ends && !said.message.contains(" listens on ") {
        return None;
    }
    let container = said
        .path
        .strip_suffix(".image")
        .or(said.path.strip_suffix(".command"))?;
    let document = loaded.documents.iter().find(|d| d.range.holds(said.range.start))?;
    let word = |path: &str| document.root.at(path).and_then(Node::as_str);
    let (pod, name) = (word("metadata.name")?, word(&format!("{container}.name"))?);
    // The Pods of a workload have its name and more.
    let more = if container.contains("template.") { "-*" } else { "" };
    let mut lines = vec![
        format!("- pod: {pod}{more}"),
        format!("  container: {name}"),
        "  program:".to_owned(),
    ];
    if ends {
        lines.push("    exits: [{after: 1s, code: 0}]".to_owned());
    } else {
        lines.extend(listening(&said.message)?);
    }
    let item = |indent: &str| lines.iter().map(|line| format!("{indent}{line}\n")).collect::<String>();
    let (at, text) = match loaded.scenario_document().and_then(|n| loaded.documents.get(n)) {
        None => {
            let gap = if text.ends_with('\n') { "" } else { "\n" };
            let head = "---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n  workloads:\n";
            (text.len() as u32, format!("{gap}{head}{}", item("  ")))
        }
        Some(scenario) => {
            let workloads = scenario.root.at("spec.workloads");
            let spec = scenario.root.get("spec")?;
            let (first, head) = match workloads.and_then(|list| list.items().first()) {
                Some(first) => (first.range.start, ""),
                None if workloads.is_none() => (spec.entries().first()?.key_range.start, "workloads:\n"),
                None => return None,
            };
            let before = text.get(..first as usize)?;
            let start = before.rfind('\n').map_or(0, |n| n + 1);
            let indent: String = before.get(start..)?.chars().take_while(|c| *c == ' ').collect();
            // Only a list and a mapping that stand on lines of their own can take in another line.
            if !matches!(before.get(start..)?.trim(), "" | "-") {
                return None;
            }
            let head = if head.is_empty() {
                String::new()
            } else {
                format!("{indent}{head}")
            };
            (start as u32, head + &item(&indent))
        }
    };
    Some(Fix {
        title: "Write it out".to_owned(),
        range: Range { start: at, end: at },
        text,
    })
}

/// Ports, start and end of a server as the remark has them.
fn listening(message: &str) -> Option<[String; 2]> {
    let (_, rest) = message.split_once(" listens on ")?;
    let (told, end) = rest.split_once(" after start")?;
    let mut words: Vec<&str> = told.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    let mut after = words.pop()?;
    if after == "second" {
        words.pop();
        after = "1s";
    }
    let listens: Vec<String> = words.iter().map(|n| format!("{{port: {n}, after: {after}}}")).collect();
    let code = end.rsplit_once("exit code ").map_or("0", |(_, code)| code);
    let end = match end.contains("ignores SIGTERM") {
        true => "ignore".to_owned(),
        false => format!("{{after: 0s, code: {code}}}"),
    };
    Some([
        format!("    listens: [{}]", listens.join(", ")),
        format!("    onTerm: {end}"),
    ])
}

#[cfg(test)]
mod tests {
    use crate::sim::{Options, Simulation};

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: w\nspec:\n  containers:\n  - name: app\n    image: example/app:1\n    ports:\n    - containerPort: 9090\n";

    /// The text with the assumption written out, if that is offered.
    fn written(text: &str) -> Option<String> {
        let mut sim = Simulation::new(text, &Options::default());
        sim.run();
        let said = sim.diagnostics();
        let fix = said.iter().find_map(|d| super::write_out(sim.loaded(), text, d))?;
        let (head, tail) = text.split_at(fix.range.start as usize);
        Some(format!("{head}{}{tail}", fix.text))
    }

    #[test]
    fn an_assumption_is_written_out_once() {
        let scenario = "---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n";
        for text in [
            POD.to_owned(),
            format!("{POD}{scenario}  until: 2m\n"),
            format!("{POD}{scenario}  workloads:\n  - pod: other\n    program: {{listens: [{{port: 1}}]}}\n"),
        ] {
            let out = written(&text).unwrap_or_default();
            assert!(
                out.contains(
                    "  - pod: w\n    container: app\n    program:\n      listens: [{port: 9090, after: 1s}]\n"
                ),
                "{out}"
            );
            let again = Simulation::new(&out, &Options::default());
            assert!(again.diagnostics().is_empty(), "{out}\n{:?}", again.diagnostics());
            assert_eq!(written(&out), None, "{out}");
        }
        let flow = format!("{POD}---\n{{apiVersion: podscope/v1, kind: Scenario, spec: {{until: 2m}}}}\n");
        assert_eq!(written(&flow), None);
    }
}
