//! Every rule has a sentence with its numbers, and the story explains itself.

use super::card::card;
use super::*;
use crate::api::pod::{PullPolicy, RestartPolicy};
use crate::trace::{
    Cause, ClaimOwner, DaemonSetRule, DeletionRank, Dependents, DeploymentRule, GarbageRule, GraceBy, LaneKind,
    ProbeKind, ReplicaSetRule, StatefulSetRule, Wait,
};
use crate::view::story::story;

const fn s(n: i64) -> Duration {
    Duration::from_secs(n)
}

/// Each rule with an entry it makes, and what its sentence has to mention.
fn rules() -> Vec<(Rule, What, &'static [&'static str])> {
    let status = || What::Status {
        status: "Running".into(),
        ready: "1/1".into(),
        restarts: 0,
    };
    let run = || What::Running { restarts: 1 };
    let ended = |code| What::Ended {
        code,
        reason: "Error".into(),
    };
    let verdict = |success| What::ProbeVerdict { success, count: 3 };
    let waiting = || What::Waiting { reason: "X".into() };
    let liveness = ProbeKind::Liveness;
    let threshold = |kind| Rule::ProbeThreshold {
        kind,
        count: 3,
        threshold: 3,
        period: s(5),
    };
    let own: Vec<Case> = vec![
        (
            Rule::Step,
            What::Step("kubectl get pod".into()),
            &["scenario", "100.0 s"],
        ),
        (Rule::ApiServerStored, What::Object("created".into()), &["stored"]),
        (Rule::SchedulerBound, status(), &["Pod web", "bound"]),
        (Rule::SchedulerNoFit, status(), &["No node passes"]),
        (Rule::StatusPublished, status(), &["300 ms after its cause"]),
        (Rule::VolumesWaited, What::Volumes, &["300 ms"]),
        (
            Rule::SandboxChanged,
            What::Decided("".into()),
            &["sandbox is gone", "first init container"],
        ),
        (Rule::SandboxCreated, What::Sandbox { ready: true }, &["network"]),
        (
            Rule::ImagePulled {
                policy: PullPolicy::IfNotPresent,
            },
            What::Pulling { image: "nginx".into() },
            &["4 s", "not on the node"],
        ),
        (
            Rule::ImagePulled {
                policy: PullPolicy::Always,
            },
            What::Pulling { image: "nginx".into() },
            &["imagePullPolicy is Always"],
        ),
        (
            Rule::ImagePullFailed { backoff: s(20) },
            What::Decided("manifest unknown".into()),
            &["20 s", "before 2m", "manifest unknown"],
        ),
        (
            Rule::ImagePullRefused {
                backoff: s(20),
                until: Instant::from_secs(117),
            },
            What::Decided("".into()),
            &["20 s", "before 117.0 s"],
        ),
        (Rule::ContainerStarted, What::Creating, &["4 s"]),
        (Rule::ProcessExited, ended(7), &["exit code 7"]),
        (
            Rule::RelistSaw { on_demand: false },
            What::Decided("".into()),
            &["99.7 s", "300 ms later", "once a second"],
        ),
        (
            Rule::RelistSaw { on_demand: true },
            What::Decided("".into()),
            &["Right after acting"],
        ),
        (Rule::RestartFree, run(), &["at once"]),
        (
            Rule::RestartAfterBackoff {
                waited: s(20),
                next: s(40),
                since: Instant::from_secs(70),
            },
            run(),
            &["20 s", "40 s", "doubles", "exit at 70.0 s", "over at 90.0 s"],
        ),
        (
            Rule::RestartAfterBackoff {
                waited: s(300),
                next: s(300),
                since: Instant::from_secs(70),
            },
            run(),
            &["5 min", "reached its top"],
        ),
        (
            Rule::RestartAfterBackoff {
                waited: s(0),
                next: s(10),
                since: Instant::from_secs(70),
            },
            run(),
            &["at once", "10 s"],
        ),
        (
            Rule::BackoffRefused {
                backoff: s(160),
                left: Duration::from_millis(12_400),
            },
            waiting(),
            &["2 min 40 s", "12.4 s"],
        ),
        (
            Rule::RestartPolicyStays {
                policy: RestartPolicy::Never,
            },
            What::Decided("".into()),
            &["restartPolicy is Never"],
        ),
        (
            Rule::RestartPolicyStays {
                policy: RestartPolicy::OnFailure,
            },
            What::Decided("".into()),
            &["restartPolicy is OnFailure", "exit code 0"],
        ),
        (
            Rule::AllContainersRestart,
            What::Decided("".into()),
            &["RestartAllContainers", "without a back-off"],
        ),
        (
            Rule::ProbeTick {
                kind: liveness,
                period: s(5),
                delay: s(7),
            },
            run(),
            &["liveness", "every 5 s", "run for 7 s (initialDelaySeconds)"],
        ),
        (
            threshold(liveness),
            verdict(false),
            &[
                "Third liveness failure in a row",
                "failureThreshold 3",
                "2 × periodSeconds 5",
                "kills",
            ],
        ),
        (
            threshold(ProbeKind::Startup),
            verdict(false),
            &["startup failure", "kills"],
        ),
        (
            threshold(ProbeKind::Readiness),
            verdict(false),
            &["readiness failure", "not restarted"],
        ),
        (
            threshold(ProbeKind::Readiness),
            verdict(true),
            &["readiness success", "successThreshold 3"],
        ),
        (threshold(ProbeKind::Startup), verdict(true), &["started"]),
        (
            Rule::ProbeKill {
                kind: ProbeKind::Startup,
            },
            ended(137),
            &["startup probe"],
        ),
        (
            Rule::HookRan,
            What::Hook {
                stage: "preStop".into(),
            },
            &["preStop", "grace period"],
        ),
        (
            Rule::HookRan,
            What::Hook {
                stage: "postStart".into(),
            },
            &["postStart"],
        ),
        (Rule::PostStartFailed, ended(137), &["postStart"]),
        (
            Rule::GraceStarted {
                grace: s(30),
                used: s(10),
                by: GraceBy::Pod,
            },
            What::Grace { seconds: 20 },
            &["20 s", "30 s granted", "10 s used", "2m"],
        ),
        (
            Rule::GraceStarted {
                grace: s(30),
                used: s(0),
                by: GraceBy::Delete,
            },
            What::Grace { seconds: 30 },
            &["30 s", "2m10.0s", "grace period of the delete"],
        ),
        (
            Rule::GraceStarted {
                grace: s(10),
                used: s(10),
                by: GraceBy::Pod,
            },
            What::Grace { seconds: 2 },
            &["has 2 s", "102.0 s"],
        ),
        (
            Rule::GraceStarted {
                grace: s(1),
                used: s(0),
                by: GraceBy::Probe(ProbeKind::Liveness),
            },
            What::Grace { seconds: 2 },
            &["1 s granted", "2 s", "of the liveness probe"],
        ),
        (
            Rule::GraceOver {
                grace: s(30),
                used: s(4),
            },
            What::Signal("SIGKILL".into()),
            &["26 s", "30 s granted", "137"],
        ),
        (Rule::SidecarOrder, What::Turn, &["Sidecars stop last"]),
        (
            Rule::DeletionMarked {
                grace: s(30),
                mirror: false,
            },
            What::Object("deleted".into()),
            &["30 s", "is not removed but marked"],
        ),
        (Rule::DeletionFinished, What::Object("deleted".into()), &["gone"]),
        (Rule::PodFinished, status(), &["phase"]),
        (
            Rule::DeadlineExceeded { limit: s(20) },
            What::Decided("".into()),
            &["activeDeadlineSeconds is 20"],
        ),
        (Rule::NodeSilent { grace: s(50) }, status(), &["50 s", "unreachable"]),
        (
            Rule::TaintEvicted {
                tolerated: Some(s(300)),
            },
            What::Decided("".into()),
            &["5 min", "tolerationSeconds"],
        ),
        (
            Rule::TaintEvicted { tolerated: None },
            What::Decided("".into()),
            &["does not tolerate"],
        ),
        (Rule::OutOfMemory, ended(137), &["limits.memory", "137"]),
        (Rule::StartFailed, ended(128), &["back-off"]),
        (
            Rule::ConfigMissing,
            What::Decided("configmap \"x\" not found".into()),
            &["10 to 15 s", "configmap \"x\" not found"],
        ),
        (
            Rule::EventRecorded,
            What::Event {
                warning: true,
                reason: "BackOff".into(),
                message: "Back-off restarting".into(),
            },
            &["Back-off restarting"],
        ),
        (
            Rule::EndpointsFollow,
            What::Endpoint {
                ready: true,
                serving: true,
                terminating: false,
            },
            &["new connections go to it"],
        ),
        (
            Rule::EndpointsFollow,
            What::Endpoint {
                ready: false,
                serving: true,
                terminating: true,
            },
            &["serving"],
        ),
        (
            Rule::EndpointsFollow,
            What::Endpoint {
                ready: false,
                serving: false,
                terminating: false,
            },
            &["not Ready"],
        ),
        (Rule::KubeletRejected, What::Decided("".into()), &["nothing is started"]),
        (Rule::NodePressure, What::Decided("".into()), &["100Mi", "10 s", "1 s"]),
        (Rule::MirrorStored, What::Decided("".into()), &["mirror", "file"]),
        (Rule::CriticalPodRoom, What::Decided("".into()), &["2000000000"]),
        (Rule::NodeShutdown, What::Decided("".into()), &["shutdownGracePeriod"]),
        (Rule::PodGc, What::Decided("".into()), &["40 s", "20 s"]),
        (Rule::Fault, status(), &["fault"]),
    ];
    own.into_iter()
        .chain(deployment_rules())
        .chain(replica_set_rules())
        .chain(stateful_set_rules())
        .chain(daemon_set_rules())
        .collect()
}

type Case = (Rule, What, &'static [&'static str]);

fn deployment_rules() -> Vec<Case> {
    use DeploymentRule::*;
    let scaled = || What::Scaled { from: 3, to: 2 };
    let decided = || What::Decided("".into());
    let (desired, surge, max_unavailable, from, to) = (4, 1, 1, 3, 2);
    let cases: Vec<(DeploymentRule, What, &'static [&'static str])> = vec![
        (
            NewReplicaSet {
                desired,
                surge,
                others: 4,
                replicas: 1,
            },
            decided(),
            &["4 + 1 = 5"],
        ),
        (
            NewReplicaSet {
                desired,
                surge,
                others: 0,
                replicas: 4,
            },
            decided(),
            &["for 4 Pods"],
        ),
        (ReusedReplicaSet { from: 1, to: 3 }, decided(), &["revision 1", "3"]),
        (
            ScaledUp {
                desired,
                surge,
                total: 4,
                from: 1,
                to: 2,
            },
            scaled(),
            &["4 + 1 = 5", "from 1 to 2"],
        ),
        (
            ScaledDownUnhealthy {
                desired,
                max_unavailable,
                budget: 2,
                from,
                to,
            },
            scaled(),
            &["4 − 1 = 3", "2 may go", "3 to 2"],
        ),
        (
            ScaledDown {
                desired,
                max_unavailable,
                available: 4,
                from,
                to,
            },
            scaled(),
            &["4 − 1 = 3", "1 Pod may go", "from 3 to 2"],
        ),
        (RecreateDown, scaled(), &["Recreate"]),
        (RecreateUp, scaled(), &["Recreate"]),
        (ScaledTo { desired }, scaled(), &["4"]),
        (Saturated, scaled(), &["goes to 0"]),
        (
            ScaledInProportion {
                desired: 12,
                limit: 15,
                limit_before: 8,
                from: 5,
                to: 9,
            },
            scaled(),
            &["5 × 15 ÷ 8", "9"],
        ),
        (Status, decided(), &["adds up"]),
        (
            Available { available: 2, least: 3 },
            decided(),
            &["at least 3", "2 are"],
        ),
        (Progress, decided(), &["updated, ready or available"]),
        (
            DeadlineExceeded { limit: s(10) },
            decided(),
            &["progressDeadlineSeconds", "10 s"],
        ),
        (Paused { paused: true }, decided(), &["spec.paused"]),
        (Paused { paused: false }, decided(), &["goes on"]),
        (HistoryLimit { limit: 1 }, decided(), &["revisionHistoryLimit is 1"]),
    ];
    let rule = |(rule, what, words)| (Rule::Deployment(rule), what, words);
    cases.into_iter().map(rule).collect()
}

fn daemon_set_rules() -> Vec<Case> {
    use DaemonSetRule::*;
    let cases: [(DaemonSetRule, &'static [&'static str]); 22] = [
        (
            NodesWithoutPod { desired: 3, current: 1 },
            &["3 nodes should", "1 of them has one", "makes 2"],
        ),
        (NodeUnfit, &["nodeSelector"]),
        (NodeTainted, &["NoExecute"]),
        (NodeMissing, &["does not exist"]),
        (PodFailed { backoff: s(2) }, &["2 s", "15 min"]),
        (PodFailedAgain { backoff: s(4) }, &["4 s"]),
        (PodSucceeded, &["always"]),
        (SecondPod, &["older"]),
        (CreateFailed { retry: s(10) }, &["10 s"]),
        (NewRevision { number: 2 }, &["revision 2"]),
        (ReusedRevision { from: 1, to: 3 }, &["Revision 1", "number 3"]),
        (HistoryLimit { limit: 1 }, &["revisionHistoryLimit is 1"]),
        (
            Replaced {
                desired: 5,
                max_unavailable: 2,
                unavailable: 1,
            },
            &["5 nodes", "at most 2", "1 is", "2 − 1 = 1"],
        ),
        (ReplacedUnavailable, &["not available anyway"]),
        (
            Surged {
                max_surge: 2,
                surging: 0,
            },
            &["At most 2 nodes", "0 do", "2 − 0 = 2"],
        ),
        (SurgedUnavailable, &["whatever maxSurge says"]),
        (SurgeDone, &["old one"]),
        (OldNotReady, &["not ready any more"]),
        (
            Moved {
                desired: 3,
                available: 4,
            },
            &["3 nodes", "4 are available"],
        ),
        (Status, &["counts"]),
        (Adopted, &["adopts"]),
        (Released, &["gives it up"]),
    ];
    let case = |(rule, words)| (Rule::DaemonSet(rule), What::Decided("".into()), words);
    cases.into_iter().map(case).collect()
}

fn stateful_set_rules() -> Vec<Case> {
    use StatefulSetRule::*;
    let (ordinal, desired) = (2, 3);
    let create = |ordered, partition| Create {
        ordinal,
        desired,
        ordered,
        partition,
    };
    let waits = |why| Waits { ordinal, why };
    let updated = |max_unavailable| Updated {
        ordinal,
        partition: 1,
        max_unavailable,
    };
    let owned = |owner| ClaimOwned { ordinal, owner };
    let deleted = |owner| ClaimDeleted { owner };
    let cases: [(StatefulSetRule, &'static [&'static str]); 26] = [
        (create(true, None), &["3 Pods are wanted", "ordinal 2"]),
        (create(false, None), &["Parallel"]),
        (create(true, Some(3)), &["below the partition, 3", "old revision"]),
        (waits(Wait::Terminating), &["ordinal 2", "object is gone"]),
        (waits(Wait::NotReady), &["no other Pod"]),
        (waits(Wait::Stuck), &["delete it", "rollback"]),
        (waits(Wait::NotAvailable), &["minReadySeconds"]),
        (waits(Wait::Claim), &["claim"]),
        (Ended { ordinal }, &["same name"]),
        (ScaledDown { ordinal, desired }, &["highest ordinal"]),
        (updated(1), &["one Pod at a time", "partition, 1"]),
        (updated(2), &["up to 2 Pods", "partition, 1"]),
        (Identity { ordinal }, &["ordinal 2", "labels"]),
        (owned(ClaimOwner::Pod), &["whenScaled", "ordinal 2"]),
        (owned(ClaimOwner::Set), &["whenDeleted"]),
        (owned(ClaimOwner::Nobody), &["stays"]),
        (deleted(ClaimOwner::Pod), &["Pod is gone"]),
        (deleted(ClaimOwner::Set), &["StatefulSet is gone"]),
        (StatusRefused { retry: s(10) }, &["below 0", "10 s"]),
        (NewRevision { number: 2 }, &["revision 2"]),
        (ReusedRevision { from: 1, to: 3 }, &["Revision 1", "revision 3"]),
        (HistoryLimit { limit: 1 }, &["revisionHistoryLimit is 1"]),
        (CreateFailed { retry: s(10) }, &["10 s"]),
        (Status, &["counts"]),
        (Adopted, &["adopts"]),
        (Released, &["gives it up"]),
    ];
    let case = |(rule, words)| (Rule::StatefulSet(rule), What::Decided("".into()), words);
    cases.into_iter().map(case).collect()
}

fn replica_set_rules() -> Vec<Case> {
    let decided = || What::Decided("".into());
    let ranks = [
        DeletionRank::All,
        DeletionRank::NoNode,
        DeletionRank::Phase,
        DeletionRank::NotReady,
        DeletionRank::Cost { cost: -5 },
        DeletionRank::Crowded { pods: 2 },
        DeletionRank::ReadyLater,
        DeletionRank::Restarts { restarts: 3 },
        DeletionRank::Newer,
        DeletionRank::Uid,
    ];
    let too_many = |rank| ReplicaSetRule::TooMany {
        desired: 3,
        active: 4,
        rank,
    };
    let ranked = ranks
        .into_iter()
        .map(|rank| (Rule::ReplicaSet(too_many(rank)), decided(), &["4 active: 1"][..]));
    let mut cases: Vec<Case> = ranked.collect();
    let others: [(ReplicaSetRule, &'static [&'static str]); 5] = [
        (
            ReplicaSetRule::TooFew { desired: 3, active: 1 },
            &["3 Pods are wanted", "2 more"],
        ),
        (ReplicaSetRule::CreateFailed { retry: s(10) }, &["10 s", "1,000 s"]),
        (ReplicaSetRule::Status, &["counts"]),
        (ReplicaSetRule::Adopted, &["adopts"]),
        (ReplicaSetRule::Released, &["gives it up"]),
    ];
    cases.extend(
        others
            .into_iter()
            .map(|(rule, words)| (Rule::ReplicaSet(rule), decided(), words)),
    );
    let dependents = [Dependents::GoAfter, Dependents::GoFirst, Dependents::Stay];
    let asked = dependents
        .into_iter()
        .map(|propagation| GarbageRule::DeletionAsked { propagation });
    let garbage = [
        GarbageRule::OwnerGone,
        GarbageRule::OwnerWaits,
        GarbageRule::NoDependents,
        GarbageRule::Orphaned,
    ];
    let all = asked
        .chain(garbage)
        .map(|rule| (Rule::Garbage(rule), decided(), &["t"][..]));
    cases.extend(all);
    cases
}

#[test]
fn every_rule_has_a_sentence_with_its_numbers() {
    for (rule, what, mentions) in rules() {
        let mut log = TraceLog::new();
        let pod = log.lane(LaneKind::Pod, None, "web");
        let lane = log.lane(LaneKind::Container, Some(pod), "app");
        let ms = Instant::from_millis;
        let before = log.instant(lane, ms(99_700), What::Step("x".into()), Cause::of(Rule::Step));
        let id = log.begin(lane, ms(100_000), what, Cause::of(rule).after(Some(before)));
        log.end(id, ms(104_000));
        let Some((title, sentence)) = explain(&log, id, Lang::En) else {
            panic!("{rule:?} is not explained");
        };
        for mention in mentions {
            assert!(sentence.contains(mention), "{rule:?}: no “{mention}” in “{sentence}”");
        }
        assert!(title.contains("100.0 s"), "{rule:?}: {title}");
        for text in [&title, &sentence] {
            let tidy = !text.contains("  ") && !text.contains('{') && !text.contains(" .") && text.trim() == *text;
            assert!(tidy && !text.is_empty(), "{rule:?}: “{text}”");
        }
        assert!(sentence.ends_with(['.', '”']), "{rule:?}: “{sentence}”");
    }
}

#[test]
fn every_rule_has_a_chinese_sentence_with_the_same_numbers() {
    for (rule, what, mentions) in rules() {
        let mut log = TraceLog::new();
        let pod = log.lane(LaneKind::Pod, None, "web");
        let lane = log.lane(LaneKind::Container, Some(pod), "app");
        let ms = Instant::from_millis;
        let before = log.instant(lane, ms(99_700), What::Step("x".into()), Cause::of(Rule::Step));
        let id = log.begin(lane, ms(100_000), what, Cause::of(rule).after(Some(before)));
        log.end(id, Instant::from_millis(104_000));
        let Some((title, sentence)) = explain(&log, id, Lang::of_tag("zh-CN")) else {
            panic!("{rule:?} is not explained");
        };
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(
            title.contains(han) && sentence.contains(han),
            "{rule:?}: “{title}” “{sentence}”"
        );
        assert!(sentence.ends_with(['。', '”']), "{rule:?}: “{sentence}”");
        for text in [&title, &sentence] {
            assert!(
                !text.contains("  ") && !text.contains('{') && !text.contains("。。"),
                "{rule:?}: “{text}”"
            );
        }
        // Numbers with their units, and the names of fields, are the same in every language.
        let same = |m: &&&str| m.ends_with("Seconds") || m.ends_with("Threshold") || m.ends_with(" s");
        let plain = |m: &&&str| m.split(' ').count() <= 2;
        for mention in mentions.iter().filter(same).filter(plain) {
            assert!(sentence.contains(mention), "{rule:?}: no “{mention}” in “{sentence}”");
        }
    }
}

#[test]
fn cards_name_files_and_pages_of_kubernetes() {
    let mut names = Vec::new();
    for (rule, _, _) in rules() {
        let card = card(&rule);
        let tidy = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(!card.name.is_empty() && card.name.chars().all(tidy), "{rule:?}");
        assert!(card.twin.contains('/') && card.twin.ends_with(".go"), "{rule:?}");
        let url = card.url();
        let page = url.strip_prefix("https://kubernetes.io/docs/");
        assert!(page.is_some_and(|page| page.contains('/')), "{rule:?}: {url}");
        names.push(card.name);
    }
    names.dedup();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two rules share a name");
}

#[test]
fn the_killing_is_explained_to_the_end() {
    let (log, kill) = story();
    let timeline = Timeline::of(&log);
    let Some(why) = why(&log, &timeline, kill, Lang::En, &|_, _| None) else {
        panic!("no answer");
    };
    assert_eq!(why.title, "web is killed at 56.0 s: SIGTERM");
    assert!(why.sentence.contains("(46.0, 51.0, 56.0 s)"), "{}", why.sentence);
    let causes: Vec<_> = why.causes.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(
        causes,
        [
            "liveness: 3 failures in a row",
            "liveness fails × 3: HTTP probe failed with statuscode: 503"
        ]
    );
    assert!(why.effects.iter().any(|m| m.text == "web has 20 s to go"));
}

#[test]
fn the_story_in_sentences() {
    let (log, _) = story();
    let mut out = String::new();
    for (i, _) in log.entries().iter().enumerate() {
        if let Some((title, sentence)) = explain(&log, EntryId(i as u32), Lang::En) {
            out.push_str(&format!("{title}\n    {sentence}\n"));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_run_that_went_on_does_not_move_the_verdict() {
    let mut log = TraceLog::new();
    let lane = log.lane(LaneKind::Probe(ProbeKind::Readiness), None, "");
    let cause = || Cause::of(Rule::RelistSaw { on_demand: false });
    let run = What::ProbeRun {
        success: false,
        count: 1,
        output: "".into(),
    };
    let run = log.begin(lane, Instant::from_secs(10), run, cause());
    log.repeat(run, Instant::from_secs(15));
    log.repeat(run, Instant::from_secs(20));
    let verdict = What::ProbeVerdict {
        success: false,
        count: 2,
    };
    let verdict = log.instant(lane, Instant::from_millis(20_002), verdict, cause());
    for at in [25, 30, 35] {
        log.repeat(run, Instant::from_secs(at));
    }
    let times: Vec<_> = results_before(&log, verdict).iter().map(|t| t.secs()).collect();
    assert_eq!(times, [15, 20]);
    assert!(results_before(&log, run).is_empty());
    assert!(results_before(&log, EntryId(99)).is_empty());
}

#[test]
fn chains_are_bounded_and_never_loop() {
    let mut log = TraceLog::new();
    let lane = log.lane(LaneKind::Steps, None, "");
    let mut last = Some(EntryId(0));
    for i in 0..100 {
        let cause = Cause::of(Rule::Step).after(last);
        last = Some(log.instant(lane, Instant::from_secs(i), What::Step("x".into()), cause));
    }
    assert_eq!(last.map(|id| chain(&log, id).count()), Some(MAX_CHAIN));
    assert_eq!(chain(&log, EntryId(0)).count(), 0, "the first names itself");
}
