//! Whatever the text, loading it ends without a panic and every place lies in the text; and many Pods cost so many times one.

use podscope::api::{complete, decode_given, hover, load};
use podscope::manifest::LineIndex;
use podscope::sim::{Options, Simulation};
use proptest::prelude::*;

const SEEDS: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: wéb\n  labels: {app: web}\nspec:\n  containers:\n  - name: web\n    image: nginx\n    ports: [{containerPort: 80}]\n    livenessProbe:\n      httpGet: {path: /, port: 80}\n    resources:\n      limits: {cpu: 500m, memory: 64Mi}\n",
    "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: 2m\n  steps:\n  - at: 3s\n    run: |\n      kubectl get pod\n  workloads:\n  - program: {onTerm: ignore, exits: [{after: 1s}]}\n",
    "a: &a [1, *b]\nb: &b {<<: *a, c: \"x\\ty\"}\n---\n? [k]\n: >-\n  text\n...\n%YAML 1.2\n---\n- - x\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: i}]}\n---\napiVersion: v1\nkind: List\nitems: [{}, 1, [x]]\n",
    "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"s\\ud83d\\ude00\"}, \"spec\": {\"ports\": [{\"port\": 80}]}}",
    "x: {{ .Values.y }}\n",
];

/// A piece of a manifest, or something that upsets readers.
fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\n".to_owned()),
        Just("---\n".to_owned()),
        Just("- ".to_owned()),
        Just(": ".to_owned()),
        Just("\t".to_owned()),
        Just("[{".to_owned()),
        Just("*a &b !!int ".to_owned()),
        Just("\"\\'".to_owned()),
        Just("|\n ".to_owned()),
        Just("\r\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("9223372036854775808".to_owned()),
        Just("-0x8000000000000000".to_owned()),
        Just("1e999".to_owned()),
        Just("#".to_owned()),
        any::<char>().prop_map(|c| c.to_string()),
    ]
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let loaded = load(text);
    let lines = LineIndex::new(text);
    for d in &loaded.diagnostics {
        prop_assert!(
            d.range.start <= d.range.end && d.range.end as usize <= text.len(),
            "{:?}",
            d
        );
        prop_assert!(
            text.get(d.range.start as usize..d.range.end as usize).is_some(),
            "{:?}",
            d
        );
        prop_assert!(!d.message.is_empty());
        let _ = lines.line_column(text, d.range.start);
        let _ = lines.from_utf16(text, lines.to_utf16(text, d.range.end));
        for fix in &d.fixes {
            prop_assert!(
                text.get(fix.range.start as usize..fix.range.end as usize).is_some(),
                "{:?}",
                fix
            );
        }
    }
    for offset in 0..text.len().min(400) as u32 {
        let _ = (complete(&loaded, text, offset), hover(&loaded, offset, ""));
        if let Some((document, path)) = loaded.path_at(offset) {
            prop_assert!(loaded.range_of(document, &path).is_some());
            let _ = loaded.extent_of(document, &path);
        }
    }
    let _ = decode_given(text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_loaded(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn scraps_are_loaded(scraps in proptest::collection::vec(scrap(), 0..40)) {
        check(&scraps.concat())?;
    }

    #[test]
    fn mutated_manifests_are_loaded(
        seed in 0..SEEDS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..6_usize, scrap()), 1..6),
    ) {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (at, cut, scrap) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + cut).min(text.len());
            text.splice(at..end, scrap.chars());
        }
        check(&text.into_iter().collect::<String>())?;
    }
}

/// So many Pods with three probes each, on nodes with room for them, for five minutes: how many events that is.
fn events_of(pods: usize) -> u64 {
    let mut text = String::from("apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: 5m\n  nodes:\n");
    for node in 0..pods.div_ceil(10) {
        text += &format!("  - {{name: node{node}, images: [nginx]}}\n");
    }
    let probe = "httpGet: {path: /, port: 80}, periodSeconds: 10";
    for number in 0..pods {
        text += &format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web-{number}}}\nspec:\n  containers:\n  - name: web\n    \
             image: nginx\n    startupProbe: {{{probe}}}\n    livenessProbe: {{{probe}}}\n    readinessProbe: {{{probe}}}\n"
        );
    }
    let mut sim = Simulation::new(&text, &Options::default());
    sim.run();
    assert!(sim.diagnostics().is_empty(), "{:?}", sim.diagnostics());
    sim.events()
}

/// Ten times the Pods on ten times the nodes are at most ten times the events: nothing rings for all Pods.
#[test]
fn events_grow_with_the_pods_and_no_faster() {
    let (few, many) = (events_of(10), events_of(100));
    assert!(many <= 10 * few, "{few} events of 10 Pods, {many} of 100");
    assert!(many >= 100 * 60, "{many} events are fewer than there are probes");
}
