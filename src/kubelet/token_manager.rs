//! Twin: pkg/kubelet/token/token_manager.go (v1.36.2)
//! Covers: the token of a Pod's service account, as files of the containers that mount it.
//! Left out: its signature, which nobody checks, and its renewal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::entry::{Env, PodEntry};
use crate::api::selects::{items, text};
use crate::apiserver::TOKEN_PATH;
use crate::manifest::Value;
use crate::time::Calendar;

/// Seconds that a token holds.
const LIFETIME: i64 = 3_607;

/// The certificate of the cluster's authority. Nothing checks it.
pub const AUTHORITY: &str =
    "-----BEGIN CERTIFICATE-----\n(the cluster's certificate authority)\n-----END CERTIFICATE-----\n";

/// The Pod's service account.
pub fn account(p: &PodEntry, env: &Env) -> String {
    let raw = env.api.pod(p.uid).map(|stored| stored.raw.clone());
    let name = raw
        .as_deref()
        .and_then(|raw| raw.at(&["spec", "serviceAccountName"])?.as_str());
    name.filter(|name| !name.is_empty()).unwrap_or("default").to_owned()
}

/// A token: header and claims as the API server writes them, and a signature of nobody.
pub fn token(p: &PodEntry, env: &Env) -> String {
    let (meta, account) = (&p.pod.metadata, account(p, env));
    let (name, namespace, uid) = (&meta.name, &meta.namespace, &meta.uid);
    let issuer = "https://kubernetes.default.svc.cluster.local";
    let made = Calendar::default().start_unix.saturating_add(env.now().secs());
    let end = made.saturating_add(LIFETIME);
    let claims = format!(
        "{{\"aud\":[\"{issuer}\"],\"exp\":{end},\"iat\":{made},\"iss\":\"{issuer}\",\"kubernetes.io\":{{\"namespace\":\
         \"{namespace}\",\"pod\":{{\"name\":\"{name}\",\"uid\":\"{uid}\"}},\"serviceaccount\":{{\"name\":\"{account}\"}}}},\
         \"nbf\":{made},\"sub\":\"system:serviceaccount:{namespace}:{account}\"}}"
    );
    let parts = ["{\"alg\":\"RS256\",\"kid\":\"podscope\"}", &claims, "not signed"];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

/// The files of the token volume that admission gives to containers, for one that mounts it.
pub fn files(p: &PodEntry, env: &Env, name: &str) -> Vec<(String, String)> {
    let Some(stored) = env.api.pod(p.uid) else {
        return Vec::new();
    };
    let empty = Value::Null;
    let spec = stored.raw.get("spec").unwrap_or(&empty);
    let own = |c: &&Value| text(c, "name") == name;
    let lists = ["containers", "initContainers"].map(|list| items(spec, &[list]));
    let container = lists.into_iter().flatten().find(own);
    let mounts = container.map_or(&[][..], |c| items(c, &["volumeMounts"]));
    if !mounts
        .iter()
        .any(|m| text(m, "mountPath") == TOKEN_PATH && text(m, "name").starts_with("kube-api-access-"))
    {
        return Vec::new();
    }
    let all = [
        ("ca.crt", AUTHORITY.to_owned()),
        ("namespace", p.pod.metadata.namespace.to_string()),
        ("token", token(p, env)),
    ];
    all.map(|(file, text)| (format!("{TOKEN_PATH}/{file}"), text)).to_vec()
}
