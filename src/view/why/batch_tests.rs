//! Every rule of Jobs and CronJobs has a sentence with its numbers, in both languages.

use super::card::card;
use super::*;
use crate::api::WorkloadKind;
use crate::trace::{Cause, CronJobRule, DeletionRank, FailureAction, JobRule, LaneKind};

const fn s(n: i64) -> Duration {
    Duration::from_secs(n)
}

/// Each rule, and what its sentence has to mention whatever the language.
fn rules() -> Vec<(Rule, &'static [&'static str])> {
    let job = [
        (JobRule::Status, &["1 s"][..]),
        (
            JobRule::TooFew {
                parallelism: 3,
                missing: Some(7),
                active: 1,
                made: 2,
            },
            &["7", "parallelism", "3", "1", "2"],
        ),
        (
            JobRule::TooFew {
                parallelism: 4,
                missing: None,
                active: 0,
                made: 4,
            },
            &["parallelism", "4"],
        ),
        (
            JobRule::TooMany {
                wanted: 1,
                active: 4,
                rank: DeletionRank::Uid,
            },
            &["1", "4", "3"],
        ),
        (JobRule::WrongIndex, &["completions"]),
        (JobRule::Suspended { suspended: true }, &["spec.suspend"]),
        (JobRule::Suspended { suspended: false }, &["spec.suspend"]),
        (
            JobRule::Backoff {
                failures: 2,
                delay: s(20),
                left: s(18),
            },
            &["10 s · 2^1 = 20 s", "18 s"],
        ),
        (
            JobRule::Backoff {
                failures: 9,
                delay: s(600),
                left: s(599),
            },
            &["10 s · 2^8 = 10 min", "9 min 59 s"],
        ),
        (
            JobRule::IndexBackoff {
                index: 3,
                failures: 1,
                delay: s(10),
                left: s(9),
            },
            &["3", "10 s · 2^0 = 10 s", "9 s"],
        ),
        (JobRule::CreateFailed { retry: s(4) }, &["4 s", "1 min"]),
        (
            JobRule::Counted {
                succeeded: 2,
                failed: 1,
            },
            &["2", "1", "batch.kubernetes.io/job-tracking"],
        ),
        (
            JobRule::Policy {
                rule: 1,
                action: FailureAction::FailJob,
            },
            &["1", "podFailurePolicy", "FailJob"],
        ),
        (
            JobRule::Policy {
                rule: 0,
                action: FailureAction::FailIndex,
            },
            &["0", "FailIndex"],
        ),
        (
            JobRule::Policy {
                rule: 0,
                action: FailureAction::Ignore,
            },
            &["0", "Ignore"],
        ),
        (
            JobRule::Policy {
                rule: 2,
                action: FailureAction::Count,
            },
            &["2", "Count"],
        ),
        (
            JobRule::Succeeded {
                succeeded: 5,
                completions: Some(5),
            },
            &["5"],
        ),
        (
            JobRule::Succeeded {
                succeeded: 2,
                completions: None,
            },
            &["2", "completions"],
        ),
        (JobRule::SuccessPolicy { rule: 1 }, &["1", "successPolicy"]),
        (
            JobRule::BackoffLimit { failed: 7, limit: 6 },
            &["7", "backoffLimit", "7 > 6"],
        ),
        (
            JobRule::RestartLimit { restarts: 3, limit: 3 },
            &["3 ≥ 3", "backoffLimit"],
        ),
        (
            JobRule::RestartLimit { restarts: 1, limit: 0 },
            &["1", "0", "backoffLimit"],
        ),
        (JobRule::Deadline { limit: s(30) }, &["activeDeadlineSeconds", "30 s"]),
        (
            JobRule::FailedIndexes {
                failed: 2,
                completions: 4,
            },
            &["2", "4"],
        ),
        (
            JobRule::MaxFailedIndexes { failed: 3, limit: 2 },
            &["maxFailedIndexes", "3 > 2"],
        ),
        (JobRule::Ending, &["Pod"]),
        (JobRule::Ended { complete: true }, &["Complete"]),
        (JobRule::Ended { complete: false }, &["Failed"]),
        (JobRule::Adopted, &["Pod"]),
        (JobRule::Released, &["Pod"]),
        (JobRule::Orphan, &["Job"]),
        (JobRule::TimeToLive { limit: s(100) }, &["ttlSecondsAfterFinished", "1"]),
    ];
    let at = Instant::from_secs(60);
    let cron_job = [
        (CronJobRule::Status, &["Job"][..]),
        (
            CronJobRule::Due {
                scheduled: at,
                late: Duration::from_millis(106),
                missed: 0,
            },
            &["60.0 s", "106 ms"],
        ),
        (
            CronJobRule::Due {
                scheduled: at,
                late: s(30),
                missed: 2,
            },
            &["60.0 s", "30 s", "2"],
        ),
        (
            CronJobRule::AlreadyActive {
                scheduled: at,
                active: 1,
            },
            &["60.0 s", "1", "Forbid"],
        ),
        (CronJobRule::Replaced { scheduled: at }, &["60.0 s", "Replace"]),
        (
            CronJobRule::TooLate {
                scheduled: at,
                late: s(25),
                limit: s(20),
            },
            &["60.0 s", "25 s", "startingDeadlineSeconds", "20 s"],
        ),
        (CronJobRule::TooManyMissed { missed: 140 }, &["140", "100"]),
        (CronJobRule::Unexpected, &["--from"]),
        (CronJobRule::Missing, &["Job"]),
        (CronJobRule::SawCompleted, &["Job"]),
        (
            CronJobRule::HistoryLimit {
                successful: true,
                limit: 3,
            },
            &["successfulJobsHistoryLimit", "3"],
        ),
        (
            CronJobRule::HistoryLimit {
                successful: false,
                limit: 1,
            },
            &["failedJobsHistoryLimit", "1"],
        ),
        (CronJobRule::Unreadable, &[]),
    ];
    let job = job.into_iter().map(|(rule, words)| (Rule::Job(rule), words));
    let cron_job = cron_job.into_iter().map(|(rule, words)| (Rule::CronJob(rule), words));
    job.chain(cron_job).collect()
}

#[test]
fn every_rule_has_a_sentence_with_its_numbers() {
    for (rule, mentions) in rules() {
        let mut log = TraceLog::new();
        let lane = log.lane(LaneKind::Workload(WorkloadKind::Job), None, "web");
        let entry = log.instant(lane, Instant::from_secs(100), What::Decided("".into()), Cause::of(rule));
        for lang in [Lang::En, Lang::Zh] {
            let (title, sentence) = explain(&log, entry, lang).expect("it is explained");
            assert!(
                title.contains("web") || matches!(rule, Rule::Job(JobRule::Policy { .. })),
                "{rule:?}: {title}"
            );
            for word in mentions {
                assert!(sentence.contains(word), "{rule:?} does not mention {word}: {sentence}");
            }
            // English takes a space after a full stop, Chinese has a full stop of its own.
            let end = if lang == Lang::En { '.' } else { '。' };
            assert!(sentence.ends_with(end), "{rule:?} has no end: {sentence}");
        }
        let card = card(&rule);
        assert!(card.twin.ends_with(".go"), "{rule:?}");
    }
}
