//! kubectl against a played cluster: what steps print, and what a line of the page's console comes to.
#![cfg(not(target_arch = "wasm32"))]

use podscope::sim::{Options, Simulation, describe, look};
use podscope::time::{Duration, Instant};

/// A Pod that is ready after five seconds, and a Service before it.
const WEB: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: nginx
    ports: [{containerPort: 80, name: http}]
    readinessProbe: {httpGet: {path: /, port: http}, initialDelaySeconds: 5, periodSeconds: 1}
    resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 60s
  nodes:
  - name: node1
    images: [nginx, busybox]
"#;

/// The text with a step, and what the step printed with its exit code.
fn step(at: &str, line: &str) -> (String, Option<i32>) {
    let text = format!(
        "{WEB}  steps:\n  - at: {at}\n    run: |-\n      {}\n",
        line.replace('\n', "\n      ")
    );
    let mut sim = Simulation::new(&text, &Options::default());
    sim.run();
    let call = sim.record().console.last().expect("the step was begun").clone();
    (call.output, call.exit)
}

/// The cluster at `seconds`.
fn at(seconds: i64) -> Simulation {
    let options = Options {
        until: Some(Duration::from_secs(seconds)),
        ..Options::default()
    };
    let mut sim = Simulation::new(WEB, &options);
    sim.run();
    sim.tick(Instant::from_secs(seconds), u32::MAX);
    sim
}

#[test]
fn nodes_are_ready_and_described() {
    let (out, code) = step("20s", "kubectl get nodes -o wide");
    assert_eq!(code, Some(0));
    assert_eq!(
        out,
        "NAME    STATUS   ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE                       \
         KERNEL-VERSION   CONTAINER-RUNTIME\nnode1   Ready    <none>   24h   v1.36.2   172.18.0.2    <none>        \
         Debian GNU/Linux 13 (trixie)   6.12.0 (amd64)   containerd://2.1.4\n"
    );
    let (out, code) = step("20s", "kubectl describe node node1");
    assert_eq!(code, Some(0));
    for line in [
        "Name:               node1",
        "Taints:             <none>",
        "Unschedulable:      false",
        "  Ready            True    Thu, 01 Jan 2026 00:00:00 +0000   Wed, 31 Dec 2025 00:00:00 +0000   KubeletReady                 kubelet is posting ready status",
        "  InternalIP:  172.18.0.2",
        "  pods:               110",
        "  Kubelet Version:            v1.36.2",
        "Non-terminated Pods:          (1 in total)",
        "  default                     web     500m (12%)    0 (0%)      64Mi (0%)        128Mi (1%)     20s",
        "  cpu                500m (12%)  0 (0%)",
        "  memory             64Mi (0%)   128Mi (1%)",
        "Events:              <none>",
    ] {
        assert!(out.lines().any(|l| l == line), "{line}\n{out}");
    }
}

#[test]
fn services_are_described_with_their_ready_endpoints() {
    let (early, _) = step("3s", "kubectl describe svc web");
    let (late, _) = step("20s", "kubectl describe svc web");
    assert!(early.contains("\nEndpoints:                \n"), "{early}");
    assert!(late.contains("\nTargetPort:               http/TCP\n"), "{late}");
    assert!(
        late.lines().any(|l| l.starts_with("Endpoints:") && l.ends_with(":80")),
        "{late}"
    );
    let (slices, _) = step("20s", "kubectl get endpointslices");
    assert!(
        slices.lines().any(|l| l.starts_with("web-") && l.contains("IPv4")),
        "{slices}"
    );
}

#[test]
fn pods_show_what_admission_added() {
    let (out, _) = step("20s", "kubectl get pod web -o yaml");
    for line in [
        "  priority: 0",
        "  preemptionPolicy: PreemptLowerPriority",
        "  serviceAccountName: default",
        "    - mountPath: /var/run/secrets/kubernetes.io/serviceaccount",
        "          expirationSeconds: 3607",
        "    tolerationSeconds: 300",
    ] {
        assert!(out.lines().any(|l| l == line), "{line}\n{out}");
    }
    // What was shown can be sent back.
    let (out, code) = step(
        "20s",
        "kubectl label pod web tier=front; kubectl get pod web -L tier --no-headers",
    );
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.starts_with("pod/web labeled\nweb   1/1   Running   0     20s   front\n"),
        "{out}"
    );
}

#[test]
fn a_line_of_the_console_looks_and_changes_nothing() {
    let sim = at(20);
    let cluster = sim.present();
    let seen = look(cluster, "kubectl get pods --no-headers | wc -l");
    assert_eq!((seen.output.trim(), seen.exit, seen.changes), ("1", Some(0), false));
    let refused = look(cluster, "kubectl delete pod web");
    assert_eq!(
        (refused.output.as_str(), refused.exit, refused.changes),
        ("", None, true)
    );
    let waits = look(cluster, "kubectl get pods -w");
    assert_eq!(waits.exit, None);
    assert!(waits.output.starts_with("NAME "), "{}", waits.output);
    assert!(describe(cluster, "Pod", "default", "web").starts_with("Name:             web\n"));
    assert_eq!(describe(cluster, "Pod", "default", "api"), "");
}

#[test]
fn files_that_the_line_wrote_can_be_applied() {
    let (out, code) = step(
        "20s",
        "cat > cm.yaml <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nEOF\nkubectl apply -f cm.yaml",
    );
    assert_eq!((out.as_str(), code), ("configmap/x created\n", Some(0)));
}

/// Command, what it prints, exit code; all at 20 s, when the Pod is ready.
const SAYS: &[(&str, &str, i32)] = &[
    (
        "kubectl wait pod/web --for=condition=Ready",
        "pod/web condition met\n",
        0,
    ),
    (
        "kubectl wait pod/web --for=condition=Ready=False --timeout=2s",
        "error: timed out waiting for the condition on pods/web\n",
        1,
    ),
    (
        "kubectl wait pod/web --for=jsonpath='{.status.phase}'=Running",
        "pod/web condition met\n",
        0,
    ),
    (
        "kubectl wait pod/api --for=condition=Ready",
        "Error from server (NotFound): pods \"api\" not found\n",
        1,
    ),
    (
        "kubectl delete pod web --wait=false; kubectl wait pod web --for=delete --timeout=60s",
        "pod \"web\" deleted from default namespace\npod/web condition met\n",
        0,
    ),
    ("kubectl taint node node1 a=b:NoSchedule", "node/node1 tainted\n", 0),
    (
        "kubectl taint node node1 a:NoSchedule; kubectl taint node node1 a:NoSchedule",
        "node/node1 tainted\nerror: node node1 already has a taint(s) with same effect(s) and --overwrite is false\n",
        1,
    ),
    (
        "kubectl taint node node1 a:NoSchedule && kubectl taint node node1 a:NoSchedule-",
        "node/node1 tainted\nnode/node1 untainted\n",
        0,
    ),
    ("kubectl taint node node1 a-", "error: taint \"a\" not found\n", 1),
    (
        "kubectl drain node1",
        "node/node1 cordoned\nerror: unable to drain node \"node1\" due to error: cannot delete Pods that \
         declare no controller (use --force to override): default/web, continuing command...\nThere are pending nodes to \
         be drained:\n node1\ncannot delete Pods that declare no controller (use --force to override): \
         default/web\n",
        1,
    ),
    (
        "kubectl drain node1 --force; kubectl uncordon node1",
        "node/node1 cordoned\nWarning: deleting Pods that declare no controller: default/web\nevicting pod \
         default/web\npod/web evicted\nnode/node1 drained\nnode/node1 uncordoned\n",
        0,
    ),
    (
        "kubectl run one --image=busybox --restart=Never --dry-run=client -o yaml -- sleep 5",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: one\n  name: one\nspec:\n  \
         containers:\n  - args:\n    - sleep\n    - \"5\"\n    image: busybox\n    name: one\n    resources: {}\n  \
         dnsPolicy: ClusterFirst\n  restartPolicy: Never\nstatus: {}\n",
        0,
    ),
    (
        "kubectl run one --image=busybox --restart=Never -- sleep 5 && kubectl get pod one -o name",
        "pod/one created\npod/one\n",
        0,
    ),
    (
        "kubectl run web --image=busybox",
        "Error from server (AlreadyExists): pods \"web\" already exists\n",
        1,
    ),
    (
        "kubectl expose pod web --name=front --port=8080 --target-port=http; kubectl get svc front -o \
         jsonpath='{.spec.selector.app} {.spec.ports[0].targetPort}'",
        "service/front exposed\nweb http",
        0,
    ),
    (
        "kubectl create configmap c --from-literal=a=1; kubectl get cm c -o jsonpath='{.data.a}'",
        "configmap/c created\n1",
        0,
    ),
    (
        "kubectl create secret generic s --from-literal=a=1; kubectl get secret s -o jsonpath='{.data.a}'",
        "secret/s created\nMQ==",
        0,
    ),
    (
        "kubectl create service nodeport door --tcp=80:http --tcp=443; kubectl get svc door -o \
         jsonpath='{.spec.type} {.spec.selector.app} {.spec.ports[*].name} {.spec.ports[*].targetPort}'",
        "service/door created\nNodePort door 80-http 443 http 443",
        0,
    ),
    (
        "kubectl create service clusterip door",
        "error: at least one tcp port specifier must be provided\n",
        1,
    ),
    ("kubectl create namespace shop", "namespace/shop created\n", 0),
    ("kubectl top pod", "error: Metrics API not available\n", 1),
    (
        "kubectl port-forward web 80",
        "podscope: kubectl port-forward is not supported yet\n",
        1,
    ),
    (
        "kubectl rollout status deploy/web",
        "Error from server (NotFound): deployments.apps \"web\" not found\n",
        1,
    ),
    (
        "kubectl get pod web -o yaml | kubectl apply --dry-run=server -f -",
        "pod/web configured (server dry run)\n",
        0,
    ),
    (
        "kubectl get pod web -o yaml | sed 's/image: nginx/image: busybox/' | kubectl replace -f -",
        "pod/web replaced\n",
        0,
    ),
    (
        "kubectl get pod web -o yaml | kubectl apply --server-side -f -",
        "pod/web serverside-applied\n",
        0,
    ),
    (
        "kubectl delete pod web --dry-run=client; kubectl get pod web -o name",
        "pod \"web\" deleted from default namespace (dry run)\npod/web\n",
        0,
    ),
    (
        "kubectl apply --dry-run -f -",
        "error: --dry-run flag without a value was specified. A value must be set: \"none\", \"server\", or \"client\".\n",
        1,
    ),
    (
        "kubectl debug web --image=busybox -c dbg --profile=general -- sleep 2; sleep 5; kubectl get pod web -o \
         jsonpath='{.status.ephemeralContainerStatuses[0].state.terminated.reason}'",
        "Completed",
        0,
    ),
    (
        "kubectl debug web",
        "error: you must specify --image when not using --copy-to\nSee 'kubectl debug -h' for help and examples\n",
        1,
    ),
    (
        "kubectl events --for pod/api",
        "No events found in default namespace.\n",
        0,
    ),
];

#[test]
fn verbs_say_what_kubectl_says() {
    let mut wrong = Vec::new();
    for (line, want, code) in SAYS {
        let (out, exit) = step("20s", line);
        if (out.as_str(), exit) != (*want, Some(*code)) {
            wrong.push(format!("$ {line}\n--- wanted {code}\n{want}\n--- got {exit:?}\n{out}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn events_are_in_the_order_of_time() {
    let (out, code) = step("20s", "kubectl events --for pod/web");
    let reasons: Vec<&str> = out
        .lines()
        .skip(1)
        .filter_map(|l| l.split_whitespace().nth(2))
        .collect();
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(
        reasons,
        ["Scheduled", "Pulling", "Pulled", "Created", "Started"],
        "{out}"
    );
    assert!(out.lines().nth(1).is_some_and(|l| l.contains("Pod/web")), "{out}");
}

#[test]
fn a_pod_is_replaced_by_force_after_it_has_gone() {
    let (out, code) = step(
        "20s",
        "kubectl get pod web -o yaml > web.yaml; kubectl replace --force -f web.yaml; kubectl get pod web --no-headers",
    );
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(
        lines.get(..2),
        Some(&["pod \"web\" deleted from default namespace", "pod/web replaced"][..]),
        "{out}"
    );
    assert!(lines.get(2).is_some_and(|l| l.starts_with("web   0/1 ")), "{out}");
}

#[test]
fn logs_can_be_cut() {
    let text = r#"
apiVersion: v1
kind: Pod
metadata: {name: talks}
spec:
  containers:
  - {name: c, image: busybox, command: [sh, -c, "for i in 1 2 3 4 5 6; do echo line $i; sleep 2; done; sleep 60"]}
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 30s
  nodes: [{name: node1, images: [busybox]}]
  steps:
  - {at: 11s, run: kubectl logs talks --since=5s}
  - {at: 20s, run: kubectl logs talks --tail=1}
  - {at: 21s, run: kubectl logs talks --limit-bytes=9}
"#;
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let out: Vec<&str> = sim.record().console.iter().map(|c| c.output.as_str()).collect();
    assert_eq!(out[1..], ["line 6\n", "line 1\nli"]);
    assert!(!out[0].contains("line 1") && out[0].contains("line 5"), "{}", out[0]);
}

#[test]
fn a_watch_that_goes_on_shows_what_it_has_printed() {
    let (out, exit) = step("20s", "kubectl get pod web -w");
    assert_eq!(exit, None);
    assert!(out.starts_with("NAME   READY   STATUS "), "{out}");
}
