//! The page's npm packages: installed when the lock file is not the one they were installed from.

use crate::house::{House, on_path};
use crate::process::{self, Failure};
use crate::progress::Done;
use crate::stamp::{self, Fingerprint};
use std::process::Command;

/// Runs `npm ci` if the lock's hash differs from the stamp inside `node_modules`.
pub fn install(house: &House, verbose: bool) -> Result<Done, Failure> {
    if on_path("npm").is_none() || on_path("node").is_none() {
        return Err(Failure::new(
            "Node.js with npm is needed to build the page (https://nodejs.org)",
        ));
    }
    let lock = house.www.join("package-lock.json");
    if !lock.is_file() {
        return Err(Failure::new("www/package-lock.json is missing"));
    }
    let stamp_file = house.www.join("node_modules/.podscope-stamp");
    let stamp = Fingerprint::default()
        .file(&lock)
        .word(std::env::consts::OS)
        .word(std::env::consts::ARCH)
        .finish();
    if stamp::holds(&stamp_file, &stamp) {
        return Ok(Done::UpToDate);
    }
    let ci = house.in_www("npm", &["ci", "--no-audit", "--no-fund", "--prefer-offline"]);
    process::must(ci, verbose, "npm ci failed in www/")?;
    stamp::write(&stamp_file, &stamp).map_err(|e| Failure::new(format!("www/node_modules: {e}")))?;
    Ok(Done::Worked)
}

/// `npm run SCRIPT` in the page's project.
pub fn script(house: &House, name: &str) -> Command {
    house.in_www("npm", &["run", "--silent", name])
}
