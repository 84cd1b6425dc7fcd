//! Stamps: what a step was made from and what it made, so that a second run has nothing to do.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// A running hash over files and words. It guards against needless work, not against malice.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Takes a word in.
    pub fn word(mut self, word: &str) -> Fingerprint {
        word.hash(&mut self.0);
        self
    }

    /// Takes in the content of one file; an absent file counts as absent.
    pub fn file(mut self, path: &Path) -> Fingerprint {
        fs::read(path).ok().hash(&mut self.0);
        self
    }

    /// Takes in names and contents of all files below `folder`, except below those whose relative path is in `except`.
    pub fn folder(mut self, folder: &Path, except: &[&str]) -> Fingerprint {
        let mut files = BTreeSet::new();
        collect(folder, Path::new(""), except, &mut files);
        for file in files {
            file.hash(&mut self.0);
            self = self.file(&folder.join(&file));
        }
        self
    }

    /// The hash as a word.
    pub fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

fn collect(root: &Path, below: &Path, except: &[&str], files: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else {
        return;
    };
    for entry in entries.flatten() {
        let path = below.join(entry.file_name());
        if except.iter().any(|left_out| path == Path::new(left_out)) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(root, &path, except, files),
            Ok(_) => drop(files.insert(path)),
            Err(_) => {}
        }
    }
}

/// Whether the stamp at `path` says exactly this.
pub fn holds(path: &Path, stamp: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|text| text == stamp)
}

/// Writes a stamp, with the folders above it.
pub fn write(path: &Path, stamp: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_follows_names_and_contents() {
        let folder = std::env::temp_dir().join(format!("podscope-stamp-{}", std::process::id()));
        write(&folder.join("a/one"), "1").unwrap();
        write(&folder.join("b/two"), "2").unwrap();
        let all = || Fingerprint::default().folder(&folder, &[]).finish();
        let first = all();
        assert_eq!(first, all());
        assert_ne!(first, Fingerprint::default().folder(&folder, &["b"]).finish());
        write(&folder.join("b/two"), "3").unwrap();
        assert_ne!(first, all());
        write(&folder.join("b/two"), "2").unwrap();
        assert_eq!(first, all());
        fs::rename(folder.join("b/two"), folder.join("b/three")).unwrap();
        assert_ne!(first, all());
        assert!(holds(&folder.join("a/one"), "1") && !holds(&folder.join("a/none"), "1"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
