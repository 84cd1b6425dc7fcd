//! Speed of the core: `cargo bench`. Numbers are read by people; no test asserts them.
// Reading the clock is what a benchmark harness does.
#![allow(clippy::disallowed_methods)]

use divan::{Bencher, black_box};
use podscope::api::quantity::Quantity;
use podscope::rng::Stream;
use podscope::time::{Calendar, Instant};

fn main() {
    divan::main();
}

/// The clock of a run: one instant written as the API writes it.
#[divan::bench]
fn rfc3339(bencher: Bencher) {
    let calendar = Calendar::default();
    bencher.bench(|| calendar.rfc3339(black_box(Instant::from_secs(86_400))));
}

/// A named stream opened and drawn from a thousand times.
#[divan::bench]
fn jitter(bencher: Bencher) {
    bencher.bench(|| {
        let mut stream = Stream::new(black_box(7), "bench");
        (0..1000).map(|_| stream.below(1000)).sum::<u64>()
    });
}

/// Quantities as manifests write them.
#[divan::bench(args = ["100m", "1.5Gi", "12e3"])]
fn quantity(text: &str) -> Option<Quantity> {
    Quantity::parse(black_box(text))
}
