//! Images that nobody has: names without a host that are a slip of an official image's name.

use super::reference::Reference;
use crate::api::nearest;

/// The official images of Docker Hub, as https://github.com/docker-library/official-images lists them.
const OFFICIAL: &str = "adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb \
    archlinux backdrop bash bonita buildpack-deps busybox caddy cassandra centos chronograf cirros clearlinux clefos \
    clojure composer consul convertigo couchbase couchdb crate dart debian docker drupal eclipse-mosquitto \
    eclipse-temurin eggdrop elasticsearch elixir emqx erlang express-gateway fedora flink fluentd friendica gazebo gcc \
    geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang ibmjava influxdb \
    irssi jenkins jetty jobber joomla jruby julia kapacitor kibana known kong lightstreamer liquibase logstash \
    mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming \
    neo4j neurodebian nextcloud nginx node notary nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb \
    percona perl photon php php-zendserver phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star \
    rapidoid redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch \
    silverpeas sl solr sonarqube sourcemage spark spiped sqlite storm swarm swift swipl teamspeak telegraf thrift \
    tomcat tomee traefik ubuntu unit vault varnish websphere-liberty wordpress xwiki yourls znc zookeeper";

/// The name that was meant, where the repository is none of the official ones but a slip of one.
pub fn misspelt(reference: &str) -> Option<&'static str> {
    let parsed = Reference::parse(reference).ok()?;
    let name = parsed
        .repository
        .strip_prefix("library/")
        .filter(|_| parsed.host == "docker.io")?;
    let all = || OFFICIAL.split_ascii_whitespace();
    let known = all().any(|official| official == name) || name.len() < 4;
    if known {
        return None;
    }
    // Two slips in one short name are more likely to be another name.
    nearest(name, all()).filter(|near| near.len() > 3 && close(name, near))
}

/// Whether two names have the same letters, or differ by one.
fn close(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        let mut all: Vec<u8> = text.bytes().collect();
        crate::sort::sort(&mut all);
        all
    };
    let (one, other) = (letters(a), letters(b));
    let missing = |from: &[u8], of: &[u8]| from.iter().filter(|c| !of.contains(c)).count();
    one == other || a.len().abs_diff(b.len()) <= 1 && missing(&one, &other).max(missing(&other, &one)) <= 1
}

/// How containerd words the answer of Docker Hub for a repository that is not there.
pub fn denied(canonical: &str) -> String {
    format!(
        "failed to pull and unpack image \"{canonical}\": failed to resolve reference \"{canonical}\": pull access denied, \
         repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
    )
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    #[test]
    fn slips_of_official_names_are_found() {
        for (image, want) in [
            ("ngnix", Some("nginx")),
            ("nginix:1.27", Some("nginx")),
            ("ngins", Some("nginx")),
            ("busybx:1.36", Some("busybox")),
            ("postgress:16", Some("postgres")),
            ("redi", Some("redis")),
            ("pyhton:3", Some("python")),
            ("nginx:1.27", None),
            ("your-image", None),
            ("web", None),
            ("app", None),
            ("server", None),
            ("frontend", None),
            ("team/ngnix", None),
            ("ghcr.io/ngnix", None),
            ("mongo-express", None),
        ] {
            assert_eq!(misspelt(image), want, "{image}");
        }
    }
}
