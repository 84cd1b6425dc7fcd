//! Twin: pkg/kubelet/kuberuntime/security_context.go (v1.36.2)
//! Covers: verifyRunAsNonRoot, and the user of a container: its own, its Pod's, its image's.
//! Left out: groups, capabilities, seccomp, SELinux, Windows.

use super::entry::{Env, PodEntry};
use crate::api::pod::{Container, SecurityContext};
use crate::world::ImageProfile;

/// The user that an image names.
enum User<'a> {
    Number(i64),
    Name(&'a str),
    /// Nobody knows: it runs as the manifest demands.
    Unknown,
}

fn image_user(image: &ImageProfile) -> User<'_> {
    match image.line.get("user") {
        None if image.line.is_known() => User::Number(0),
        None | Some("?") => User::Unknown,
        Some(user) => user.parse().map_or(User::Name(user), User::Number),
    }
}

/// `runAsNonRoot` and `runAsUser` of a container: its own before its Pod's.
fn effective(p: &PodEntry, env: &Env, container: &Container) -> (bool, Option<i64>) {
    let raw = env.api.pod(p.uid).map(|stored| stored.raw.clone());
    let pods = raw.as_deref().and_then(|raw| raw.at(&["spec", "securityContext"]));
    let pods: Option<SecurityContext> = pods.and_then(|own| own.decode().ok());
    let all = [&container.security_context, &pods];
    let mut all = all.into_iter().flatten();
    let user = all.clone().find_map(|s| s.run_as_user);
    (all.find_map(|s| s.run_as_non_root).unwrap_or(false), user)
}

/// Refuses a container that would run as root, or whose image does not tell.
///
/// # Errors
/// The field, and the text of `CreateContainerConfigError`.
pub fn verify_run_as_non_root(
    p: &PodEntry,
    env: &Env,
    container: &Container,
    image: &ImageProfile,
) -> Result<(), (&'static str, String)> {
    let (true, user) = effective(p, env, container) else {
        return Ok(());
    };
    let text = match (user, image_user(image)) {
        (Some(0), _) => "container's runAsUser breaks non-root policy".to_owned(),
        (Some(_), _) => return Ok(()),
        (None, User::Number(0)) => "container has runAsNonRoot and image will run as root".to_owned(),
        (None, User::Name(name)) => format!(
            "container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root"
        ),
        (None, _) => return Ok(()),
    };
    let meta = &p.pod.metadata;
    let (name, namespace, uid) = (&meta.name, &meta.namespace, &meta.uid);
    let pod = format!("(pod: \"{name}_{namespace}({uid})\", container: {})", container.name);
    Err(("securityContext", format!("{text} {pod}")))
}

/// The user ID of a container's processes.
pub fn uid(p: &PodEntry, env: &Env, container: &Container, image: &ImageProfile) -> i64 {
    let (non_root, user) = effective(p, env, container);
    user.unwrap_or_else(|| match image_user(image) {
        User::Number(number) => number,
        User::Name("nobody") => 65_534,
        User::Name(_) => 1_000,
        User::Unknown if non_root => 1_000,
        User::Unknown => 0,
    })
}

/// What is assumed about the user of an image that nobody knows.
pub fn assumed(p: &PodEntry, env: &Env, container: &Container, image: &ImageProfile) -> Vec<String> {
    let (non_root, user) = effective(p, env, container);
    let unknown = matches!(image_user(image), User::Unknown);
    let text = || format!("assumed: image {} names a user other than root, by number", image.name);
    (non_root && user.is_none() && unknown).then(text).into_iter().collect()
}
