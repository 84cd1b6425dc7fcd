//! What names, labels and the like must look like, with the API server's words for what is wrong. Twin of
//! `apimachinery/pkg/util/validation/validation.go` and `apimachinery/pkg/api/validate/content`, release 1.36.

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
     start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
     '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or \
     '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
     '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must \
     consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. \
     '*.example.com', regex used for validation is \
     '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
     alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
     validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
     alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
     '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or \
     '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex \
     used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. \
     'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const HTTP_HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', \
     regex used for validation is '[-A-Za-z0-9]+')";
const ENV_NAME: &str = "a valid environment variable name must consist only of printable ASCII characters other than \
     '='";

/// Words for a port number out of range.
pub const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";

fn longer(limit: usize) -> String {
    format!("must be no more than {limit} characters")
}

fn lower(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

/// Whether a text is a DNS label but for its length.
fn label_shaped(text: &str) -> bool {
    let b = text.as_bytes();
    let ends = b
        .first()
        .zip(b.last())
        .is_some_and(|(first, last)| lower(*first) && lower(*last));
    ends && b.iter().all(|b| lower(*b) || *b == b'-')
}

fn subdomain_shaped(text: &str) -> bool {
    text.split('.').all(label_shaped)
}

/// Whether a text is letters, digits, `-`, `_`, `.`, with a letter or digit at both ends.
fn qualified_shaped(text: &str) -> bool {
    let b = text.as_bytes();
    let ends = b.first().zip(b.last());
    ends.is_some_and(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
        && b.iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// A DNS-1123 label: names of containers, volumes, namespaces, Services.
pub fn dns_label(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 63 {
        all.push(longer(63));
    }
    if !label_shaped(text) {
        all.push(if subdomain_shaped(text) {
            "must not contain dots".to_owned()
        } else {
            LABEL.to_owned()
        });
    }
    all
}

/// A DNS-1123 subdomain: names of Pods and most other objects.
pub fn dns_subdomain(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 253 {
        all.push(longer(253));
    }
    if !subdomain_shaped(text) {
        all.push(SUBDOMAIN.to_owned());
    }
    all
}

/// A label key: `name` or `prefix/name`.
pub fn qualified_name(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                all.push("prefix part must be non-empty".to_owned());
            } else {
                all.extend(dns_subdomain(prefix).into_iter().map(|m| format!("prefix part {m}")));
            }
            name
        }
        _ => {
            let tail = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![format!("a valid label key {NAME_PART} {tail}")];
        }
    };
    if name.is_empty() {
        all.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        all.push("name part must be no more than 63 bytes".to_owned());
    }
    if !qualified_shaped(name) {
        all.push(format!("name part {NAME_PART}"));
    }
    all
}

/// A label value.
pub fn label_value(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 63 {
        all.push("must be no more than 63 bytes".to_owned());
    }
    if !text.is_empty() && !qualified_shaped(text) {
        all.push(LABEL_VALUE.to_owned());
    }
    all
}

/// The name of a port.
pub fn port_name(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 15 {
        all.push(longer(15));
    }
    if text.is_empty() || !text.bytes().all(|b| lower(b) || b == b'-') {
        all.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        all.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        all.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        all.push("must not begin or end with a hyphen".to_owned());
    }
    all
}

/// The name of an environment variable.
pub fn env_name(text: &str) -> Vec<String> {
    let fine = !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'=');
    if fine { Vec::new() } else { vec![ENV_NAME.to_owned()] }
}

/// The name of an HTTP header.
pub fn http_header(text: &str) -> Vec<String> {
    let fine = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Vec::new() } else { vec![HTTP_HEADER.to_owned()] }
}

/// A key of a ConfigMap or Secret.
pub fn config_key(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 253 {
        all.push(longer(253));
    }
    let shaped = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if text.is_empty() || !shaped {
        all.push(CONFIG_KEY.to_owned());
    }
    match text {
        "." => all.push("must not be '.'".to_owned()),
        ".." => all.push("must not be '..'".to_owned()),
        text if text.starts_with("..") => all.push("must not start with '..'".to_owned()),
        _ => {}
    }
    all
}

/// An IP address, in the strict notation.
pub fn ip(text: &str) -> Vec<String> {
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Vec::new();
    }
    let octets: Vec<&str> = text.split('.').collect();
    let digits = |o: &&str| (1..=4).contains(&o.len()) && o.bytes().all(|b| b.is_ascii_digit());
    if octets.len() == 4 && octets.iter().all(digits) && octets.iter().all(|o| o.parse::<u32>().is_ok_and(|n| n < 256))
    {
        return vec!["must not have leading 0s".to_owned()];
    }
    vec!["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned()]
}

/// Whether a text is an address, leading zeros allowed.
pub fn is_address(text: &str) -> bool {
    let wrong = ip(text);
    wrong.is_empty() || wrong.iter().any(|why| why.ends_with("leading 0s"))
}

/// An address that no endpoint may have, for what it is special.
pub fn special_ip(text: &str) -> Vec<String> {
    use std::net::IpAddr;
    let Ok(address) = text.parse::<IpAddr>() else {
        return vec!["must be a valid IP address".to_owned()];
    };
    let linked = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.segments().first().is_some_and(|first| first & 0xffc0 == 0xfe80),
    };
    let multicast = match address {
        IpAddr::V4(v4) => v4.octets().starts_with(&[224, 0, 0]),
        IpAddr::V6(v6) => v6.segments().first() == Some(&0xff02),
    };
    let why = if address.is_unspecified() {
        return vec![format!("may not be unspecified ({text})")];
    } else if address.is_loopback() {
        "may not be in the loopback range (127.0.0.0/8, ::1/128)"
    } else if linked {
        "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
    } else if multicast {
        "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
    } else {
        return Vec::new();
    };
    vec![why.to_owned()]
}

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// Its address, as a number of the family's width.
    address: u128,
    /// How many leading bits count.
    prefix: u32,
    /// 32 or 128.
    width: u32,
}

impl Cidr {
    /// `10.0.0.0/8`.
    pub fn parse(text: &str) -> Option<Cidr> {
        let (address, prefix) = text.split_once('/')?;
        let (address, width) = match address.parse().ok()? {
            std::net::IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
            std::net::IpAddr::V6(v6) => (u128::from(v6), 128),
        };
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= width)?;
        Some(Cidr { address, prefix, width })
    }

    /// The address without the bits behind this many.
    fn masked(self, prefix: u32) -> u128 {
        let below = self.width.saturating_sub(prefix);
        self.address
            .checked_shr(below)
            .and_then(|n| n.checked_shl(below))
            .unwrap_or(0)
    }

    /// Whether the other one lies in this one and is smaller.
    pub fn holds(self, inner: Cidr) -> bool {
        self.width == inner.width && self.prefix < inner.prefix && self.masked(self.prefix) == inner.masked(self.prefix)
    }
}

/// A range of addresses in the strict notation.
pub fn cidr(text: &str) -> Vec<String> {
    match Cidr::parse(text) {
        None => vec!["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)".to_owned()],
        Some(cidr) if cidr.masked(cidr.prefix) != cidr.address => {
            vec!["must not have bits set beyond the prefix length".to_owned()]
        }
        Some(_) => Vec::new(),
    }
}

/// `*.example.com`.
pub fn wildcard_subdomain(text: &str) -> Vec<String> {
    if text.strip_prefix("*.").is_some_and(subdomain_shaped) {
        return Vec::new();
    }
    vec![WILDCARD.to_owned()]
}

/// A DNS-1035 label: names of kinds.
pub fn dns_1035_label(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if text.len() > 63 {
        all.push(longer(63));
    }
    if !label_shaped(text) || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        all.push(LABEL_1035.to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_judged_as_the_api_server_judges_them() {
        let first = |all: Vec<String>| {
            all.first()
                .map(|m| m.split(" (").next().unwrap_or("").chars().take(40).collect::<String>())
        };
        assert_eq!(first(dns_label("my-name")), None);
        assert_eq!(first(dns_label("a.b")).as_deref(), Some("must not contain dots"));
        assert!(first(dns_label("My_Pod")).is_some());
        assert!(first(dns_label("-a")).is_some() && first(dns_label("")).is_some());
        assert_eq!(first(dns_subdomain("a.b-c")), None);
        assert!(first(dns_subdomain("a..b")).is_some());
        assert_eq!(first(qualified_name("example.com/MyName")), None);
        assert_eq!(
            first(qualified_name("/x")).as_deref(),
            Some("prefix part must be non-empty")
        );
        assert_eq!(qualified_name("").len(), 2);
        assert_eq!(first(label_value("")), None);
        assert!(first(label_value("a b")).is_some());
        assert_eq!(port_name("80").len(), 1);
        assert_eq!(port_name("").len(), 2);
        assert_eq!(
            first(ip("012.034.056.078")).as_deref(),
            Some("must not have leading 0s")
        );
        assert_eq!(first(ip("::1")), None);
    }
}
