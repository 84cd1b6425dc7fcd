//! Where things lie: the repository, the page in it, and the folder for what is built.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target the core is compiled to.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The folders every step needs, found once.
pub struct House {
    /// The repository.
    pub root: PathBuf,
    /// The page's npm project.
    pub www: PathBuf,
    /// Cargo's target folder, wherever the user keeps it.
    pub target: PathBuf,
}

impl House {
    /// Finds the folders from where Cargo says this crate lies.
    pub fn find() -> House {
        let crate_dir = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let crate_dir = PathBuf::from(crate_dir);
        let root = crate_dir.parent().map_or_else(|| crate_dir.clone(), Path::to_path_buf);
        let target = target_of_running_program().unwrap_or_else(|| root.join("target"));
        House {
            www: root.join("www"),
            root,
            target,
        }
    }

    /// The built page: plain files.
    pub fn dist(&self) -> PathBuf {
        self.www.join("dist")
    }

    /// What wasm-bindgen makes of the core, where the page imports it from.
    pub fn core_pkg(&self) -> PathBuf {
        self.www.join("src/core/pkg")
    }

    /// The npm package.
    pub fn package(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// This tool's own notes: stamps and generated settings.
    pub fn notes(&self) -> PathBuf {
        self.target.join("podscope-tools")
    }

    /// A path as people would type it from the repository's root.
    pub fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// `cargo` at the root, building into the same target folder, without colours.
    pub fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(args)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env("RUST_BACKTRACE", "0"); // What failed is to be in the tail, not the way there.
        command
    }

    /// A Cargo command on the product for wasm, where there is no command line.
    pub fn cargo_wasm(&self, command: &str, args: &[&str]) -> Command {
        let mut cargo = self.cargo(&[command, "-p", "podscope", "--target", WASM, "--no-default-features"]);
        cargo.args(args);
        cargo
    }

    /// A program of the page's project, started in `www/` without colours.
    pub fn in_www(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(&self.www)
            .env("NO_COLOR", "1")
            .env_remove("FORCE_COLOR");
        command
    }
}

/// The target folder this program was built into: the nearest one above it that Cargo marked as its own.
fn target_of_running_program() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .map(Path::to_path_buf)
}

/// Looks a program up on `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| [folder.join(name), folder.join(name).with_extension("exe")])
        .find(|file| file.is_file())
}
