//! Which release of kubectl speaks: the texts of `describe`, `delete` and others follow the client, not the cluster.

/// A release of kubectl whose texts are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Client {
    /// kubectl 1.32.
    V1_32,
    /// kubectl 1.36.
    #[default]
    V1_36,
}

impl Client {
    /// The release of this version.
    pub fn of(version: &str) -> Option<Client> {
        match version {
            "1.32" => Some(Client::V1_32),
            "1.36" => Some(Client::V1_36),
            _ => None,
        }
    }

    /// The newest release that is not newer than the cluster.
    pub fn beside(kubernetes: &str) -> Client {
        let minor = |version: &str| version.split('.').nth(1).and_then(|m| m.parse::<u32>().ok());
        match minor(kubernetes) {
            Some(minor) if minor < 36 => Client::V1_32,
            _ => Client::V1_36,
        }
    }

    /// Whether it speaks as kubectl does from 1.36 on.
    pub fn is_new(self) -> bool {
        self == Client::V1_36
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn the_client_is_never_newer_than_the_cluster() {
        for (kubernetes, client) in [
            ("1.32", Client::V1_32),
            ("1.34", Client::V1_32),
            ("1.36", Client::V1_36),
            ("1.37", Client::V1_36),
            ("", Client::V1_36),
        ] {
            assert_eq!(Client::beside(kubernetes), client, "{kubernetes}");
        }
    }
}
