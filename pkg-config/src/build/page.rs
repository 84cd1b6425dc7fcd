//! The bundle in `www/dist`.

use super::npm;
use crate::house::House;
use crate::process::{self, Failure};
use crate::progress::Done;
use crate::stamp::{self, Fingerprint};

/// What lies in `www/` and does not go into the bundle.
const NOT_INPUT: [&str; 5] = ["node_modules", "dist", "tests", "test-results", "picture.png"];

/// Runs the page's own build script; `PODSCOPE_OFFLINE=1` asks it for the service worker.
pub fn bundle(house: &House, verbose: bool, offline: bool) -> Result<Done, Failure> {
    let stamp_file = house.notes().join("page.stamp");
    let offline_flag = if offline { "1" } else { "" };
    let inputs = Fingerprint::default()
        .folder(&house.www, &NOT_INPUT)
        .file(&house.www.join("node_modules/.podscope-stamp"))
        .word(offline_flag)
        .finish();
    let stamp = || {
        format!(
            "{inputs} {}",
            Fingerprint::default().folder(&house.dist(), &[]).finish()
        )
    };
    if house.dist().join("index.html").is_file() && stamp::holds(&stamp_file, &stamp()) {
        return Ok(Done::UpToDate);
    }
    let mut build = npm::script(house, "build");
    build.env("PODSCOPE_OFFLINE", offline_flag);
    process::must(build, verbose, "the page does not build (npm run build in www/)")?;
    if !house.dist().join("index.html").is_file() {
        return Err(Failure::new("npm run build made no www/dist/index.html"));
    }
    stamp::write(&stamp_file, &stamp()).map_err(|e| Failure::new(format!("the page's stamp: {e}")))?;
    Ok(Done::Worked)
}
