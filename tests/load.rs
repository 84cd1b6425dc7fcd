//! What `api::load` makes of texts: objects, diagnostics, places.

use podscope::api::{Object, decode_given, load};
use podscope::manifest::Severity;

/// Severity, message and underlined text of everything that is said.
fn said(text: &str) -> Vec<(Severity, String, String)> {
    let all = load(text).diagnostics;
    let place = |d: &podscope::manifest::Diagnostic| text[d.range.start as usize..d.range.end as usize].to_owned();
    all.iter().map(|d| (d.severity, d.message.clone(), place(d))).collect()
}

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n";

#[test]
fn a_plain_pod_is_loaded() {
    let loaded = load(POD);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let [object] = loaded.objects.as_slice() else { panic!() };
    assert!(object.valid);
    let Object::Pod(pod) = &object.object else { panic!() };
    assert_eq!(&*pod.metadata.name, "web");
    assert_eq!(&*pod.metadata.namespace, "default");
    assert_eq!(&*pod.spec.containers[0].image, "nginx");
    let range = loaded.range_of(0, "spec.containers[0].image").unwrap();
    assert_eq!(&POD[range.start as usize..range.end as usize], "nginx");
    let at = POD.find("nginx").unwrap() as u32;
    assert_eq!(loaded.path_at(at), Some((0, "spec.containers[0].image".to_owned())));
}

#[test]
fn empty_text_is_no_error() {
    for text in ["", "\n", "# nothing\n", "---\n---\n"] {
        let loaded = load(text);
        assert!(loaded.objects.is_empty() && loaded.diagnostics.is_empty(), "{text:?}");
    }
}

#[test]
fn what_strict_decoding_refuses_is_said_in_its_words() {
    let pod = |spec: &str| format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n{spec}");
    let container = |fields: &str| pod(&format!("  containers:\n  - name: web\n    image: nginx\n{fields}"));
    for (text, want) in [
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  prots: [{port: 80}]\n".to_owned(),
            &[("unknown field \"spec.prots\"", "prots")][..],
        ),
        (
            container("    imagee: x\n    foo: 1\n"),
            &[
                ("unknown field \"spec.containers[0].imagee\"", "imagee"),
                ("unknown field \"spec.containers[0].foo\"", "foo"),
            ],
        ),
        (
            container("    env:\n    - name: A\n      value: 5\n    - {name: B, value: yes}\n"),
            &[
                (
                    "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string",
                    "5",
                ),
                (
                    "json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string",
                    "yes",
                ),
            ],
        ),
        (
            container("    command: sleep 5\n"),
            &[(
                "json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string",
                "sleep 5",
            )],
        ),
        (
            pod("  containers:\n    name: web\n    image: nginx\n"),
            &[(
                "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
                "containers",
            )],
        ),
        (
            container("    ports: [{containerPort: \"80\"}, {containerPort: 1.5}]\n"),
            &[
                (
                    "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
                    "\"80\"",
                ),
                (
                    "json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
                    "1.5",
                ),
            ],
        ),
        (
            container("    resources: {limits: {memory: 1mi, cpu: abc}}\n"),
            &[
                ("unable to parse quantity's suffix", "1mi"),
                (
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                    "abc",
                ),
            ],
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: 1}}\ndata:\n  a: true\n".to_owned(),
            &[
                (
                    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
                    "1",
                ),
                (
                    "json: cannot unmarshal bool into Go struct field ConfigMap.data of type string",
                    "true",
                ),
            ],
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: plain!\n  b: aGk=\n".to_owned(),
            &[("illegal base64 data at input byte 5", "plain!")],
        ),
        (
            "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  untl: 5s\n  seed: x\n  steps: [{at: soon}]\n".to_owned(),
            &[
                ("unknown field \"spec.untl\"", "untl"),
                ("spec.seed: expected a whole number, found \"x\"", "x"),
                (
                    "spec.steps[0].at: expected a span such as 90s, 2m or 1m30s, found \"soon\"",
                    "soon",
                ),
            ],
        ),
    ] {
        let got = said(&text);
        let want: Vec<_> = want
            .iter()
            .map(|(m, p)| (Severity::Error, (*m).to_owned(), (*p).to_owned()))
            .collect();
        assert_eq!(got, want, "{text}");
        assert!(load(&text).objects.iter().all(|o| !o.valid), "{text}");
    }
    // The last of two keys counts, as for kubectl.
    let twice = container("  nodeName: a\n  nodeName: b\n");
    let place = |text: &str| text.to_owned();
    let want = (
        Severity::Warning,
        place("duplicate field \"spec.nodeName\""),
        place("nodeName"),
    );
    assert_eq!(said(&twice), [want]);
    assert!(load(&twice).objects.iter().all(|o| o.valid));
}

#[test]
fn kinds_and_versions_are_recognised() {
    for (text, severity, message, place) in [
        (
            "apiVersion: v1\nkind: pod\n",
            Severity::Error,
            "no matches for kind \"pod\" in version \"v1\"",
            "pod",
        ),
        (
            "apiVersion: v1\nkind: Deployment\n",
            Severity::Error,
            "no matches for kind \"Deployment\" in version \"v1\"",
            "v1",
        ),
        (
            "apiVersion: apps/v1beta1\nkind: Deployment\n",
            Severity::Error,
            "no matches for kind \"Deployment\" in version \"apps/v1beta1\"",
            "apps/v1beta1",
        ),
        ("kind: Pod\n", Severity::Error, "apiVersion not set", "kind"),
        ("apiVersion: v1\n", Severity::Error, "kind not set", "apiVersion"),
        ("a: 1\n", Severity::Error, "[apiVersion not set, kind not set]", "a"),
        (
            "hello\n",
            Severity::Error,
            "this is not a manifest: it must be a mapping with apiVersion and kind",
            "hello",
        ),
        (
            "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: a}\nhandler: b\n",
            Severity::Warning,
            "RuntimeClass is not supported yet: its fields are checked, but it does nothing",
            "RuntimeClass",
        ),
        (
            "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: a}\n",
            Severity::Error,
            "no matches for kind \"Foo\" in version \"example.com/v1\": a custom resource, whose CustomResourceDefinition is not \
             there",
            "Foo",
        ),
    ] {
        assert_eq!(said(text), [(severity, message.to_owned(), place.to_owned())], "{text}");
    }
    let fixes = |text: &str| {
        load(text).diagnostics[0]
            .fixes
            .iter()
            .map(|f| f.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(fixes("apiVersion: v1\nkind: pod\n"), ["Pod"]);
    assert_eq!(fixes("apiVersion: v1\nkind: Deployment\n"), ["apps/v1"]);
    assert_eq!(fixes("kind: Deployment\n"), ["apiVersion: apps/v1\n"]);
}

#[test]
fn lists_are_unpacked_and_keep_their_places() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {containers: [{name: c, image: d, foo: 1}]}\n";
    let loaded = load(text);
    assert_eq!(loaded.objects.len(), 2);
    assert_eq!(
        (loaded.objects[0].object.name(), loaded.objects[0].object.namespace()),
        ("a", "")
    );
    assert_eq!(said(text)[0].1, "unknown field \"spec.containers[0].foo\"");
    assert!(loaded.objects[0].valid && !loaded.objects[1].valid);
    let at = text.find("image: d").unwrap() as u32;
    assert_eq!(
        loaded.path_at(at).unwrap(),
        (loaded.objects[1].document, "spec.containers[0].image".to_owned())
    );
}

#[test]
fn what_a_cluster_sets_is_set_aside() {
    let text =
        format!("{POD}status:\n  phase: Running\n").replace("  name: web\nspec", "  name: web\n  uid: abc\nspec");
    let all = said(&text);
    assert_eq!(
        all,
        [(
            Severity::Info,
            "set by a cluster and ignored here: uid, status".to_owned(),
            "uid".to_owned()
        )]
    );
    assert!(load(&text).objects[0].valid);
    let given = decode_given(&text);
    let [Object::Pod(pod)] = given.as_slice() else { panic!() };
    assert_eq!(&*pod.metadata.uid, "abc");
    assert_eq!(pod.status.phase, podscope::api::Phase::Running);
}

#[test]
fn the_scenario_is_found() {
    let text = format!(
        "{POD}---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {{name: s}}\nspec:\n  until: 2m\n  workloads:\n  - program: {{onTerm: ignore, exits: [{{after: 1s, code: 2}}]}}\n  expect:\n  - {{pod: web, ready: never}}\n"
    );
    let loaded = load(&text);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    assert_eq!(loaded.scenario_document(), Some(1));
    assert_eq!(loaded.scenario.name, "s");
    assert_eq!(loaded.scenario.spec.workloads[0].program.exits.0[0].code, 2);
    assert!(loaded.scenario.spec.expect[0].ready.as_ref().unwrap().never);
    let twice = format!("{text}---\napiVersion: podscope/v1\nkind: Scenario\n");
    assert_eq!(
        said(&twice)[0].1,
        "a manifest has at most one Scenario; this one is ignored"
    );
}

#[test]
fn what_a_scenario_must_not_say_is_refused() {
    let scenario = |spec: &str| format!("apiVersion: podscope/v1\nkind: Scenario\nspec:\n{spec}");
    for (spec, message, place) in [
        (
            "  until: 169h\n",
            "spec.until: Invalid value: \"169h\": must be at most 168h",
            "169h",
        ),
        (
            "  nodes: [{name: a}, {name: a}]\n",
            "spec.nodes[1].name: Duplicate value: \"a\"",
            "a",
        ),
        (
            "  nodes: [{labels: {}}]\n",
            "spec.nodes[0].name: Required value",
            "labels",
        ),
        (
            "  steps:\n  - at: 1s\n",
            "spec.steps[0]: Required value: a step must have one of: `run` or `fault`",
            "at",
        ),
        (
            "  workloads: [{pod: a}]\n",
            "spec.workloads[0].program: Required value",
            "pod",
        ),
        (
            "  workloads: [{program: {listens: [{port: 0}]}}]\n",
            "spec.workloads[0].program.listens[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "0",
        ),
        (
            "  expect: [{pod: a, phase: Done}]\n",
            "spec.expect[0].phase: Unsupported value: \"Done\": supported values: \"Pending\", \"Running\", \"Succeeded\", \"Failed\"",
            "Done",
        ),
        (
            "  expect: [{step: 0, output: x}]\n",
            "spec.expect[0].step: Invalid value: 0: there are 0 steps, numbered from 0",
            "0",
        ),
    ] {
        let text = scenario(spec);
        assert_eq!(
            said(&text),
            [(Severity::Error, message.to_owned(), place.to_owned())],
            "{text}"
        );
    }
}

#[test]
fn what_the_api_server_refuses_is_said_at_its_place() {
    let label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    let name = format!("spec.containers[0].name: Invalid value: \"Web\": {label}");
    for (from, to, message, place) in [
        (
            "    image: nginx\n",
            "",
            "spec.containers[0].image: Required value",
            "name",
        ),
        ("- name: web", "- name: Web", name.as_str(), "Web"),
        (
            "spec:\n",
            "spec:\n  restartPolicy: always\n",
            "spec.restartPolicy: Unsupported value: \"always\": supported values: \"Always\", \"OnFailure\", \"Never\"",
            "always",
        ),
        (
            "image: nginx\n",
            "image: nginx\n    livenessProbe: {periodSeconds: 5}\n",
            "spec.containers[0].livenessProbe: Required value: must specify a handler type",
            "livenessProbe",
        ),
        (
            "image: nginx\n",
            "image: nginx\n    volumeMounts: [{name: data, mountPath: /data}]\n",
            "spec.containers[0].volumeMounts[0].name: Not found: \"data\"",
            "data",
        ),
        (
            "image: nginx\n",
            "image: nginx\n    resources: {requests: {cpu: 200m}, limits: {cpu: 100m}}\n",
            "spec.containers[0].resources.requests: Invalid value: \"200m\": must be less than or equal to cpu limit of 100m",
            "requests",
        ),
        (
            "  name: web\nspec",
            "  name: web\n  labels: {a: \"b c\"}\nspec",
            "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
            "labels",
        ),
    ] {
        let text = POD.replacen(from, to, 1);
        assert_eq!(
            said(&text),
            [(Severity::Error, message.to_owned(), place.to_owned())],
            "{text}"
        );
        assert!(!load(&text).objects[0].valid);
    }
}

#[test]
fn one_slip_is_said_once() {
    // A misspelt or mistyped field does not also count as missing.
    for (from, to, message) in [
        ("  containers:", "  container:", "unknown field \"spec.container\""),
        (
            "image: nginx",
            "imagee: nginx",
            "unknown field \"spec.containers[0].imagee\"",
        ),
        (
            "image: nginx",
            "image: 5",
            "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string",
        ),
    ] {
        let text = POD.replacen(from, to, 1);
        assert_eq!(
            said(&text).iter().map(|s| s.1.as_str()).collect::<Vec<_>>(),
            [message],
            "{text}"
        );
    }
}

#[test]
fn templates_are_checked_in_kinds_that_are_not_supported() {
    let text =
        "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: c}\ntemplate:\n  spec:\n    containers:\n    - name: a\n";
    let all: Vec<String> = said(text).into_iter().map(|one| one.1).collect();
    assert_eq!(
        all,
        [
            "PodTemplate is not supported yet: its fields are checked, but it makes no Pods",
            "template.spec.containers[0].image: Required value"
        ]
    );
    let text = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  schedule: \"* * * * *\"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n          - name: a\n";
    assert_eq!(
        said(text)[0].1,
        "spec.jobTemplate.spec.template.spec.containers[0].image: Required value"
    );
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: api}}\n    spec: {containers: [{name: a, image: b}]}\n";
    assert_eq!(
        said(text)[0].1,
        "spec.template.metadata.labels: Invalid value: {\"app\":\"api\"}: `selector` does not match template `labels`"
    );
}

#[test]
fn what_is_taken_for_granted_is_said_at_its_place() {
    let bound = "assumed: a claim is bound as soon as it is made, to an empty volume";
    let alone = "managedBy names another controller, which is not simulated: the Job makes no Pods";
    let claim = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
    let head = |group: &str, kind: &str| format!("apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a}}\nspec: ");
    let set = |templates: &str| {
        format!(
            "{}{{selector: {{matchLabels: {{a: b}}}}, volumeClaimTemplates: [{templates}], template: {{metadata: {{labels: \
             {{a: b}}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}\n",
            head("apps/v1", "StatefulSet")
        )
    };
    let job = |by: &str| {
        format!(
            "{{managedBy: {by}, template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: b}}]}}}}}}"
        )
    };
    let cron = format!(
        "{{schedule: '@daily', jobTemplate: {{spec: {}}}}}",
        job("example.com/queue")
    );
    for (text, expected) in [
        (head("v1", "PersistentVolumeClaim") + claim, &[("kind", bound)][..]),
        (
            set(&format!("{{metadata: {{name: c}}, spec: {claim}}}")),
            &[("spec.volumeClaimTemplates", bound)],
        ),
        (set(""), &[]),
        (
            head("batch/v1", "Job") + &job("example.com/queue"),
            &[("spec.managedBy", alone)],
        ),
        (head("batch/v1", "Job") + &job("kubernetes.io/job-controller"), &[]),
        (
            head("batch/v1", "CronJob") + &cron,
            &[("spec.jobTemplate.spec.managedBy", alone)],
        ),
    ] {
        let loaded = load(&text);
        let said = loaded.diagnostics.iter().map(|d| {
            assert_eq!(d.severity, Severity::Info, "{text}");
            assert!(d.range.end > d.range.start, "{text}");
            (&*d.path, &*d.message)
        });
        assert_eq!(said.collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn fields_of_templates_that_are_not_supported_are_named_at_their_place() {
    let pod = "{runtimeClassName: r, restartPolicy: Never, containers: [{name: a, image: b, securityContext: {runAsUser: 1}}]}";
    let job = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: c}}\nspec: {{schedule: '@daily', jobTemplate: {{spec: {{template: {{spec: {pod}}}}}}}}}\n"
    );
    let template = format!("apiVersion: v1\nkind: PodTemplate\nmetadata: {{name: c}}\ntemplate: {{spec: {pod}}}\n");
    for (text, at) in [(job, "spec.jobTemplate.spec.template"), (template, "template")] {
        let loaded = load(&text);
        let fields = loaded.diagnostics.iter().filter(|d| d.message.starts_with("the field"));
        let said: Vec<_> = fields.map(|d| (d.path.clone(), d.message.as_str())).collect();
        assert_eq!(
            said,
            [
                (
                    format!("{at}.spec.runtimeClassName"),
                    "the field runtimeClassName is not supported: no RuntimeClass is looked up"
                ),
                (
                    format!("{at}.spec.containers[0].securityContext.runAsUser"),
                    "the field runAsUser is not supported: files have no owners, and nothing is denied"
                ),
            ]
        );
    }
}

#[test]
fn fixes_mend_the_text() {
    let mend = |text: &str| {
        let loaded = load(text);
        let fix = loaded
            .diagnostics
            .iter()
            .find_map(|d| d.fixes.first())
            .unwrap_or_else(|| panic!("{text}"));
        let (start, end) = (fix.range.start as usize, fix.range.end as usize);
        (fix.title.clone(), [&text[..start], &fix.text, &text[end..]].concat())
    };
    let container = |fields: &str| format!("{POD}{fields}");
    for (text, title) in [
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  prots: [{port: 80}]\n".to_owned(),
            "Change to \"ports\"",
        ),
        (
            container("    env:\n    - name: A\n      value: 5\n"),
            "Put it in quotes",
        ),
        (container("    command: sleep 5\n"), "Make it a list"),
        (container("    resources: {limits: {memory: 64MB}}\n"), "Change to 64Mi"),
        (container("    ports: [{containerPort: \"80\"}]\n"), "Remove the quotes"),
        (
            container("    terminationGracePeriodSeconds: 5\n"),
            "Move \"terminationGracePeriodSeconds\" under \"spec\"",
        ),
        (
            container("    volumes:\n    - name: a\n      emptyDir: {}\n    tty: true\n"),
            "Move \"volumes\" under \"spec\"",
        ),
        (
            POD.replace(
                "  containers:\n  - name: web\n    image: nginx\n",
                "  restartPolicy: Always\ncontainers:\n- name: web\n  image: nginx\n",
            ),
            "Move \"containers\" under \"spec\"",
        ),
        (
            POD.replace(
                "spec:\n  containers:\n  - name: web\n    image: nginx\n",
                "containers:\n- name: web\n  image: nginx",
            ),
            "Move \"containers\" under \"spec\"",
        ),
        (
            container("    allowPrivilegeEscalation: false\n"),
            "Move \"allowPrivilegeEscalation\" under \"securityContext\"",
        ),
        (
            container("    labels: {}\n").replace("    labels: {}\n", "labels:\n  app: web\n"),
            "Move \"labels\" under \"metadata\"",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\nspec:\n  containers: [{name: a, image: b}]\n".to_owned(),
            "Replace by spaces",
        ),
    ] {
        let (found, mended) = mend(&text);
        assert_eq!(found, title, "{text}");
        let left = load(&mended);
        assert!(left.diagnostics.is_empty(), "{mended}\n{:?}", left.diagnostics);
    }
}

#[test]
fn what_is_asked_for_and_not_supported_is_said_at_its_place() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  runtimeClassName: gvisor
  hostPID: false
  securityContext: {runAsUser: 1000, sysctls: [{name: kernel.shm_rmid_forced, value: '0'}]}
  volumes:
  - {name: a, nfs: {server: x, path: /y}}
  - {name: b, emptyDir: {sizeLimit: 1Mi}}
  - {name: c, configMap: {name: x}}
  containers:
  - name: c
    image: nginx
    livenessProbe: {httpGet: {port: 443, scheme: HTTPS}}
    lifecycle: {preStop: {tcpSocket: {port: 80}}}
";
    let loaded = load(text);
    let said: Vec<(&str, u32)> = loaded
        .diagnostics
        .iter()
        .map(|d| {
            assert_eq!(
                (d.severity, d.code),
                (Severity::Warning, "not-supported"),
                "{}",
                d.message
            );
            (d.path.as_str(), d.range.start)
        })
        .collect();
    let paths: Vec<&str> = said.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        paths,
        [
            "spec.runtimeClassName",
            "spec.securityContext.runAsUser",
            "spec.securityContext.sysctls",
            "spec.volumes[0].nfs",
            "spec.volumes[1].emptyDir.sizeLimit",
            "spec.containers[0].livenessProbe.httpGet.scheme",
            "spec.containers[0].lifecycle.preStop.tcpSocket",
        ]
    );
    assert!(said.iter().all(|(_, start)| *start > 0));
}
