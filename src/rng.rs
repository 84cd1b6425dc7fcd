//! Named, seeded random streams.
//!
//! Every draw belongs to a stream that is named after what it decides and whom it concerns (`cri.start/web/app`), so a
//! draw added in one place never moves the draws of another. Seed 0 draws nothing: it is the nominal run.

use crate::time::Duration;

/// A draw source for one named stream: SplitMix64 over a hash of seed and name.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

impl Stream {
    /// The stream `name` of run `seed`.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: short, stable, and good enough to tell names apart.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Stream { state: hash }
    }

    /// The stream of run `seed` for the use `name`, the thing `a` and the occasion `b`.
    ///
    /// Naming the occasion (an instant, a count) makes draws independent of the order in which parts are asked.
    pub fn keyed(seed: u64, name: &str, a: u64, b: u64) -> Self {
        let mut stream = Stream::new(seed, name);
        stream.state ^= a.wrapping_mul(0xd6e8_feb8_6659_fd93);
        stream.bits();
        stream.state ^= b.wrapping_mul(0xa076_1d64_78bd_642f);
        stream.bits();
        stream
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A uniform draw of `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            0
        } else {
            ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
        }
    }

    /// A uniform span of `low..high`.
    pub fn uniform(&mut self, low: Duration, high: Duration) -> Duration {
        low + Duration::from_micros(self.below((high - low).micros().max(0) as u64) as i64)
    }

    /// True with probability `permille / 1000`.
    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// A log-normal span with the given median; `sigma_permille` is sigma of the logarithm, times 1000.
    ///
    /// Made from a table of normal quantiles and integer arithmetic, so that no platform's `exp` decides the bytes.
    pub fn log_normal(&mut self, median: Duration, sigma_permille: i64) -> Duration {
        let pick = self.below(1 << 16) as usize;
        let (index, rest) = (
            (pick * (QUANTILES.len() - 1)) >> 16,
            (pick * (QUANTILES.len() - 1)) as i64 & 0xffff,
        );
        let z = QUANTILES[index] + (QUANTILES[index + 1] - QUANTILES[index]) * rest / 65_536;
        Duration::from_micros((i128::from(median.micros()) * exp_permyriad(z * sigma_permille / 1000) / 10_000) as i64)
    }
}

/// Quantiles of the standard normal distribution at 1 %, 2.5 %, 5 %, 10 % … 99 %, in 1/10,000, evenly re-gridded in
/// steps of 1/32 of probability.
const QUANTILES: [i64; 33] = [
    -25_000, -18_627, -15_341, -13_180, -11_503, -10_099, -8_871, -7_764, -6_745, -5_791, -4_888, -4_023, -3_186,
    -2_372, -1_573, -784, 0, 784, 1_573, 2_372, 3_186, 4_023, 4_888, 5_791, 6_745, 7_764, 8_871, 10_099, 11_503,
    13_180, 15_341, 18_627, 25_000,
];

/// `exp(x / 10,000) * 10,000` by halving the argument and squaring the series; `x` is clamped to ±40,000.
fn exp_permyriad(x: i64) -> i128 {
    let x = i128::from(x.clamp(-40_000, 40_000));
    const ONE: i128 = 1_000_000_000;
    let y = x * (ONE / 10_000) / 64;
    let mut sum = ONE;
    let mut term = ONE;
    for n in 1..8 {
        term = term * y / ONE / n;
        sum += term;
    }
    for _ in 0..6 {
        sum = sum * sum / ONE;
    }
    sum / (ONE / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_apart_and_repeatable() {
        let draw = |seed, name: &str| Stream::new(seed, name).bits();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn exp_is_close() {
        for (x, want) in [(0, 10_000), (10_000, 27_182), (-10_000, 3_678), (7_000, 20_137)] {
            let got = exp_permyriad(x);
            assert!((got - want).abs() <= 4, "exp({x}) = {got}");
        }
    }

    #[test]
    fn log_normal_has_its_median() {
        let mut s = Stream::new(7, "x");
        let mut draws: Vec<_> = (0..1001)
            .map(|_| s.log_normal(Duration::from_millis(20), 500).millis())
            .collect();
        draws.sort();
        assert!((18..=22).contains(&draws[500]), "median {}", draws[500]);
        assert!(draws[0] >= 5 && draws[1000] <= 80, "{} {}", draws[0], draws[1000]);
    }
}
