//! Twin: pkg/controller/controller_utils.go (v1.36.2)
//! Twin: pkg/controller/history/controller_history.go (v1.36.2)
//! Covers: ComputeHash, HashControllerRevision: the hashes in the names of ReplicaSets and ControllerRevisions.
//! Left out: a template that carries managed fields or a time (`creationTimestamp` other than null): its hash is
//! stable, but not upstream's.
//!
//! Both hashes depend on every field that the Go types of the release have, set or not. [`types`] reads them from a
//! table; [`dump`] and [`patch`] write a template as Go does, piece by piece into the hash.

mod amount;
mod dump;
mod patch;
pub(super) mod types;

use crate::manifest::Value;

/// Takes the pieces of a text, one after the other.
type Out<'o> = dyn FnMut(&str) + 'o;

/// The type that is hashed.
const TEMPLATE: &str = "PodTemplateSpec";

const FNV_OFFSET: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

/// The letters that names are made of: no vowels and no digits that look like one, so that no word comes up.
const SAFE: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// The `pod-template-hash` of a Deployment's template, and the hash of a DaemonSet's ControllerRevision.
///
/// The template is the stored one, with its defaults. `collision_count` is `status.collisionCount` of the owner.
pub fn template_hash(template: &Value, collision_count: Option<u32>) -> String {
    let mut hash = FNV_OFFSET;
    dump::write(TEMPLATE, template, true, &mut |piece| {
        hash = fnv1a(hash, piece.as_bytes())
    });
    if let Some(count) = collision_count {
        hash = fnv1a(hash, &u64::from(count).to_le_bytes());
    }
    safe_encode(hash)
}

/// The hash of a StatefulSet's ControllerRevision: of the patch that restores the template, in JSON.
///
/// The template is the stored one, with its defaults. A StatefulSet without `status.collisionCount` counts as 0.
pub fn revision_hash(template: &Value, collision_count: u32) -> String {
    let mut hash = FNV_OFFSET;
    let mut add = |piece: &str| hash = fnv1(hash, piece.as_bytes());
    patch::write(template, &mut add);
    add(&collision_count.to_string());
    safe_encode(hash)
}

/// FNV-1a of 32 bits, which ComputeHash uses.
fn fnv1a(hash: u32, bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(FNV_PRIME);
    bytes.iter().fold(hash, step)
}

/// FNV-1 of 32 bits, which HashControllerRevision uses.
fn fnv1(hash: u32, bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| hash.wrapping_mul(FNV_PRIME) ^ u32::from(*byte);
    bytes.iter().fold(hash, step)
}

/// The decimal digits of a hash as letters that are safe in names (`rand.SafeEncodeString`).
fn safe_encode(hash: u32) -> String {
    let letter = |byte: u8| SAFE.get(usize::from(byte) % SAFE.len()).copied().map(char::from);
    hash.to_string().bytes().filter_map(letter).collect()
}
