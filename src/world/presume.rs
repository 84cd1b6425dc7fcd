//! Programs and files that commands take for granted: package managers succeed, and what a command takes from an image
//! that nobody knows, or from a volume that such an image fills, is there.

use super::image_table::Line;
use super::images::Known;
use super::kernel::{Cx, Kernel};
use super::launch::What;
use super::spec::NoteKind;

/// Package managers, each behind the name that the table of images uses.
const MANAGERS: [(&str, &str); 6] = [
    ("apk", " apk "),
    ("apt", " apt apt-get dpkg add-apt-repository "),
    ("yum", " yum dnf microdnf rpm tdnf "),
    ("zypper", " zypper "),
    ("pacman", " pacman "),
    ("", " pip pip3 gem bundle composer npm yarn pnpm uv poetry conda "),
];

/// Those of languages, which also run programs: only with these words they install something.
const INSTALLS: &str = " install ci i add update upgrade config set cache audit build -v --version version ";

impl Kernel {
    /// A package manager at work.
    pub(super) fn package_manager(&mut self, base: &str, argv: &[String]) -> Option<What> {
        let among = |words: &str, word: &str| !word.is_empty() && words.contains(&format!(" {word} "));
        let (family, _) = MANAGERS.iter().find(|(_, names)| among(names, base))?;
        let image = self.spec.image.clone();
        let own = image.line.get("has") == Some(*family);
        if self.workstation || self.bare() || self.spec.program.is_some() {
            return None;
        }
        if family.is_empty() {
            let verb = argv.get(1).map_or("install", String::as_str);
            let verb = if verb == "run" {
                argv.get(2).map_or("", String::as_str)
            } else {
                verb
            };
            let installs = among(INSTALLS, verb) || verb.starts_with("install") || base.starts_with("pip");
            if !installs || image.known == Known::All && !self.installed {
                return None;
            }
        } else if !own && image.line.is_known() && image.known == Known::All {
            return None;
        }
        self.installed = true;
        self.note(
            NoteKind::Assumed,
            format!("assumed: {base} succeeds (exit code 0)"),
            None,
        );
        Some(What::Listed(Line::RUNS))
    }

    /// Whether the image may hold files that nobody listed.
    fn holds_more(&self) -> bool {
        self.spec.image.known == Known::Little && self.spec.program.is_none() && !self.workstation && !self.bare()
    }

    /// Whether a script that a shell is to run is somebody's own program, and not to be seen.
    pub(super) fn is_own_script(&mut self, path: &str, around: &mut dyn super::around::Around) -> bool {
        self.holds_more() && !self.disk.is_mounted(path) && self.disk.stat(path, around).is_err()
    }

    /// Whether a file is a program that was only assumed to be there: a copy of it runs as it would in its own image.
    pub(super) fn is_planted(&mut self, path: &str, around: &mut dyn super::around::Around) -> bool {
        let entry = self.disk.stat(path, around).ok();
        let text = entry
            .as_ref()
            .filter(|e| e.mode & 0o111 != 0)
            .and_then(|e| match &e.kind {
                super::files::Kind::File(text) => Some(text.is_empty()),
                _ => None,
            });
        self.disk.is_mounted(path) && text == Some(true)
    }
}

impl Cx<'_> {
    /// Makes a file that a command takes from an image or volume of which nobody knows what it holds. Nothing happens to a
    /// path that is there, that was taken away, or that the container's own script has to make.
    pub(super) fn presume(&mut self, path: &str, folder: bool) {
        let places = ["/proc/", "/sys/", "/dev/", "/etc/", "/var/run/secrets/"];
        if places.iter().any(|place| path.starts_with(place)) || self.k.disk.stat(path, self.around).is_ok() {
            return;
        }
        let mount = self.k.disk.mount_of(path);
        if mount.is_none() && self.k.disk.is_mounted(path) {
            return;
        }
        let probes = self.me().is_some_and(|p| p.exec.is_some());
        let there = match mount {
            // A probe asks for what the program writes while it runs.
            None if probes => self.k.holds_more() && self.k.program_name.is_some(),
            None => self.k.holds_more() && !path.starts_with("/tmp/") && !path.starts_with("/run/"),
            Some((filled, own)) => filled || probes && own && self.k.holds_more() && self.k.program_name.is_some(),
        };
        if !there || self.k.disk.was_removed(path) {
            return;
        }
        let at = self.at;
        if self.k.disk.plant(path, folder, at, self.around) {
            let text = format!("assumed: {path} is there");
            self.k.note(NoteKind::Assumed, text, Some(0));
        }
    }
}
