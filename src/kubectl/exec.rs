//! `kubectl exec`.

use super::command::Exec;
use super::pods;
use super::run::Printed;
use super::server::{ExecCall, Refusal, Server};

/// Starts the program; the number of the call comes back when it runs.
pub(super) fn start(exec: &Exec, stdin: &str, server: &mut dyn Server, out: &mut Printed) -> Option<u64> {
    match try_start(exec, stdin, server, out) {
        Ok(id) => Some(id),
        Err(refusal) => {
            out.fail(&refusal.text(None));
            None
        }
    }
}

fn try_start(exec: &Exec, stdin: &str, server: &mut dyn Server, out: &mut Printed) -> Result<u64, Refusal> {
    let pod = pods::one(&exec.target, &exec.namespace, server)?;
    if pod.status.phase.is_terminal() {
        return Err(Refusal::Local(format!(
            "cannot exec into a container in a completed pod; current phase is {}",
            pod.status.phase.as_str()
        )));
    }
    let (container, said) = pods::container(&pod, exec.container.as_deref())?;
    if let Some(said) = said.filter(|_| !exec.quiet) {
        out.warn(&said);
    }
    if pod.spec.node_name.is_empty() {
        let name = &pod.metadata.name;
        return Err(Refusal::bad_request(format!(
            "pod {name} does not have a host assigned"
        )));
    }
    server.reach_kubelet(&pod.spec.node_name, None)?;
    server.exec(&ExecCall {
        namespace: exec.namespace.clone(),
        pod: pod.metadata.name.to_string(),
        container,
        argv: exec.argv.clone(),
        stdin: exec.stdin.then(|| stdin.to_owned()),
    })
}

/// Whether the program has ended; prints what it printed.
pub(super) fn finish(id: u64, server: &mut dyn Server, out: &mut Printed) -> bool {
    match server.exec_result(id) {
        None => return false,
        Some(Ok((output, code))) => {
            out.print(&output);
            if code != 0 {
                out.warn(&format!("command terminated with exit code {code}"));
                out.code = code;
            }
        }
        Some(Err(refusal)) => out.fail(&refusal.text(None)),
    }
    true
}
