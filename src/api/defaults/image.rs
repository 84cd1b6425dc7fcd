//! References of images, as far as the default of a pull policy needs them.
//! Twin: pkg/util/parsers/parsers.go (v1.36.2)
//! Covers: ParseImageName
//! Left out: the full name of the repository

/// Whether an image's pull policy is `Always` by default: the tag is `latest`, or neither tag nor digest is given. A
/// reference that cannot be read has no tag at all, and is pulled if not present (which then fails in the kubelet).
pub fn always_pulled(image: &str) -> bool {
    let Some((tag, digest)) = tag_of(image) else {
        return false;
    };
    match tag {
        Some(tag) => tag == "latest",
        None => digest.is_none(),
    }
}

/// Tag and digest of a readable image reference, `[domain/]path[:tag][@digest]`. `None` when it is not readable.
pub fn tag_of(image: &str) -> Option<(Option<&str>, Option<&str>)> {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, None), |(name, digest)| (name, Some(digest)));
    let (name, tag) = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    };
    let tag_ok = tag.is_none_or(|tag| {
        let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        (1..=128).contains(&tag.len()) && tag.chars().all(rest) && !tag.starts_with(['.', '-'])
    });
    let digest_ok = digest.is_none_or(|digest| {
        let (algorithm, hex) = digest.split_once(':').unwrap_or(("", ""));
        algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
            && hex.len() >= 32
            && hex.bytes().all(|b| b.is_ascii_hexdigit())
    });
    let (domain, path) = match name.split_once('/') {
        Some((domain, path))
            if domain.contains(['.', ':'])
                || domain == "localhost"
                || domain.bytes().any(|b| b.is_ascii_uppercase()) =>
        {
            (Some(domain), path)
        }
        _ => (None, name),
    };
    let domain_ok = domain.is_none_or(|domain| {
        let (host, port) = domain.rsplit_once(':').unwrap_or((domain, "0"));
        let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
        let host_ok = host.split('.').all(label)
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        host_ok && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
    });
    let component = |c: &str| {
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let (Some(first), Some(last)) = (c.bytes().next(), c.bytes().last()) else {
            return false;
        };
        let dots = c.contains("..") || c.contains("___") || c.contains("._") || c.contains("_.");
        word(first) && word(last) && !dots && c.bytes().all(|b| word(b) || matches!(b, b'.' | b'_' | b'-'))
    };
    let path_ok = path.split('/').all(component) && name.len() <= 255;
    (tag_ok && digest_ok && domain_ok && path_ok).then_some((tag, digest))
}

#[cfg(test)]
mod tests {
    use super::always_pulled;

    #[test]
    fn the_pull_policy_depends_on_the_tag() {
        for (image, always) in [
            ("nginx", true),
            ("nginx:latest", true),
            ("nginx:1.25", false),
            ("host:5000/nginx", true),
            ("host:5000/nginx:1", false),
            ("nginx@sha256:0123456789abcdef0123456789abcdef", false),
            ("nginx:latest@sha256:0123456789abcdef0123456789abcdef", true),
            ("<your-image>", false),
            ("Nginx", false),
            ("registry.k8s.io/e2e-test-images/agnhost:2.39", false),
            ("localhost/a__b", true),
        ] {
            assert_eq!(always_pulled(image), always, "{image}");
        }
    }
}
