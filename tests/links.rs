//! Links as people meet them: short for the manifests of the documentation, and harmless whatever stands in them.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use podscope::rng::Stream;
use podscope::view::link::{MAX_TEXT, decode, encode, encode_with};

/// The goal: characters of the median link of a manifest of 20 to 40 lines.
const GOAL: usize = 200;

/// The half that `pkg-config/dictionary/make.py` did not learn from: every other file in order of path.
#[test]
fn links_of_manifests_the_dictionary_has_not_seen_are_short() {
    let Some(folder) = common::conformance("docs-manifests") else {
        eprintln!("skipped: the documentation's manifests are not here");
        return;
    };
    let mut paths = common::manifests(&folder);
    paths.sort();
    let mut lengths: Vec<usize> = paths
        .iter()
        .skip(1)
        .step_by(2)
        .map(|path| common::read(path))
        .filter(|text| (20..=40).contains(&text.trim_end().lines().count()))
        .map(|text| encode(&text).len())
        .collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    println!("median {median} characters of {} links", lengths.len());
    assert!(median <= GOAL, "median {median} of {}", lengths.len());
}

#[test]
fn every_manifest_comes_back_as_it_was() {
    let gallery = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gallery");
    let mut paths = common::manifests(&gallery);
    paths.extend(
        common::conformance("docs-manifests")
            .iter()
            .flat_map(|f| common::manifests(f)),
    );
    for path in paths {
        let text = common::read(&path);
        let link = encode_with(&text, &[("t", "41.2s"), ("sel", "7"), ("view", "table")]);
        let decoded = decode(&link).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(decoded.text, text, "{}", path.display());
        assert_eq!(decoded.params.len(), 3);
    }
}

/// Random letters, random bytes as a payload, and true links with a few letters changed.
#[test]
fn ten_thousand_random_fragments_do_no_harm() {
    const LETTERS: &[u8] = b"ABCZabcz0189-_.=&#%s1t+/ \xc3\xa9\0~";
    let mut rng = Stream::new(7, "fragments");
    let mut below = |n: usize| usize::try_from(rng.below(n as u64)).unwrap_or(0);
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n".repeat(3);
    for round in 0..10_000 {
        let mut bytes = match round % 3 {
            0 => Vec::new(),
            1 => b"#s=1.".to_vec(),
            _ => encode(&text).into_bytes(),
        };
        if round % 3 == 2 {
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                bytes[at] = LETTERS[below(LETTERS.len())];
            }
        } else {
            for _ in 0..below(200) {
                bytes.push(if round % 2 == 0 {
                    LETTERS[below(LETTERS.len())]
                } else {
                    b'0' + below(70) as u8
                });
            }
        }
        if let Ok(decoded) = decode(&String::from_utf8_lossy(&bytes)) {
            assert!(decoded.text.len() <= MAX_TEXT);
        }
    }
}
