//! The world outside the cluster: public names resolve, and what is asked there answers.

use std::net::Ipv4Addr;

/// Endings of public names. A name of two parts may as well be a Service and its namespace, so endings that people like to
/// give to namespaces count only behind longer names.
const ENDINGS: &str = " com org net edu gov io ch de uk fr eu us cn jp nl se fi dk es pl cz br ca au ru kr tw hk sg sh tv ly \
                       cc xyz biz ";
const AMBIGUOUS: &str = " dev app ai co me in it is be at no to info cloud site shop page ";

/// The first part of addresses that public names are given: the range that RFC 5737 keeps for documentation.
const NET: &str = "203.0.113.";

/// Whether a name is one of the public DNS.
pub fn is_public(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let mut labels = name.rsplit('.');
    let (Some(last), parts) = (labels.next(), labels.count()) else {
        return false;
    };
    let among = |endings: &str| {
        endings
            .split(' ')
            .any(|ending| !ending.is_empty() && ending.eq_ignore_ascii_case(last))
    };
    parts > 0 && among(ENDINGS) || parts > 1 && among(AMBIGUOUS)
}

/// The made-up address of a public name.
pub fn address_of(name: &str) -> String {
    let sum = name.bytes().fold(7_u8, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.to_ascii_lowercase())
    });
    format!("{NET}{}", sum.clamp(1, 254))
}

/// Whether an address lies outside the cluster, where everything answers.
pub fn is_outside(address: &str) -> bool {
    address.parse::<Ipv4Addr>().is_ok_and(|ip| {
        let reserved =
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || ip.is_broadcast();
        let shared = matches!(
            ip.octets(),
            [100, 64..=127, _, _] | [198, 18..=19, _, _] | [224..=255, _, _, _]
        );
        !reserved && !shared
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_cluster_are_not_public() {
        for name in [
            "info.cern.ch",
            "google.com",
            "api.github.com.",
            "pkg.go.dev",
            "get.docker.com",
        ] {
            assert!(is_public(name) && is_outside(&address_of(name)), "{name}");
        }
        for name in [
            "web",
            "web.default",
            "db.dev",
            "kubernetes.default.svc",
            "web.default.svc.cluster.local",
            "web-0.web.default",
            "registry.example",
            "com",
        ] {
            assert!(!is_public(name), "{name}");
        }
        for (address, outside) in [
            ("8.8.8.8", true),
            ("10.96.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(is_outside(address), outside, "{address}");
        }
    }
}
