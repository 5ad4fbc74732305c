//! References to container images, and what is known of images that many applications share.
//!
//! ```
//! use descriptor::image::{Image, Role};
//! let image = Image::parse("ghcr.io/shop/postgres:17").unwrap();
//! assert_eq!((image.registry.as_str(), image.repository.as_str(), image.tag.as_str()), ("ghcr.io", "shop", "17"));
//! let known = image.known().unwrap();
//! assert!(matches!(known.role, Role::Database { engine: "postgres", .. }));
//! assert_eq!(known.port, 5432);
//! ```

/// A reference to an image, in the parts that base charts take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The registry's host, with its port; empty for Docker's own.
    pub registry: String,
    /// The path before the name; may be empty.
    pub repository: String,
    /// The name: the last part of the path.
    pub name: String,
    /// The tag, without colon; may be empty.
    pub tag: String,
    /// The digest, such as `sha256:…`; may be empty.
    pub digest: String,
}

impl Image {
    /// Takes a reference apart, by the rules of Docker: a first part with a dot, a port or a capital letter is a
    /// registry. `None` where it cannot be one.
    pub fn parse(text: &str) -> Option<Image> {
        let (rest, digest) = text.split_once('@').unwrap_or((text, ""));
        let last = rest.rfind('/').map_or(0, |i| i + 1);
        let (path, tag) = match rest[last..].find(':') {
            Some(i) => (&rest[..last + i], &rest[last + i + 1..]),
            None => (rest, ""),
        };
        let is_registry =
            |part: &str| part.contains(['.', ':']) || part == "localhost" || part.contains(char::is_uppercase);
        let (registry, path) = match path.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => ("", path),
        };
        let (repository, name) = path.rsplit_once('/').unwrap_or(("", path));
        let fine = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        if name.is_empty() || !path.chars().all(fine) || text.contains(char::is_whitespace) {
            return None;
        }
        let [registry, repository, name, tag, digest] = [registry, repository, name, tag, digest].map(str::to_owned);
        Some(Image { registry, repository, name, tag, digest })
    }

    /// What is known of images of this name.
    pub fn known(&self) -> Option<&'static Known> {
        let name = self.name.to_ascii_lowercase();
        // PHP's own server speaks FastCGI, which is for a web server before it.
        let name = if self.tag.contains("fpm") { "php-fpm" } else { name.as_str() };
        KNOWN.iter().find(|k| k.names.contains(&name))
    }

    /// Whether it is one of Bitnami's images, which keep data in other folders and run as another user than the rest.
    pub fn is_bitnami(&self) -> bool {
        self.repository.starts_with("bitnami")
    }
}

/// What a service is, by its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A database, with its name in the values of `databasebase` and the folder of its data.
    Database {
        /// The value `engine` of `databasebase`; `custom` where it has none for it.
        engine: &'static str,
        /// Where the container keeps its data.
        data: &'static str,
    },
    /// It serves other components, not people.
    Infrastructure,
    /// It serves people over HTTP.
    Web,
}

/// As whom an image runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunsAs {
    /// It starts as root.
    Root,
    /// A user, by number.
    User(i64),
}

/// What is known of an image.
#[derive(Debug)]
pub struct Known {
    /// The names of such images, in lower case.
    pub names: &'static [&'static str],
    /// What a service of it is.
    pub role: Role,
    /// The port on which it listens.
    pub port: u16,
    /// As whom it runs.
    pub runs_as: RunsAs,
}

const fn database(
    names: &'static [&'static str],
    engine: &'static str,
    data: &'static str,
    port: u16,
    user: i64,
) -> Known {
    Known { names, role: Role::Database { engine, data }, port, runs_as: RunsAs::User(user) }
}

const fn image(names: &'static [&'static str], role: Role, port: u16, runs_as: RunsAs) -> Known {
    Known { names, role, port, runs_as }
}

const KNOWN: &[Known] = &[
    database(
        &["postgres", "postgresql", "postgis", "timescaledb", "timescaledb-ha", "pgvector"],
        "postgres",
        "/var/lib/postgresql/data",
        5432,
        999,
    ),
    database(&["mysql", "mysql-server", "percona"], "mysql", "/var/lib/mysql", 3306, 999),
    database(&["mariadb"], "mariadb", "/var/lib/mysql", 3306, 999),
    database(&["mongo", "mongodb", "mongodb-community-server"], "mongodb", "/data/db", 27017, 999),
    database(&["redis", "valkey", "redis-stack-server"], "redis", "/data", 6379, 999),
    database(&["cassandra"], "custom", "/var/lib/cassandra", 9042, 999),
    database(&["clickhouse-server", "clickhouse"], "custom", "/var/lib/clickhouse", 8123, 101),
    database(&["couchdb"], "custom", "/opt/couchdb/data", 5984, 5984),
    database(&["elasticsearch"], "custom", "/usr/share/elasticsearch/data", 9200, 1000),
    database(&["opensearch"], "custom", "/usr/share/opensearch/data", 9200, 1000),
    database(&["influxdb"], "custom", "/var/lib/influxdb2", 8086, 1000),
    database(&["neo4j"], "custom", "/data", 7687, 7474),
    image(&["kafka", "cp-kafka", "redpanda"], Role::Infrastructure, 9092, RunsAs::User(1000)),
    image(&["zookeeper", "cp-zookeeper"], Role::Infrastructure, 2181, RunsAs::User(1000)),
    image(&["nats"], Role::Infrastructure, 4222, RunsAs::Root),
    image(&["rabbitmq"], Role::Infrastructure, 5672, RunsAs::User(999)),
    image(&["eclipse-mosquitto"], Role::Infrastructure, 1883, RunsAs::User(1883)),
    image(&["memcached"], Role::Infrastructure, 11211, RunsAs::User(11211)),
    image(&["node-exporter", "blackbox-exporter", "statsd-exporter"], Role::Infrastructure, 9100, RunsAs::User(65534)),
    image(&["loki"], Role::Infrastructure, 3100, RunsAs::User(10001)),
    image(&["alertmanager"], Role::Web, 9093, RunsAs::User(65534)),
    image(&["prometheus"], Role::Web, 9090, RunsAs::User(65534)),
    image(&["grafana", "grafana-oss", "grafana-enterprise"], Role::Web, 3000, RunsAs::User(472)),
    image(&["keycloak"], Role::Web, 8080, RunsAs::User(1000)),
    image(&["nginx-unprivileged"], Role::Web, 8080, RunsAs::User(101)),
    image(
        &["nginx", "httpd", "caddy", "wordpress", "drupal", "joomla", "nextcloud", "phpmyadmin"],
        Role::Web,
        80,
        RunsAs::Root,
    ),
    image(&["adminer", "mongo-express"], Role::Web, 8080, RunsAs::User(1000)),
    image(&["kibana"], Role::Web, 5601, RunsAs::User(1000)),
    image(&["ghost"], Role::Web, 2368, RunsAs::Root),
    image(&["gitea"], Role::Web, 3000, RunsAs::Root),
    image(&["php-fpm"], Role::Infrastructure, 9000, RunsAs::Root),
    image(&["traefik"], Role::Infrastructure, 80, RunsAs::Root),
];

/// Ports on which web servers commonly listen in containers.
const WEB_PORTS: &[u16] = &[
    80, 443, 1337, 2368, 3000, 3001, 4000, 4200, 5000, 5001, 5173, 5601, 7860, 8000, 8001, 8008, 8080, 8081, 8082,
    8083, 8084, 8085, 8086, 8088, 8090, 8443, 8501, 8787, 8888, 9000, 9080, 9090, 9443,
];

/// Ports on which something else than HTTP is spoken.
const OTHER_PORTS: &[u16] = &[
    21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1025, 1433, 1521, 1883, 2181, 3306, 4222, 5432, 5671, 5672,
    6379, 8883, 9042, 9092, 9093, 9094, 11211, 26379, 27017, 29092, 50051, 61616,
];

/// Whether a port is one of web servers; `None` where it may be or not.
pub fn is_web_port(port: u16) -> Option<bool> {
    match port {
        port if WEB_PORTS.contains(&port) => Some(true),
        port if OTHER_PORTS.contains(&port) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn references_are_taken_apart() {
        for (text, want) in [
            ("nginx", Some(["", "", "nginx", "", ""])),
            ("mysql:8.2", Some(["", "", "mysql", "8.2", ""])),
            ("registry/my-app:1.0.0", Some(["", "registry", "my-app", "1.0.0", ""])),
            ("ghcr.io/a/b/c:1", Some(["ghcr.io", "a/b", "c", "1", ""])),
            ("localhost:5000/x", Some(["localhost:5000", "", "x", "", ""])),
            ("localhost/x:1", Some(["localhost", "", "x", "1", ""])),
            ("Intranet/x:1", Some(["Intranet", "", "x", "1", ""])),
            ("a/b@sha256:00", Some(["", "a", "b", "", "sha256:00"])),
            ("a:1@sha256:00", Some(["", "", "a", "1", "sha256:00"])),
            ("", None),
            ("a b", None),
            (":1", None),
        ] {
            let parts = |i: Image| [i.registry, i.repository, i.name, i.tag, i.digest];
            assert_eq!(Image::parse(text).map(parts), want.map(|w| w.map(str::to_owned)), "{text:?}");
        }
    }
}
