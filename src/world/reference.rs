//! Image references: how `nginx` becomes `docker.io/library/nginx:latest`, and which texts are none.

/// A reference taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Registry host.
    pub host: String,
    /// Repository below it.
    pub repository: String,
    /// Tag; `latest` when neither tag nor digest is written.
    pub tag: String,
    /// Digest, as in `sha256:…`.
    pub digest: Option<String>,
}

impl Reference {
    /// Reads a reference as the runtime does.
    ///
    /// # Errors
    /// The runtime's words for what is wrong (`invalid reference format`), to be put into
    /// `couldn't parse image name "…": …`.
    pub fn parse(text: &str) -> Result<Reference, String> {
        let wrong = || "invalid reference format".to_owned();
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        if digest.is_some_and(|d| !is_digest(d)) {
            return Err(wrong());
        }
        // A colon after the last slash begins a tag; one before it belongs to the host's port.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        if tag.is_some_and(|t| !is_tag(t)) {
            return Err(wrong());
        }
        let (host, path) = match name.split_once('/') {
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" || has_capital(first) => {
                (first, path.to_owned())
            }
            Some(_) => ("docker.io", name.to_owned()),
            None => ("docker.io", format!("library/{name}")),
        };
        let host = if host == "index.docker.io" { "docker.io" } else { host };
        if !is_host(host) || path.is_empty() {
            return Err(wrong());
        }
        if path.split('/').any(|part| !is_path_part(part)) || name.is_empty() {
            return Err(wrong());
        }
        if has_capital(&path) {
            return Err(format!(
                "invalid reference format: repository name ({path}) must be lowercase"
            ));
        }
        Ok(Reference {
            host: host.to_owned(),
            repository: path,
            tag: tag.map(str::to_owned).unwrap_or_else(|| {
                if digest.is_some() {
                    String::new()
                } else {
                    "latest".to_owned()
                }
            }),
            digest: digest.map(str::to_owned),
        })
    }

    /// The whole name: `docker.io/library/nginx:latest`.
    pub fn canonical(&self) -> String {
        let (mark, last) = match &self.digest {
            Some(digest) => ("@", digest),
            None => (":", &self.tag),
        };
        [&self.host, "/", &self.repository, mark, last].concat()
    }

    /// The last part of the repository: `nginx`.
    pub fn base(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }
}

/// `host[:port]` with the usual letters.
fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()) && name.split('.').all(label)
}

fn has_capital(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_uppercase())
}

/// Letters and digits, joined by `.`, `_`, `__` or dashes. Of capitals something else is said.
fn is_path_part(part: &str) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric();
    let joined = |pair: &[u8]| matches!(pair, b"__" | b"--") || pair.iter().any(word);
    let bytes = part.as_bytes();
    bytes.first().is_some_and(word)
        && bytes.last().is_some_and(word)
        && bytes.iter().all(|byte| word(byte) || b"._-".contains(byte))
        && bytes.windows(2).all(joined)
        && !bytes.windows(3).any(|three| three == b"___")
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(kind, hex)| {
        !kind.is_empty()
            && kind
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-' | '_'))
            && hex.len() >= 32
            && hex.chars().all(|c| c.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn references_are_read() {
        for (text, want) in [
            ("nginx", Some("docker.io/library/nginx:latest")),
            ("nginx:1.25", Some("docker.io/library/nginx:1.25")),
            ("team/app", Some("docker.io/team/app:latest")),
            ("registry.k8s.io/pause:3.8", Some("registry.k8s.io/pause:3.8")),
            ("localhost:5000/a/b:c", Some("localhost:5000/a/b:c")),
            ("NGINX:UPPER/case::bad", None),
            ("a//b", None),
            ("", None),
            ("<your-private-image>", None),
            ("app:", None),
            ("app:-x", None),
        ] {
            assert_eq!(
                Reference::parse(text).ok().map(|r| r.canonical()).as_deref(),
                want,
                "{text}"
            );
        }
        assert_eq!(
            Reference::parse("NGINX").unwrap_err(),
            "invalid reference format: repository name (library/NGINX) must be lowercase"
        );
        let digest = format!("app@sha256:{}", "a".repeat(64));
        assert!(Reference::parse(&digest).is_ok());
    }
}
