//! From the target of a request to a file inside the served folder, and to nothing outside it.

use std::path::{Path, PathBuf};

/// What a request's target stands for.
#[derive(Debug, PartialEq)]
pub enum Route {
    /// A file to send.
    File(PathBuf),
    /// A folder asked for without its closing slash; relative links need it.
    Redirect(String),
    /// Nothing that is served.
    Missing,
}

/// Finds what `target` (the path of a request, perhaps with a query) stands for below `folder`.
pub fn find(folder: &Path, prefix: &str, target: &str) -> Route {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = percent_decode(path) else {
        return Route::Missing;
    };
    let Some(relative) = decoded.strip_prefix(prefix) else {
        return Route::Missing;
    };
    let safe = |part: &str| part != ".." && !part.contains(['\\', '\0', ':']);
    if !relative.split('/').all(safe) {
        return Route::Missing;
    }
    // Links are followed, so the real place decides whether a file is inside.
    let Ok(inside) = folder.canonicalize() else {
        return Route::Missing;
    };
    let Ok(mut file) = inside.join(relative.trim_start_matches('/')).canonicalize() else {
        return Route::Missing;
    };
    if !file.starts_with(&inside) {
        return Route::Missing;
    }
    if file.is_dir() {
        if !decoded.ends_with('/') {
            return Route::Redirect(format!("{path}/"));
        }
        file.push("index.html");
    } else if decoded.ends_with('/') {
        return Route::Missing;
    }
    if file.is_file() {
        Route::File(file)
    } else {
        Route::Missing
    }
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let (high, low) = (bytes.next()? as char, bytes.next()? as char);
            out.push((high.to_digit(16)? * 16 + low.to_digit(16)?) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_files_inside_are_found() {
        let base = std::env::temp_dir().join(format!("podscope-route-{}", std::process::id()));
        let site = base.join("site");
        fs::create_dir_all(site.join("sub folder")).unwrap();
        for file in ["site/index.html", "site/sub folder/index.html", "site/a.js", "secret"] {
            fs::write(base.join(file), file).unwrap();
        }
        let real = site.canonicalize().unwrap();
        let file = |name: &str| Route::File(real.join(name));
        let cases = [
            ("/", file("index.html")),
            ("/?q=1", file("index.html")),
            ("/a.js", file("a.js")),
            ("/%61.js?x#y", file("a.js")),
            ("/sub%20folder/", file("sub folder/index.html")),
            ("/sub%20folder", Route::Redirect("/sub%20folder/".into())),
            ("/../secret", Route::Missing),
            ("/%2e%2e/secret", Route::Missing),
            ("/..%2fsecret", Route::Missing),
            ("/..\\secret", Route::Missing),
            ("/a.js/", Route::Missing),
            ("/a%zz", Route::Missing),
            ("/none", Route::Missing),
            ("no-slash", Route::Missing),
            ("//etc/passwd", Route::Missing),
        ];
        for (target, expect) in cases {
            assert_eq!(find(&site, "/", target), expect, "{target}");
        }
        assert_eq!(find(&site, "/deep/er/", "/deep/er/a.js"), file("a.js"));
        assert_eq!(find(&site, "/deep/er/", "/a.js"), Route::Missing);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(base.join("secret"), site.join("link")).unwrap();
            assert_eq!(find(&site, "/", "/link"), Route::Missing);
        }
        fs::remove_dir_all(&base).unwrap();
    }
}
