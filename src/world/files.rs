//! A tree of files, directories and symbolic links: one file system.
//!
//! A tree lies over an unchanged lower one (the image's), so that a thousand containers share it and a copy is cheap.

use std::rc::Rc;

use crate::map::Map;
use crate::sort;
use crate::time::Instant;

/// Bytes one tree may hold above its lower tree.
pub const MAX_BYTES: usize = 1 << 20;
/// Entries one tree may hold above its lower tree.
pub const MAX_ENTRIES: usize = 8_192;
/// Length of a path.
pub const MAX_PATH: usize = 4_096;

/// Why a file operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errno {
    /// ENOENT.
    NoEntry,
    /// ENOTDIR.
    NotDir,
    /// EISDIR.
    IsDir,
    /// EEXIST.
    Exists,
    /// ENOTEMPTY.
    NotEmpty,
    /// EROFS.
    ReadOnly,
    /// ENOSPC.
    NoSpace,
    /// EACCES.
    Denied,
    /// ELOOP.
    Loop,
    /// EINVAL.
    Invalid,
    /// EBUSY: a mount point.
    Busy,
}

impl Errno {
    /// As the C library words it.
    pub fn text(self) -> &'static str {
        match self {
            Errno::NoEntry => "No such file or directory",
            Errno::NotDir => "Not a directory",
            Errno::IsDir => "Is a directory",
            Errno::Exists => "File exists",
            Errno::NotEmpty => "Directory not empty",
            Errno::ReadOnly => "Read-only file system",
            Errno::NoSpace => "No space left on device",
            Errno::Denied => "Permission denied",
            Errno::Loop => "Too many levels of symbolic links",
            Errno::Invalid => "Invalid argument",
            Errno::Busy => "Device or resource busy",
        }
    }
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Dir,
    /// A file and its text.
    File(Rc<String>),
    /// A symbolic link and its target.
    Link(Rc<str>),
}

/// An entry of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Permission bits.
    pub mode: u16,
    /// Last change.
    pub at: Instant,
}

impl Entry {
    /// A directory, `rwxr-xr-x`.
    pub fn dir(at: Instant) -> Entry {
        Entry {
            kind: Kind::Dir,
            mode: 0o755,
            at,
        }
    }

    /// A file, `rw-r--r--`.
    pub fn file(text: Rc<String>, at: Instant) -> Entry {
        Entry {
            kind: Kind::File(text),
            mode: 0o644,
            at,
        }
    }

    /// Whether it is a directory.
    pub fn is_dir(&self) -> bool {
        matches!(self.kind, Kind::Dir)
    }

    /// Bytes of its text.
    pub fn size(&self) -> usize {
        match &self.kind {
            Kind::Dir => 4_096,
            Kind::File(text) => text.len(),
            Kind::Link(target) => target.len(),
        }
    }

    fn weight(&self) -> usize {
        match &self.kind {
            Kind::File(text) => text.len(),
            _ => 0,
        }
    }
}

/// One file system. Paths are absolute and normal: `/a/b`, without `.`, `..` or a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    lower: Option<Rc<Files>>,
    /// `None` hides an entry of the lower tree.
    upper: Rc<Map<Rc<str>, Option<Entry>>>,
    bytes: usize,
}

impl Files {
    /// An empty tree: a volume.
    pub fn new() -> Files {
        Files::default()
    }

    /// An empty tree over another.
    pub fn over(lower: Rc<Files>) -> Files {
        Files {
            lower: Some(lower),
            ..Files::default()
        }
    }

    /// The entry at a path. The root has none, though it is a directory.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        match self.upper.get(path) {
            Some(entry) => entry.as_ref(),
            None => self.lower.as_ref()?.get(path),
        }
    }

    /// Whether there is something at a path.
    pub fn exists(&self, path: &str) -> bool {
        path == "/" || self.get(path).is_some()
    }

    /// Whether a path is a directory.
    pub fn is_dir(&self, path: &str) -> bool {
        path == "/" || self.get(path).is_some_and(Entry::is_dir)
    }

    /// The text of a file; `None` when there is none at this path.
    pub fn text(&self, path: &str) -> Option<&Rc<String>> {
        match self.get(path).map(|e| &e.kind) {
            Some(Kind::File(text)) => Some(text),
            _ => None,
        }
    }

    /// Names directly below a directory, in order.
    pub fn list(&self, dir: &str) -> Vec<String> {
        let mut names = Map::new();
        self.collect(dir, &mut names);
        names.into_iter().filter(|(_, there)| *there).map(|(n, _)| n).collect()
    }

    fn collect(&self, dir: &str, names: &mut Map<String, bool>) {
        if let Some(lower) = &self.lower {
            lower.collect(dir, names);
        }
        for (path, entry) in below(&self.upper, dir) {
            if let Some((parent, name)) = split(path)
                && parent == dir
            {
                names.insert(name.to_owned(), entry.is_some());
            }
        }
    }

    /// All paths below a directory, parents first.
    pub fn walk(&self, dir: &str) -> Vec<String> {
        let (mut found, mut open) = (Vec::new(), vec![dir.to_owned()]);
        while let Some(dir) = open.pop() {
            for name in self.list(&dir) {
                let path = join(&dir, &name);
                if self.is_dir(&path) {
                    open.push(path.clone());
                }
                found.push(path);
            }
        }
        sort::sort(&mut found);
        found
    }

    /// Whether two trees have the same files with the same texts.
    pub fn says_as(&self, other: &Files) -> bool {
        let paths = self.walk("/");
        paths == other.walk("/") && paths.iter().all(|path| self.text(path) == other.text(path))
    }

    /// Puts an entry at a path whose parent is a directory, in place of what is there.
    ///
    /// # Errors
    /// [`Errno::NoEntry`] or [`Errno::NotDir`] about the parent, [`Errno::NoSpace`] beyond the bounds.
    pub fn put(&mut self, path: &str, entry: Entry) -> Result<(), Errno> {
        let Some((parent, _)) = split(path) else {
            return Err(Errno::IsDir);
        };
        if !self.is_dir(parent) {
            return Err(if self.exists(parent) {
                Errno::NotDir
            } else {
                Errno::NoEntry
            });
        }
        let old = self.upper.get(path).and_then(|e| e.as_ref()).map_or(0, Entry::weight);
        let bytes = self.bytes.saturating_sub(old).saturating_add(entry.weight());
        if bytes > MAX_BYTES
            || path.len() > MAX_PATH
            || self.upper.len() >= MAX_ENTRIES && !self.upper.contains_key(path)
        {
            return Err(Errno::NoSpace);
        }
        self.bytes = bytes;
        Rc::make_mut(&mut self.upper).insert(Rc::from(path), Some(entry));
        Ok(())
    }

    /// Makes a directory and those above it; what exists stays.
    ///
    /// # Errors
    /// [`Errno::NotDir`] when something else is in the way, [`Errno::NoSpace`] beyond the bounds.
    pub fn make_dirs(&mut self, path: &str, at: Instant) -> Result<(), Errno> {
        let mut upto = String::new();
        for part in path.split('/').filter(|p| !p.is_empty()) {
            upto.push('/');
            upto.push_str(part);
            match self.get(&upto) {
                Some(entry) if entry.is_dir() => {}
                Some(_) => return Err(Errno::NotDir),
                None => self.put(&upto, Entry::dir(at))?,
            }
        }
        Ok(())
    }

    /// Writes a whole file, with the directories above it. For those who fill a tree from outside.
    ///
    /// # Errors
    /// As [`Files::make_dirs`] and [`Files::put`].
    pub fn write(&mut self, path: &str, text: &str, at: Instant) -> Result<(), Errno> {
        if let Some((parent, _)) = split(path) {
            self.make_dirs(parent, at)?;
        }
        self.put(path, Entry::file(Rc::new(text.to_owned()), at))
    }

    /// Adds text to the end of a file.
    ///
    /// # Errors
    /// [`Errno::NoEntry`], [`Errno::IsDir`], [`Errno::NoSpace`] beyond the bounds.
    pub fn append(&mut self, path: &str, more: &str, at: Instant) -> Result<(), Errno> {
        if self.bytes.saturating_add(more.len()) > MAX_BYTES {
            return Err(Errno::NoSpace);
        }
        let missing = self.upper.get(path).is_none();
        if missing && let Some(entry) = self.get(path).cloned() {
            self.put(path, entry)?;
        }
        match Rc::make_mut(&mut self.upper).get_mut(path) {
            Some(Some(entry)) => match &mut entry.kind {
                Kind::File(text) => {
                    Rc::make_mut(text).push_str(more);
                    entry.at = at;
                    self.bytes += more.len();
                    Ok(())
                }
                _ => Err(Errno::IsDir),
            },
            _ => Err(Errno::NoEntry),
        }
    }

    /// Changes an entry's mode or time.
    ///
    /// # Errors
    /// [`Errno::NoEntry`], [`Errno::NoSpace`] beyond the bounds.
    pub fn update(&mut self, path: &str, change: impl FnOnce(&mut Entry)) -> Result<(), Errno> {
        let mut entry = self.get(path).cloned().ok_or(Errno::NoEntry)?;
        change(&mut entry);
        self.put(path, entry)
    }

    /// Takes a path and all below it away.
    ///
    /// # Errors
    /// [`Errno::NoEntry`] when there is nothing.
    pub fn remove(&mut self, path: &str) -> Result<(), Errno> {
        if self.get(path).is_none() {
            return Err(Errno::NoEntry);
        }
        for gone in self.walk(path).into_iter().chain([path.to_owned()]) {
            let hidden = self.lower.as_ref().is_some_and(|l| l.get(&gone).is_some());
            let upper = Rc::make_mut(&mut self.upper);
            if let Some(Some(entry)) = upper.remove(gone.as_str()) {
                self.bytes = self.bytes.saturating_sub(entry.weight());
            }
            if hidden {
                upper.insert(Rc::from(gone), None);
            }
        }
        Ok(())
    }
}

fn below<'a>(
    map: &'a Map<Rc<str>, Option<Entry>>,
    dir: &str,
) -> impl Iterator<Item = (&'a Rc<str>, &'a Option<Entry>)> {
    let prefix = if dir == "/" { "/".to_owned() } else { format!("{dir}/") };
    map.after(prefix.as_str())
        .take_while(move |(path, _)| path.starts_with(prefix.as_str()))
}

/// The parent and the name of a normal path; `None` for the root.
pub fn split(path: &str) -> Option<(&str, &str)> {
    let (parent, name) = path.rsplit_once('/')?;
    if name.is_empty() {
        return None;
    }
    Some((if parent.is_empty() { "/" } else { parent }, name))
}

/// A name below a normal directory.
pub fn join(dir: &str, name: &str) -> String {
    if dir == "/" {
        format!("/{name}")
    } else {
        format!("{dir}/{name}")
    }
}

/// The normal form of a path as seen from a directory: absolute, without `.`, `..`, and slashes to spare.
pub fn normal(cwd: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let base = if path.starts_with('/') { "" } else { cwd };
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upper_tree_hides_and_keeps() {
        let mut lower = Files::new();
        lower.write("/etc/hosts", "a", Instant::ZERO).unwrap();
        lower.write("/usr/share/x", "b", Instant::ZERO).unwrap();
        let mut f = Files::over(Rc::new(lower));
        f.append("/etc/hosts", "b", Instant::ZERO).unwrap();
        assert_eq!(f.text("/etc/hosts").map(|t| t.as_str()), Some("ab"));
        f.remove("/usr").unwrap();
        assert!(!f.exists("/usr/share/x") && !f.exists("/usr"));
        assert_eq!(f.list("/"), ["etc"]);
        f.make_dirs("/usr/share", Instant::ZERO).unwrap();
        assert_eq!(f.list("/usr/share"), Vec::<String>::new());
        assert_eq!(f.put("/none/x", Entry::dir(Instant::ZERO)), Err(Errno::NoEntry));
    }

    #[test]
    fn a_tree_is_bounded() {
        let mut f = Files::new();
        f.write("/a", &"x".repeat(MAX_BYTES), Instant::ZERO).unwrap();
        assert_eq!(f.append("/a", "y", Instant::ZERO), Err(Errno::NoSpace));
        f.write("/a", "", Instant::ZERO).unwrap();
        f.append("/a", "y", Instant::ZERO).unwrap();
    }

    #[test]
    fn paths_become_normal() {
        for (cwd, path, want) in [
            ("/", "a/../b", "/b"),
            ("/x", "./y//z/", "/x/y/z"),
            ("/x", "/../..", "/"),
            ("/x", "", "/x"),
        ] {
            assert_eq!(normal(cwd, path), want);
        }
    }
}
