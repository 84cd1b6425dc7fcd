//! The page's own checks: its npm scripts.

use crate::build::npm;
use crate::house::House;
use crate::process::{self, Failure};

/// Runs `npm run NAME` in `www/`.
pub fn script(house: &House, verbose: bool, name: &str) -> Result<String, Failure> {
    process::must(
        npm::script(house, name),
        verbose,
        &format!("npm run {name} failed in www/"),
    )
}
