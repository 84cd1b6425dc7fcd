//! What the registry holds: profiles, and how pulls go.

use std::cell::RefCell;
use std::rc::Rc;

use super::images::ImageProfile;
use super::misspelt;
use super::reference::Reference;
use crate::api::scenario::{ImageSetup, OneOrMany, Program, Pull, ScenarioSpec};
use crate::map::Map;
use crate::time::Duration;

/// Bytes a second that a pull is assumed to bring in, unpacking included.
const BYTES_PER_SECOND: i64 = 40 * 1024 * 1024;
/// The part of a pull that does not depend on the size: resolving the reference, manifests.
const PULL_BASE: Duration = Duration::from_millis(500);

/// Docker Hub takes so long to say that it has no such repository.
const REFUSED: Duration = Duration::from_millis(900);

/// How one attempt to pull an image goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullOutcome {
    /// How long it takes.
    pub takes: Duration,
    /// The image's size in bytes, or the runtime's text.
    pub result: Result<i64, String>,
    /// What was assumed, when the scenario does not say: for a diagnostic.
    pub assumed: Option<String>,
}

#[derive(Clone, Debug)]
struct Held {
    pull: OneOrMany<Pull>,
    profile: Rc<ImageProfile>,
    program: Option<Rc<Program>>,
    sized: bool,
}

/// All images by canonical reference.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    held: Map<String, Held>,
    /// Profiles made for references that no scenario names; shared, so that Pods of one image share its files.
    made: Rc<RefCell<Map<String, Rc<ImageProfile>>>>,
}

/// The canonical form of a reference; the text itself when it is none.
pub fn canonical(reference: &str) -> String {
    Reference::parse(reference).map_or_else(|_| reference.to_owned(), |r| r.canonical())
}

impl Registry {
    /// The registry of a scenario.
    pub fn new(scenario: &ScenarioSpec) -> Registry {
        let mut registry = Registry::default();
        for image in &scenario.images {
            let held = registry.hold(image);
            registry.held.insert(canonical(&image.name), held);
        }
        registry
    }

    fn hold(&self, image: &ImageSetup) -> Held {
        let name = canonical(&image.name);
        let mut profile = match image.like.as_deref() {
            Some(like) => ImageProfile {
                name: name.clone(),
                ..built_in(like)
            },
            None => built_in(&image.name),
        };
        if let Some(size) = &image.size {
            profile.size = size.units().max(0);
        }
        Held {
            pull: image.pull.clone(),
            profile: Rc::new(profile),
            program: image.program.clone().map(Rc::new),
            sized: image.size.is_some(),
        }
    }

    /// The profile of an image.
    pub fn profile(&self, reference: &str) -> Rc<ImageProfile> {
        let name = canonical(reference);
        if let Some(held) = self.held.get(&name) {
            return held.profile.clone();
        }
        self.made
            .borrow_mut()
            .entry(name)
            .or_insert_with(|| Rc::new(built_in(reference)))
            .clone()
    }

    /// How the image's program behaves, when the scenario's `images` says so.
    pub fn program(&self, reference: &str) -> Option<Rc<Program>> {
        self.held.get(&canonical(reference))?.program.clone()
    }

    /// How the attempt number `attempt` (from 0) to pull an image goes. An image nobody names is there,
    /// unless its name is a slip.
    pub fn pull(&self, reference: &str, attempt: usize) -> PullOutcome {
        let held = self.held.get(&canonical(reference));
        let said = held.and_then(|h| h.pull.nth(attempt));
        if let Some(error) = said.and_then(|p| p.error.clone()) {
            let takes = said.and_then(|p| p.takes).map_or(Duration::from_millis(100), |t| t.0);
            return PullOutcome {
                takes,
                result: Err(error),
                assumed: None,
            };
        }
        if held.is_none() && misspelt::misspelt(reference).is_some() {
            return PullOutcome {
                takes: REFUSED,
                result: Err(misspelt::denied(&canonical(reference))),
                assumed: None,
            };
        }
        let profile = self.profile(reference);
        let size = profile.size;
        match said.and_then(|p| p.takes) {
            Some(takes) => PullOutcome {
                takes: takes.0,
                result: Ok(size),
                assumed: None,
            },
            None => {
                let takes = pull_time(size);
                let what = match held {
                    Some(h) if h.sized => "the time to pull",
                    Some(_) => "size of and time to pull",
                    None => "that the registry holds, size of and time to pull",
                };
                let mib = size.div_euclid(1024 * 1024);
                PullOutcome {
                    takes,
                    result: Ok(size),
                    assumed: Some(format!("assumed: {what} image {reference} ({mib} MiB in {takes})")),
                }
            }
        }
    }
}

fn built_in(reference: &str) -> ImageProfile {
    match Reference::parse(reference) {
        Ok(parsed) => ImageProfile::of(&parsed),
        Err(_) => ImageProfile::busybox(reference),
    }
}

/// The assumed time of a pull: a fixed part and one that grows with the size, in steps of 100 ms.
fn pull_time(size: i64) -> Duration {
    let tenths = size.max(0).saturating_mul(10) / BYTES_PER_SECOND;
    PULL_BASE + Duration::from_millis(tenths.saturating_mul(100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::scenario::Span;

    fn pull(takes: Option<i64>, error: Option<&str>) -> Pull {
        Pull {
            takes: takes.map(|ms| Span(Duration::from_millis(ms))),
            error: error.map(str::to_owned),
        }
    }

    #[test]
    fn attempts_go_as_the_scenario_says() {
        let spec = ScenarioSpec {
            images: vec![ImageSetup {
                name: "team/web:1".to_owned(),
                pull: OneOrMany(vec![pull(Some(7), Some("no such host")), pull(Some(4000), None)]),
                like: Some("nginx".to_owned()),
                ..ImageSetup::default()
            }],
            ..ScenarioSpec::default()
        };
        let registry = Registry::new(&spec);
        let first = registry.pull("docker.io/team/web:1", 0);
        assert_eq!(
            (first.takes, first.result),
            (Duration::from_millis(7), Err("no such host".to_owned()))
        );
        for attempt in [1, 2] {
            let later = registry.pull("team/web:1", attempt);
            assert_eq!((later.takes, later.result.is_ok()), (Duration::from_secs(4), true));
        }
        let profile = registry.profile("team/web:1");
        assert_eq!(
            profile.argv(&[], &[]),
            ["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"]
        );
        assert_eq!(profile.name, "docker.io/team/web:1");
    }

    #[test]
    fn an_image_nobody_names_is_assumed() {
        let registry = Registry::default();
        let outcome = registry.pull("nginx", 0);
        assert_eq!(
            (outcome.takes, outcome.result.is_ok()),
            (Duration::from_millis(2300), true)
        );
        assert!(outcome.assumed.is_some());
        assert!(Rc::ptr_eq(
            &registry.profile("nginx"),
            &registry.profile("docker.io/library/nginx:latest")
        ));
    }
}
