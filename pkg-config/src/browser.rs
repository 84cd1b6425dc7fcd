//! A browser of the Chromium family for the tests: found, or installed, or told how to get.

use crate::house::on_path;
use crate::process;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Names on `PATH`, in order of preference.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Programs inside macOS application folders.
const MAC_APPS: [&str; 2] = [
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
];

/// Finds a browser that starts: `$CHROME` and no other if it is set, else the usual places.
pub fn find() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("CHROME").filter(|chosen| !chosen.is_empty()) {
        return Some(PathBuf::from(chosen)).filter(starts);
    }
    let home_apps = env::home_dir().map(|home| home.join("Applications"));
    let folders = [Some(PathBuf::from("/Applications")), home_apps];
    let apps = folders
        .into_iter()
        .flatten()
        .flat_map(|folder| MAC_APPS.map(|app| folder.join(app)));
    NAMES.iter().filter_map(|name| on_path(name)).chain(apps).find(starts)
}

/// Some distributions leave a stub under the right name, so a browser has to tell its version.
fn starts(program: &PathBuf) -> bool {
    let mut version = Command::new(program);
    version.arg("--version");
    program.is_file() && process::succeeds(version)
}

/// Whether this is the superuser, who alone can install, and for whom the sandbox does not work.
pub fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    process::run(id, false).is_ok_and(|finished| finished.output.trim() == "0")
}

/// Installs Chromium with apt-get; a driver for the wasm tests comes along if there is one.
pub fn install(verbose: bool) -> bool {
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args([
            "-o",
            "DPkg::Lock::Timeout=300",
            "-o",
            "Acquire::Retries=1",
            "-o",
            "Acquire::http::Timeout=30",
        ]);
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(command, verbose).is_ok_and(|finished| finished.ok)
    };
    apt(&["update"]); // When it fails, the lists that are there may still do.
    let installed = apt(&["install", "-y", "chromium"]);
    if installed && on_path("chromedriver").is_none() {
        apt(&["install", "-y", "chromium-driver"]);
    }
    installed
}

/// Whether [`install`] can be tried.
pub fn can_install() -> bool {
    on_path("apt-get").is_some() && is_root()
}

/// The command that gives this machine a browser.
pub fn advice() -> &'static str {
    let choices = [
        (
            "apt-get",
            "sudo apt-get update && sudo apt-get install -y chromium chromium-driver",
        ),
        ("dnf", "sudo dnf install -y chromium chromedriver"),
        ("pacman", "sudo pacman -S --noconfirm chromium"),
        ("apk", "sudo apk add chromium chromium-chromedriver"),
        ("brew", "brew install --cask google-chrome"),
    ];
    let known = choices.iter().find(|(manager, _)| on_path(manager).is_some());
    known.map_or("CHROME=/path/to/chromium cargo verify", |(_, command)| command)
}
