//! The container's view of files: its own tree with the Pod's volumes mounted in it, symbolic links followed.

use std::rc::Rc;

use super::around::Around;
use super::files::{Entry, Errno, Files, Kind, join, normal, split};
use super::spec::Mount;
use crate::sort;
use crate::time::Instant;

/// Links followed in one look-up, as Linux has it.
const MAX_LINKS: usize = 40;

/// The path of one part below a real path.
fn below(at: &str, part: &str) -> String {
    match part {
        "." | ".." => normal(at, part),
        part if at == "/" => format!("/{part}"),
        part => format!("{at}/{part}"),
    }
}

/// The file systems of one container.
#[derive(Clone, Debug)]
pub struct Disk {
    root: Files,
    mounts: Rc<[Mount]>,
    read_only: bool,
    /// Paths that were taken away: nobody assumes them to be there.
    removed: crate::map::Set<String>,
    /// Steps of looking things up that were not taken yet.
    steps: u64,
}

impl Disk {
    /// A tree with mounts; mount points are made when missing.
    pub fn new(mut root: Files, mounts: &[Mount], read_only: bool, at: Instant) -> Disk {
        let mut mounts: Vec<Mount> = mounts.to_vec();
        for mount in &mut mounts {
            mount.path = normal("/", &mount.path);
            // A mount point that is a file in the image is covered by the volume all the same.
            let _ = root.make_dirs(&mount.path, at);
        }
        // The longest path first, so that the first one that fits is the innermost.
        sort::sort_by(&mut mounts, |a, b| {
            b.path.len().cmp(&a.path.len()).then_with(|| a.path.cmp(&b.path))
        });
        Disk {
            root,
            mounts: mounts.into(),
            read_only,
            removed: crate::map::Set::new(),
            steps: 0,
        }
    }

    /// The steps of all look-ups since the last call.
    pub fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }

    /// The container's own tree.
    pub fn root(&self) -> &Files {
        &self.root
    }

    /// Its own tree, to be filled by the runtime.
    pub fn root_mut(&mut self) -> &mut Files {
        &mut self.root
    }

    fn mount(&self, path: &str) -> Option<(&Mount, String)> {
        let mount = self
            .mounts
            .iter()
            .find(|m| m.path == "/" || path == m.path || path.starts_with(&format!("{}/", m.path)))?;
        let rest = if mount.path == "/" {
            path
        } else {
            path.strip_prefix(mount.path.as_str()).unwrap_or("")
        };
        Some((mount, normal("/", &format!("{}/{rest}", mount.sub_path))))
    }

    /// Whether a path lies in a volume.
    pub fn is_mounted(&self, path: &str) -> bool {
        self.mount(path).is_some()
    }

    /// Of the volume that a path lies in: whether somebody unknown fills it, and whether its files may be written here.
    pub fn mount_of(&self, path: &str) -> Option<(bool, bool)> {
        let found = self.mount(path).filter(|(mount, _)| mount.path != path);
        found.map(|(mount, _)| (mount.filled, !mount.read_only))
    }

    /// Whether something at this path was taken away.
    pub fn was_removed(&self, path: &str) -> bool {
        self.removed.contains(path)
    }

    /// Puts an empty file or folder at a path whatever may be written here; false when there is no place for it.
    pub fn plant(&mut self, path: &str, folder: bool, at: Instant, around: &mut dyn Around) -> bool {
        self.with(path, around, |files, inner, _| {
            let parent = split(inner).map_or("/", |(parent, _)| parent);
            let _ = files.make_dirs(if folder { inner } else { parent }, at);
            let mut entry = Entry::file(Rc::new(String::new()), at);
            entry.mode = 0o755;
            folder || files.put(inner, entry).is_ok()
        })
    }

    fn with<T>(&mut self, path: &str, around: &mut dyn Around, f: impl FnOnce(&mut Files, &str, bool) -> T) -> T {
        if let Some((mount, inner)) = self.mount(path) {
            let read_only = mount.read_only;
            if let Some(files) = around.volume(&mount.volume) {
                return f(files, &inner, read_only);
            }
        }
        let read_only = self.read_only && !path.starts_with("/dev/");
        f(&mut self.root, path, read_only)
    }

    fn raw(&mut self, path: &str, around: &mut dyn Around) -> Option<Entry> {
        self.steps += 1 + (path.len() / 128) as u64;
        self.with(path, around, |files, inner, _| match files.get(inner) {
            Some(entry) => Some(entry.clone()),
            None if inner == "/" => Some(Entry::dir(Instant::ZERO)),
            None => None,
        })
    }

    /// The real path behind a path: every link on the way is followed, the last one only if asked to.
    ///
    /// # Errors
    /// [`Errno::NoEntry`] when a directory on the way is missing, [`Errno::NotDir`], [`Errno::Loop`]. The last part
    /// may be missing.
    pub fn real(&mut self, path: &str, follow: bool, around: &mut dyn Around) -> Result<String, Errno> {
        let mut todo: Vec<String> = path
            .split('/')
            .rev()
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect();
        let (mut at, mut links) = ("/".to_owned(), 0);
        while let Some(part) = todo.pop() {
            let next = below(&at, &part);
            match self.raw(&next, around) {
                Some(Entry {
                    kind: Kind::Link(target),
                    ..
                }) if follow || !todo.is_empty() => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::Loop);
                    }
                    if target.starts_with('/') {
                        at = "/".to_owned();
                    }
                    todo.extend(target.split('/').rev().filter(|p| !p.is_empty()).map(str::to_owned));
                    continue;
                }
                Some(entry) if !entry.is_dir() && !todo.is_empty() => return Err(Errno::NotDir),
                None if !todo.is_empty() => return Err(Errno::NoEntry),
                _ => at = next,
            }
        }
        Ok(at)
    }

    /// The entry behind a path.
    ///
    /// # Errors
    /// As [`Disk::real`]; [`Errno::NoEntry`] when there is none.
    pub fn stat(&mut self, path: &str, around: &mut dyn Around) -> Result<Entry, Errno> {
        let real = self.real(path, true, around)?;
        self.raw(&real, around).ok_or(Errno::NoEntry)
    }

    /// The entry itself, be it a link.
    ///
    /// # Errors
    /// As [`Disk::stat`].
    pub fn lstat(&mut self, path: &str, around: &mut dyn Around) -> Result<Entry, Errno> {
        let real = self.real(path, false, around)?;
        self.raw(&real, around).ok_or(Errno::NoEntry)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// As [`Disk::stat`]; [`Errno::IsDir`].
    pub fn read(&mut self, path: &str, around: &mut dyn Around) -> Result<Rc<String>, Errno> {
        match self.stat(path, around)?.kind {
            Kind::File(text) => Ok(text),
            _ => Err(Errno::IsDir),
        }
    }

    /// Puts an entry in place of what is at a path.
    ///
    /// # Errors
    /// As [`Files::put`]; [`Errno::ReadOnly`], [`Errno::IsDir`] when a directory would be replaced.
    pub fn put(&mut self, path: &str, entry: Entry, around: &mut dyn Around) -> Result<(), Errno> {
        let real = self.real(path, !matches!(entry.kind, Kind::Link(_)), around)?;
        let parent = split(&real).map(|(p, _)| p.to_owned()).ok_or(Errno::IsDir)?;
        match self.raw(&parent, around) {
            Some(e) if e.is_dir() => {}
            Some(_) => return Err(Errno::NotDir),
            None => return Err(Errno::NoEntry),
        }
        if self.raw(&real, around).is_some_and(|e| e.is_dir()) {
            return Err(Errno::IsDir);
        }
        self.with(&real, around, |files, inner, read_only| {
            if read_only {
                Err(Errno::ReadOnly)
            } else {
                files.put(inner, entry)
            }
        })
    }

    /// Empties or makes a file, keeping the mode of one that exists.
    ///
    /// # Errors
    /// As [`Disk::put`].
    pub fn truncate(&mut self, path: &str, at: Instant, around: &mut dyn Around) -> Result<(), Errno> {
        let mode = self.stat(path, around).map_or(0o644, |e| e.mode);
        let mut entry = Entry::file(Rc::new(String::new()), at);
        entry.mode = mode;
        self.put(path, entry, around)
    }

    /// Adds text to a file, which is made when missing.
    ///
    /// # Errors
    /// As [`Disk::put`] and [`Files::append`].
    pub fn append(&mut self, path: &str, text: &str, at: Instant, around: &mut dyn Around) -> Result<(), Errno> {
        let real = self.real(path, true, around)?;
        match self.raw(&real, around) {
            None => self.truncate(&real, at, around)?,
            Some(entry) if entry.is_dir() => return Err(Errno::IsDir),
            Some(_) => {}
        }
        self.with(&real, around, |files, inner, read_only| {
            if read_only {
                Err(Errno::ReadOnly)
            } else {
                files.append(inner, text, at)
            }
        })
    }

    /// Changes mode or time of an entry.
    ///
    /// # Errors
    /// As [`Disk::stat`]; [`Errno::ReadOnly`].
    pub fn update(&mut self, path: &str, around: &mut dyn Around, f: impl FnOnce(&mut Entry)) -> Result<(), Errno> {
        let real = self.real(path, true, around)?;
        self.with(&real, around, |files, inner, read_only| {
            if read_only {
                Err(Errno::ReadOnly)
            } else if inner == "/" {
                Ok(())
            } else {
                files.update(inner, f)
            }
        })
    }

    /// Makes one directory.
    ///
    /// # Errors
    /// [`Errno::Exists`]; as [`Disk::put`].
    pub fn make_dir(&mut self, path: &str, at: Instant, around: &mut dyn Around) -> Result<(), Errno> {
        let real = self.real(path, true, around)?;
        if self.raw(&real, around).is_some() {
            return Err(Errno::Exists);
        }
        self.put(&real, Entry::dir(at), around)
    }

    /// Makes a directory and those above it; each is looked for once, below the one before it.
    ///
    /// # Errors
    /// [`Errno::NotDir`] when something else is in the way; as [`Disk::put`].
    pub fn make_dirs(&mut self, path: &str, at: Instant, around: &mut dyn Around) -> Result<(), Errno> {
        let mut upto = "/".to_owned();
        for part in path.split('/').filter(|p| !p.is_empty()) {
            let mut next = below(&upto, part);
            let mut found = self.raw(&next, around);
            if matches!(&found, Some(entry) if matches!(entry.kind, Kind::Link(_))) {
                next = self.real(&next, true, around)?;
                found = self.raw(&next, around);
            }
            match found {
                Some(entry) if entry.is_dir() => {}
                Some(_) => return Err(Errno::NotDir),
                // Its parent was found just now.
                None => self.with(&next, around, |files, inner, read_only| match read_only {
                    true => Err(Errno::ReadOnly),
                    false => files.put(inner, Entry::dir(at)),
                })?,
            }
            upto = next;
        }
        Ok(())
    }

    /// Takes a file or link away.
    ///
    /// # Errors
    /// As [`Disk::lstat`]; [`Errno::IsDir`], [`Errno::ReadOnly`].
    pub fn remove_file(&mut self, path: &str, around: &mut dyn Around) -> Result<(), Errno> {
        if self.lstat(path, around)?.is_dir() {
            return Err(Errno::IsDir);
        }
        self.remove(path, around)
    }

    /// Takes a path and all below it away; a mount point is only emptied.
    ///
    /// # Errors
    /// As [`Disk::lstat`]; [`Errno::ReadOnly`], [`Errno::Busy`] for a mount point.
    pub fn remove(&mut self, path: &str, around: &mut dyn Around) -> Result<(), Errno> {
        let real = self.real(path, false, around)?;
        if real == "/" {
            return Err(Errno::Busy);
        }
        self.removed.insert(real.clone());
        let holds_mount = self
            .mounts
            .iter()
            .any(|m| m.path == real || m.path.starts_with(&format!("{real}/")));
        if holds_mount {
            for name in self.list(&real, around).unwrap_or_default() {
                self.remove(&join(&real, &name), around)?;
            }
            return Err(Errno::Busy);
        }
        self.with(&real, around, |files, inner, read_only| {
            if read_only {
                Err(Errno::ReadOnly)
            } else {
                files.remove(inner)
            }
        })
    }

    /// Names in a directory, in order.
    ///
    /// # Errors
    /// As [`Disk::stat`]; [`Errno::NotDir`].
    pub fn list(&mut self, path: &str, around: &mut dyn Around) -> Result<Vec<String>, Errno> {
        let real = self.real(path, true, around)?;
        match self.raw(&real, around) {
            None => return Err(Errno::NoEntry),
            Some(entry) if !entry.is_dir() => return Err(Errno::NotDir),
            Some(_) => {}
        }
        Ok(self.with(&real, around, |files, inner, _| files.list(inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::around::{HttpAnswer, HttpRequest, Nothing};

    struct Volumes(Files);

    impl Around for Volumes {
        fn resolve(&self, _: &str) -> Option<String> {
            None
        }
        fn http(&mut self, _: &str, _: u16, _: HttpRequest) -> HttpAnswer {
            HttpAnswer::Refused
        }
        fn tcp(&mut self, _: &str, _: u16) -> bool {
            false
        }
        fn volume(&mut self, name: &str) -> Option<&mut Files> {
            (name == "v").then_some(&mut self.0)
        }
        fn unix(&self, _: Instant) -> i64 {
            0
        }
    }

    #[test]
    fn volumes_are_shared_and_may_be_read_only() {
        let mount = |path: &str, sub: &str, read_only| Mount {
            path: path.to_owned(),
            volume: "v".to_owned(),
            sub_path: sub.to_owned(),
            read_only,
            filled: false,
        };
        let mut world = Volumes(Files::new());
        world.0.write("/conf/a", "1", Instant::ZERO).unwrap();
        let t = Instant::ZERO;
        let mounts = [
            mount("/data", "", false),
            mount("/ro/", "", true),
            mount("/data/f", "conf/a", false),
        ];
        let mut d = Disk::new(Files::new(), &mounts, false, t);
        assert_eq!(d.read("/data/f", &mut world).unwrap().as_str(), "1");
        d.append("/data/x", "2", t, &mut world).unwrap();
        assert_eq!(world.0.text("/x").map(|s| s.as_str()), Some("2"));
        assert_eq!(d.append("/ro/x", "2", t, &mut world), Err(Errno::ReadOnly));
        assert_eq!(d.append("/none/x", "2", t, &mut world), Err(Errno::NoEntry));
        assert_eq!(d.remove("/data", &mut world), Err(Errno::Busy));
    }

    #[test]
    fn links_are_followed_and_loops_end() {
        let mut d = Disk::new(Files::new(), &[], false, Instant::ZERO);
        let world = &mut Nothing;
        let link = |to: &str| Entry {
            kind: Kind::Link(Rc::from(to)),
            mode: 0o777,
            at: Instant::ZERO,
        };
        d.root_mut().write("/a/b", "x", Instant::ZERO).unwrap();
        d.put("/l", link("a"), world).unwrap();
        assert_eq!(d.read("/l/b", world).unwrap().as_str(), "x");
        d.put("/m", link("/m"), world).unwrap();
        assert_eq!(d.read("/m", world), Err(Errno::Loop));
    }
}
