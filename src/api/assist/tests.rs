//! Completion and hover over small texts.

use super::{TEMPLATES, complete, hover};
use crate::api::load;
use crate::manifest::Severity;

/// Completions at the bar in a text.
fn at_bar(text: &str) -> Vec<String> {
    let offset = text.find('¦').unwrap_or(0);
    let text = text.replace('¦', "");
    complete(&load(&text), &text, offset as u32)
        .into_iter()
        .map(|c| c.label)
        .collect()
}

#[test]
fn fields_and_words_are_offered_where_they_belong() {
    let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";
    for (text, some) in [
        (format!("{head}  cont¦\n"), "containers"),
        (format!("{head}  containers:\n  - name: a\n    ima¦\n"), "image"),
        (
            format!("{head}  containers:\n  - name: a\n    livenessProbe:\n      per¦\n"),
            "periodSeconds",
        ),
        (format!("{head}  containers:\n  - na¦\n"), "name"),
        (
            format!("{head}  containers:\n  - name: a\n    imagePullPolicy: ¦\n"),
            "IfNotPresent",
        ),
        (format!("{head}  restartPolicy: N¦\n"), "Never"),
        (
            format!(
                "{head}  containers:\n  - name: a\n    ports:\n    - containerPort: 80\n      prot¦\n  volumes: []\n"
            ),
            "protocol",
        ),
        (format!("{head}  containers:\n  - name: a\n  ¦\n"), "volumes"),
        (format!("{head}  containers:\n  - name: a\n    ¦\n"), "command"),
        (
            "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps:\n  - at: 1s\n    fa¦\n".to_owned(),
            "fault",
        ),
    ] {
        let all = at_bar(&text);
        assert!(all.iter().any(|label| label == some), "{text}\n{all:?}");
    }
    assert!(!at_bar(&format!("{head}  restartPolicy: Never\n  rest¦\n")).contains(&"restartPolicy".to_owned()));
}

#[test]
fn fields_are_explained() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  restartPolicy: Never\n  containers: []\n";
    let at = text.find("Never").unwrap_or(0) as u32;
    let found = hover(&load(text), at, "PodSpec.restartPolicy\tRestart policy.\n").unwrap();
    assert_eq!(
        (found.path.as_str(), found.default, found.description.as_str()),
        ("spec.restartPolicy", "Always", "Restart policy.")
    );
    assert_eq!(found.words, ["Always", "OnFailure", "Never"]);
}

#[test]
fn fields_of_workloads_are_offered_by_path() {
    let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n";
    let set =
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  volumeClaimTemplates:\n  - spec:\n";
    let job = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  jobTemplate:\n    spec:\n";
    for (text, some) in [
        (format!("{head}  prog¦\n"), "progressDeadlineSeconds"),
        (
            format!("{head}  strategy:\n    rollingUpdate:\n      maxS¦\n"),
            "maxSurge",
        ),
        (format!("{head}  strategy:\n    type: Rec¦\n"), "Recreate"),
        (
            format!("{head}  template:\n    spec:\n      containers:\n      - read¦\n"),
            "readinessProbe",
        ),
        (
            format!("{job}      podFailurePolicy:\n        rules:\n        - act¦\n"),
            "action",
        ),
        (
            format!("{job}      podFailurePolicy:\n        rules:\n        - action: ¦\n"),
            "FailIndex",
        ),
        (
            format!("{job}      template:\n        spec:\n          restartPolicy: ¦\n"),
            "OnFailure",
        ),
        (format!("{set}      accessModes:\n      - ReadW¦\n"), "ReadWriteOncePod"),
        (format!("{set}      volumeMode: ¦\n"), "Block"),
    ] {
        let all = at_bar(&text);
        assert!(all.iter().any(|label| label == some), "{text}\n{all:?}");
    }
}

#[test]
fn kinds_and_versions_go_together() {
    assert!(at_bar("apiVersion: batch/v1\nkind: ¦\n").iter().eq(["CronJob", "Job"]));
    assert_eq!(at_bar("apiVersion: apps/¦\nkind: StatefulSet\n"), ["apps/v1"]);
    assert_eq!(at_bar("kind: ReplicationController\napiVersion: ¦\n"), ["v1"]);
    let heads = at_bar("metadata: {name: a}\n¦\n");
    assert_eq!(heads, ["apiVersion", "kind", "spec"]);
}

#[test]
fn a_value_right_after_its_colon_gets_a_space() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy:\n";
    let all = complete(&load(text), text, text.len() as u32 - 1);
    assert!(all.iter().any(|c| c.text == " Never"), "{all:?}");
}

#[test]
fn an_empty_document_is_offered_whole_manifests() {
    let all: Vec<&str> = TEMPLATES.iter().map(|template| template.title).collect();
    for text in [
        "¦",
        "# a comment\n\n¦\n",
        "kind: Pod\n---\n¦",
        "---\n¦\n---\nkind: Pod\n",
    ] {
        assert_eq!(at_bar(text), all, "{text}");
    }
    assert_eq!(at_bar("job¦"), ["Job", "Job, Indexed"]);
    assert_eq!(at_bar("kind: Pod\n---\nstate¦\n"), ["StatefulSet"]);
    for text in ["kind: Pod\n¦", "a¦\nkind: Pod\n", "  ¦"] {
        assert!(at_bar(text).iter().all(|label| label != "Deployment"), "{text}");
    }
}

#[test]
fn templates_check_clean_and_name_each_kind_once() {
    for template in TEMPLATES {
        let loaded = load(template.text);
        let wrong: Vec<_> = loaded
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error || d.code == "api-warning")
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", template.title);
        assert!(template.text.ends_with('\n'), "{}", template.title);
        let kinds: Vec<&str> = loaded.objects.iter().map(|one| one.object.kind()).collect();
        let first = template.title.split([' ', ',']).next().unwrap_or("");
        let found = kinds.contains(&first) || loaded.scenario_document().is_some();
        assert!(found, "{} {kinds:?}", template.title);
    }
}

#[test]
fn fields_of_workloads_are_explained() {
    let text = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec:\n  updateStrategy:\n    rollingUpdate:\n      maxSurge: 1\n";
    let at = text.find("maxSurge").unwrap_or(0) as u32;
    let found = hover(&load(text), at, "").unwrap();
    assert_eq!(
        (found.path.as_str(), found.default, found.holds.as_str()),
        ("spec.updateStrategy.rollingUpdate.maxSurge", "0", "a number or a name")
    );
}
