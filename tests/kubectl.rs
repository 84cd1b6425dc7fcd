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
        "  pods:    110",
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
        slices
            .lines()
            .nth(1)
            .is_some_and(|l| l.starts_with("web-") && l.contains("IPv4")),
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
