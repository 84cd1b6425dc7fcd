//! Calls of kubectl against a small stand-in for the cluster.

use std::rc::Rc;

use super::*;
use crate::api::Pod;
use crate::manifest::Value;
use crate::map::Map;
use crate::time::{Calendar, Instant};

#[derive(Default)]
struct Fake {
    now: Instant,
    objects: Vec<Stored>,
    events: Vec<EventObject>,
    /// Whether deleted objects stay until the test takes them away.
    graceful: bool,
    graces: Vec<Option<i64>>,
    exec: Option<(ExecCall, Option<(String, i32)>)>,
    logs: Map<String, Vec<(Instant, String)>>,
}

impl Server for Fake {
    fn now(&self) -> Instant {
        self.now
    }
    fn calendar(&self) -> Calendar {
        Calendar::default()
    }
    fn objects(&self, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
        let fits = |o: &&Stored| &*o.kind == kind && namespace.is_none_or(|n| &*o.namespace == n);
        self.objects.iter().filter(fits).cloned().collect()
    }
    fn events(&self, _: Option<&str>) -> Vec<EventObject> {
        self.events.clone()
    }
    fn apply(&mut self, text: &str, _: &str, _: ApplyMode) -> Vec<Result<Applied, Refusal>> {
        let applied = |name: &str| Applied {
            kind: "Deployment".into(),
            name: name.into(),
            verb: "created",
            warnings: Vec::new(),
        };
        let one = |word: &str| match word {
            "taken" => Err(Refusal::already_exists("deployments.apps", word)),
            "bad" => Err(Refusal::Invalid {
                kind: "Pod".into(),
                name: word.into(),
                causes: vec!["spec.a: Required value".into(), "spec.b: Invalid value: 1".into()],
            }),
            word => Ok(applied(word)),
        };
        let object: Value = serde_json::from_str(text).unwrap();
        vec![one(object.at(&["metadata", "name"]).and_then(Value::as_str).unwrap())]
    }
    fn update(&mut self, kind: &str, object: &Value, _: UpdateOptions) -> Result<bool, Refusal> {
        let name = object
            .at(&["metadata", "name"])
            .and_then(Value::as_str)
            .unwrap_or_default();
        let found = self.objects.iter_mut().find(|o| &*o.kind == kind && &*o.name == name);
        let found = found.ok_or_else(|| Refusal::not_found("things", name))?;
        found.value = Rc::new(object.clone());
        Ok(true)
    }
    fn delete(&mut self, kind: &str, _: &str, name: &str, how: DeleteOptions) -> Result<Rc<str>, Refusal> {
        self.graces.push(how.grace);
        let at = self.objects.iter().position(|o| &*o.kind == kind && &*o.name == name);
        let at = at.ok_or_else(|| Refusal::not_found("pods", name))?;
        let uid = self.objects[at].uid.clone();
        if !self.graceful {
            self.objects.remove(at);
        }
        Ok(uid)
    }
    fn exec(&mut self, call: &ExecCall) -> Result<u64, Refusal> {
        if call.container == "gone" {
            return Err(Refusal::container_not_found("gone"));
        }
        self.exec = Some((call.clone(), None));
        Ok(1)
    }
    fn exec_result(&mut self, _: u64) -> Option<Result<(String, i32), Refusal>> {
        self.exec.as_ref()?.1.clone().map(Ok)
    }
    fn logs(&self, _: &str, _: &str, _: &str, id: &str) -> Vec<(Instant, String)> {
        self.logs.get(id).cloned().unwrap_or_default()
    }
}

fn pod(name: &str, json: &str) -> Stored {
    let value: Value = serde_json::from_str(json).unwrap();
    let mut pod: Pod = serde_json::from_str(json).unwrap();
    pod.metadata.name = name.into();
    pod.metadata.namespace = "default".into();
    pod.metadata.creation_timestamp = Some(crate::api::Time(Instant::ZERO));
    Stored {
        kind: "Pod".into(),
        namespace: "default".into(),
        name: name.into(),
        uid: format!("uid-{name}").into(),
        labels: pod.metadata.labels.clone(),
        created: Some(Instant::ZERO),
        value: Rc::new(value),
        pod: Some(Rc::new(pod)),
    }
}

const RUNNING: &str = r#"{"metadata":{"labels":{"app":"web"}},
    "spec":{"nodeName":"node1","containers":[{"name":"a"},{"name":"b"}],"initContainers":[{"name":"i"}]},
    "status":{"phase":"Running","containerStatuses":[
      {"name":"a","ready":true,"restartCount":0,"state":{"running":{}},"containerID":"id-a"},
      {"name":"b","ready":false,"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
       "lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T00:00:05Z","containerID":"id-b"}}}]}}"#;

fn other(kind: &str, name: &str, json: &str) -> Stored {
    let mut value: Value = serde_json::from_str(json).unwrap();
    value.set("kind", kind.into());
    value.entry("metadata").set("name", name.into());
    let namespaced = kinds::of(kind).unwrap().namespaced;
    Stored {
        kind: kind.into(),
        namespace: if namespaced { "default" } else { "" }.into(),
        name: name.into(),
        uid: format!("uid-{name}").into(),
        labels: Map::new(),
        created: Some(Instant::ZERO),
        value: Rc::new(value),
        pod: None,
    }
}

fn fake() -> Fake {
    Fake {
        now: Instant::from_secs(20),
        objects: vec![pod("web", RUNNING), pod("api", RUNNING)],
        ..Fake::default()
    }
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// A file with Deployments of these names.
fn deployments(names: &[&str]) -> String {
    let one = |name: &&str| format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\n");
    names.iter().map(one).collect::<Vec<_>>().join("---\n")
}

fn start(line: &str) -> Running {
    let files = Map::from([
        ("a.yaml".to_owned(), deployments(&["one", "two"])),
        ("e.yaml".to_owned(), String::new()),
    ]);
    Running::start(&words(line), &deployments(&["taken", "bad"]), Rc::new(files))
}

/// Runs a call that ends at once.
fn call(server: &mut Fake, line: &str) -> (String, i32) {
    let mut running = start(line);
    running.poll(server);
    assert_eq!(running.wants(), Wants::Nothing, "{line}");
    (running.printed().both(), running.done().unwrap().2)
}

fn prints(server: &mut Fake, line: &str, text: &str) {
    assert_eq!(call(server, line).0, text, "{line}");
}

#[test]
fn get_prints_tables() {
    let s = &mut fake();
    prints(
        s,
        "get pods",
        "NAME   READY   STATUS             RESTARTS      AGE\n\
         api    1/2     CrashLoopBackOff   1 (15s ago)   20s\n\
         web    1/2     CrashLoopBackOff   1 (15s ago)   20s\n",
    );
    prints(
        s,
        "get po web --no-headers --show-labels",
        "web   1/2   CrashLoopBackOff   1 (15s ago)   20s   app=web\n",
    );
    prints(
        s,
        "get pods -A -L app",
        "NAMESPACE   NAME   READY   STATUS             RESTARTS      AGE   APP\n\
         default     api    1/2     CrashLoopBackOff   1 (15s ago)   20s   web\n\
         default     web    1/2     CrashLoopBackOff   1 (15s ago)   20s   web\n",
    );
    prints(s, "get pod -o name", "pod/api\npod/web\n");
    prints(s, "get pod -o jsonpath={.items[*].spec.nodeName}", "node1 node1");
    prints(
        s,
        "get pod web -o custom-columns=NAME:.metadata.name,X:.spec.x",
        "NAME   X\nweb    <none>\n",
    );
    prints(s, "get pods -l app=none", "No resources found in default namespace.\n");
    prints(s, "get nodes", "No resources found\n");
    assert_eq!(
        call(s, "get pod web nope -o name"),
        (
            "pod/web\nError from server (NotFound): pods \"nope\" not found\n".to_owned(),
            1
        )
    );
    assert_eq!(
        call(s, "get deploy nope").0,
        "Error from server (NotFound): deployments.apps \"nope\" not found\n"
    );
}

#[test]
fn get_several_types_names_them() {
    let s = &mut fake();
    let node =
        r#"{"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.36.2"}}}"#;
    s.objects.push(other("Node", "node1", node));
    prints(
        s,
        "get nodes,pods",
        "NAME         STATUS   ROLES    AGE   VERSION\n\
         node/node1   Ready    <none>   20s   v1.36.2\n\n\
         NAME      READY   STATUS             RESTARTS      AGE\n\
         pod/api   1/2     CrashLoopBackOff   1 (15s ago)   20s\n\
         pod/web   1/2     CrashLoopBackOff   1 (15s ago)   20s\n",
    );
}

#[test]
fn get_sorts_and_selects_by_field() {
    let s = &mut fake();
    s.objects.push(pod(
        "done",
        r#"{"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Succeeded"}}"#,
    ));
    prints(
        s,
        "get pod -o name --field-selector status.phase!=Running",
        "pod/done\n",
    );
    prints(
        s,
        "get pod -o name --sort-by=.status.phase",
        "pod/api\npod/web\npod/done\n",
    );
}

#[test]
fn get_shows_events() {
    let s = &mut fake();
    s.events.push(EventObject {
        namespace: "default".into(),
        name: "web.1".into(),
        object_kind: "Pod".into(),
        object_name: "web".into(),
        reason: "Scheduled".into(),
        message: "Successfully assigned default/web to node1".into(),
        first: Some(Instant::from_secs(1)),
        ..EventObject::default()
    });
    prints(
        s,
        "get events",
        "LAST SEEN   TYPE     REASON      OBJECT    MESSAGE\n\
         19s         Normal   Scheduled   pod/web   Successfully assigned default/web to node1\n",
    );
}

#[test]
fn a_watch_prints_a_row_for_each_revision() {
    let s = &mut fake();
    s.objects.remove(1);
    let mut running = start("get pods -w");
    running.poll(s);
    assert_eq!(running.wants(), Wants::Objects("Pod"));
    running.poll(s);
    let longer = RUNNING.replace("CrashLoopBackOff", "CreateContainerConfigError");
    s.objects[0] = pod(
        "web",
        &longer.replace(
            "\"running\":{}",
            "\"waiting\":{\"reason\":\"CreateContainerConfigError\"}",
        ),
    );
    running.poll(s);
    s.objects.clear();
    running.poll(s);
    assert_eq!(
        running.printed().both(),
        "NAME   READY   STATUS             RESTARTS      AGE\n\
         web    1/2     CrashLoopBackOff   1 (15s ago)   20s\n\
         web    0/2     CreateContainerConfigError   1 (15s ago)   20s\n\
         web    0/2     CreateContainerConfigError   1 (15s ago)   20s\n"
    );
    assert_eq!(running.done(), None);
}

#[test]
fn delete_waits_until_the_object_is_gone() {
    let s = &mut fake();
    s.graceful = true;
    let mut running = start("delete pod web");
    running.poll(s);
    assert_eq!(running.printed().both(), "pod \"web\" deleted from default namespace\n");
    assert_eq!((running.wants(), running.done()), (Wants::Objects("Pod"), None));
    running.poll(s);
    // Another Pod of the same name is not the one that was deleted.
    s.objects[0].uid = "another".into();
    running.poll(s);
    assert_eq!(
        running.done(),
        Some((
            "pod \"web\" deleted from default namespace\n".to_owned(),
            String::new(),
            0
        ))
    );
    assert_eq!(s.graces, [None]);
}

#[test]
fn delete_gives_up_at_its_timeout() {
    let s = &mut fake();
    s.graceful = true;
    let mut running = start("delete pod web --timeout=5s");
    running.poll(s);
    assert_eq!(running.poll_at(), Some(Instant::from_secs(25)));
    s.now = Instant::from_secs(25);
    running.poll(s);
    let (_, err, code) = running.done().unwrap();
    assert_eq!(
        (err.as_str(), code),
        ("error: timed out waiting for the condition on pods/web\n", 1)
    );
}

#[test]
fn delete_has_many_forms() {
    let warning = "Warning: Immediate deletion does not wait for confirmation that the running resource has been \
                   terminated. The resource may continue to run on the cluster indefinitely.\n";
    let s = &mut fake();
    prints(
        s,
        "delete pod web --grace-period=0 --force",
        &format!("{warning}pod \"web\" force deleted from default namespace\n"),
    );
    prints(
        s,
        "delete pod/api --grace-period=0",
        "pod \"api\" deleted from default namespace\n",
    );
    assert_eq!(
        call(s, "delete po web").0,
        "Error from server (NotFound): pods \"web\" not found\n"
    );
    prints(s, "delete pods --all", "No resources found\n");
    assert_eq!(s.graces, [Some(0), Some(1), None]);
    let s = &mut fake();
    prints(
        s,
        "delete pods -l app=web --now",
        "pod \"api\" deleted from default namespace\npod \"web\" deleted from default namespace\n",
    );
    assert_eq!(s.graces, [Some(1), Some(1)]);
    let s = &mut fake();
    s.graceful = true;
    prints(
        s,
        "delete pod web --wait=false",
        "pod \"web\" deleted from default namespace\n",
    );
    for (line, text) in [
        (
            "delete pod",
            "error: resource(s) were provided, but no name was specified\n",
        ),
        (
            "delete pod x --now --grace-period=3",
            "error: --now and --grace-period cannot be specified together\n",
        ),
        (
            "delete pod x --force --grace-period=3",
            "error: --force and --grace-period greater than 0 cannot be specified together\n",
        ),
    ] {
        assert_eq!(call(s, line), (text.to_owned(), 1), "{line}");
    }
}

#[test]
fn exec_runs_in_the_first_container() {
    let s = &mut fake();
    let mut running = start("exec web -- cat /tmp/x");
    running.poll(s);
    assert_eq!(running.wants(), Wants::Exec(1));
    assert_eq!(s.exec.as_ref().unwrap().0.argv, ["cat", "/tmp/x"]);
    s.exec.as_mut().unwrap().1 = Some(("cat: no\n".to_owned(), 1));
    running.poll(s);
    assert_eq!(
        running.done(),
        Some((
            "cat: no\n".to_owned(),
            "Defaulted container \"a\" out of: a, b, i (init)\ncommand terminated with exit code 1\n".to_owned(),
            1
        ))
    );
}

#[test]
fn exec_says_what_is_wrong() {
    let s = &mut fake();
    s.objects.push(pod(
        "done",
        r#"{"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed"}}"#,
    ));
    s.objects.push(pod(
        "new",
        r#"{"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Pending"}}"#,
    ));
    s.objects.push(pod(
        "x",
        r#"{"spec":{"nodeName":"n","containers":[{"name":"gone"}]},"status":{"phase":"Pending"}}"#,
    ));
    for (line, text) in [
        (
            "exec nope -- ls",
            "Error from server (NotFound): pods \"nope\" not found\n",
        ),
        (
            "exec done -- ls",
            "error: cannot exec into a container in a completed pod; current phase is Failed\n",
        ),
        (
            "exec new -- ls",
            "Error from server (BadRequest): pod new does not have a host assigned\n",
        ),
        (
            "exec x -- ls",
            "error: unable to upgrade connection: container not found (\"gone\")\n",
        ),
        (
            "exec web -c z -- ls",
            "error: container z is not valid for pod web out of: a, b, i (init)\n",
        ),
        (
            "exec web",
            "error: you must specify at least one command for the container\n",
        ),
        (
            "exec web ls",
            "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n\
             See 'kubectl exec -h' for help and examples\n",
        ),
    ] {
        assert_eq!(call(s, line), (text.to_owned(), 1), "{line}");
    }
}

#[test]
fn logs_choose_the_instance_as_the_kubelet_does() {
    let s = &mut fake();
    let lines = |text: &str| {
        text.split(' ')
            .map(|l| (Instant::from_millis(1500), l.to_owned()))
            .collect()
    };
    s.logs.insert("id-a".into(), lines("one two three"));
    s.logs.insert("id-b".into(), lines("crashed"));
    prints(s, "logs web -c a --tail=2", "two\nthree\n");
    prints(s, "logs web b", "crashed\n");
    prints(s, "logs web -c b -p", "crashed\n");
    prints(
        s,
        "logs web -c b --timestamps",
        "2026-01-01T00:00:01.500000000Z crashed\n",
    );
    let text = "Error from server (BadRequest): previous terminated container \"a\" in pod \"web\" not found\n";
    assert_eq!(call(s, "logs web -c a -p"), (text.to_owned(), 1));
    let text = "Error from server (BadRequest): container \"i\" in pod \"web\" is not available\n";
    assert_eq!(call(s, "logs web -c i"), (text.to_owned(), 1));
    let text = "error: error from server (NotFound): pods \"x\" not found in namespace \"default\"\n";
    assert_eq!(call(s, "logs x"), (text.to_owned(), 1));
}

#[test]
fn followed_logs_go_on_until_the_container_ends() {
    let s = &mut fake();
    s.logs.insert("id-a".into(), vec![(Instant::ZERO, "one".to_owned())]);
    let mut running = start("logs -f web -c a");
    running.poll(s);
    assert_eq!(running.wants(), Wants::Logs);
    s.logs.get_mut("id-a").unwrap().push((Instant::ZERO, "two".to_owned()));
    running.poll(s);
    s.objects[0] = pod(
        "web",
        &RUNNING.replace("\"running\":{}", "\"terminated\":{\"exitCode\":0}"),
    );
    running.poll(s);
    assert_eq!(running.done(), Some(("one\ntwo\n".to_owned(), String::new(), 0)));
}

#[test]
fn apply_reads_files_and_standard_input() {
    let s = &mut fake();
    prints(
        s,
        "apply -f a.yaml",
        "deployment.apps/one created\ndeployment.apps/two created\n",
    );
    assert_eq!(
        call(s, "create -f -"),
        (
            "Error from server (AlreadyExists): error when creating \"STDIN\": deployments.apps \"taken\" already exists\n\
             Error from server (Invalid): error when creating \"STDIN\": Pod \"bad\" is invalid: [spec.a: Required value, \
             spec.b: Invalid value: 1]\n"
                .to_owned(),
            1
        )
    );
    assert_eq!(
        call(s, "apply -f no.yaml").0,
        "error: the path \"no.yaml\" does not exist\n"
    );
    assert_eq!(call(s, "apply -f e.yaml").0, "error: no objects passed to apply\n");
    assert_eq!(call(s, "apply").0, "error: must specify one of -f and -k\n");
}

#[test]
fn edits_change_one_thing() {
    let s = &mut fake();
    s.objects
        .push(other("Node", "node1", r#"{"metadata":{"labels":{"a":"b"}}}"#));
    s.objects.push(other(
        "Deployment",
        "web",
        r#"{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"x"}]}}}}"#,
    ));
    prints(s, "label node node1 disktype=ssd", "node/node1 labeled\n");
    prints(s, "label node node1 disktype=ssd", "node/node1 not labeled\n");
    prints(s, "label node node1 disktype-", "node/node1 unlabeled\n");
    assert_eq!(
        call(s, "label node node1 a=c").0,
        "error: 'a' already has a value (b), and --overwrite is false\n"
    );
    prints(s, "scale deployment/web --replicas=5", "deployment.apps/web scaled\n");
    prints(
        s,
        "set image deployment/web web=myapp:v2",
        "deployment.apps/web image updated\n",
    );
    prints(s, "set image deployment/web web=myapp:v2", "");
    assert_eq!(
        call(s, "set image deployment/web z=y").0,
        "error: unable to find container named \"z\"\n"
    );
    prints(
        s,
        "patch deploy web -p {\"spec\":{\"replicas\":3}}",
        "deployment.apps/web patched\n",
    );
    prints(s, "get deploy web -o jsonpath={.spec.replicas}", "3");
    prints(
        s,
        "patch deploy web -p {\"spec\":{\"replicas\":3}}",
        "deployment.apps/web patched (no change)\n",
    );
    prints(s, "cordon node1", "node/node1 cordoned\n");
    prints(s, "cordon node1", "node/node1 already cordoned\n");
    prints(s, "uncordon node1", "node/node1 uncordoned\n");
}

#[test]
fn usage_errors_are_those_of_kubectl() {
    let s = &mut fake();
    for (line, text) in [
        ("get podz", "error: the server doesn't have a resource type \"podz\"\n"),
        (
            "get pods --nope",
            "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n",
        ),
        ("frobnicate", "error: unknown command \"frobnicate\" for \"kubectl\"\n"),
        (
            "autoscale deploy web",
            "podscope: kubectl autoscale is not supported yet\n",
        ),
        (
            "get pod web -A",
            "error: a resource cannot be retrieved by name across all namespaces\n",
        ),
        (
            "get pods,svc -w",
            "error: you may only specify a single resource type\n",
        ),
    ] {
        assert_eq!(call(s, line), (text.to_owned(), 1), "{line}");
    }
    // Flags may come before the verb.
    prints(s, "-n other get pods", "No resources found in other namespace.\n");
    prints(
        s,
        "--namespace=other get pods",
        "No resources found in other namespace.\n",
    );
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    /// Words that lead deep into the verbs, and noise.
    fn word() -> impl Strategy<Value = String> {
        const KNOWN: &[&str] = &[
            "get",
            "delete",
            "exec",
            "logs",
            "apply",
            "label",
            "patch",
            "set",
            "image",
            "pods",
            "pod",
            "web",
            "pod/web",
            "all",
            "node/",
            "-o",
            "jsonpath={.items[*]..name}",
            "custom-columns=A:.b",
            "-l",
            "a in (b",
            "--",
            "-w",
            "-n",
            "--sort-by=.status",
            "-p",
            "{}",
            "--type=json",
            "[{\"op\":\"move\"}]",
            "--tail=-1",
            "--replicas=1",
            "-A",
            "-f",
            "-",
            "--timeout=1s",
            "--field-selector=a!=b",
            "web=",
            "scale",
            "cordon",
            "ls",
            "-c",
            "a",
            "-L",
            "x/y",
        ];
        prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
    }

    proptest! {
        #[test]
        fn any_line_is_harmless(words in prop::collection::vec(word(), 0..7)) {
            let mut server = fake();
            let mut running = Running::start(&words, "{}", Rc::default());
            for _ in 0..3 {
                running.poll(&mut server);
            }
        }

        #[test]
        fn any_template_is_harmless(template in "[{}.\\[\\]*?@()='\"a-c0-9: ,$<>!\\\\]{0,40}") {
            if let Ok(path) = jsonpath::JsonPath::template(&template) {
                path.print(&serde_json::from_str(r#"{"a":[{"b":1},{"c":["a",2]}]}"#).unwrap());
            }
        }
    }
}
