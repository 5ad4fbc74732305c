//! Names: a service's in the cluster, a component's in the module, and where values mention them.

use std::collections::{BTreeMap, BTreeSet};

use descriptor::names::dns_label;

/// The longest name of a release.
const RELEASE_NAME: usize = 53;

/// The names of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Of its Service in the cluster: its host name.
    pub(crate) app: String,
    /// Of its component.
    pub(crate) component: String,
}

/// Gives every service its names: that of the Service stays what it was where DNS allows it.
pub(crate) fn names(module: &str, services: &[&str]) -> BTreeMap<String, Names> {
    let mut apps: BTreeSet<String> = BTreeSet::new();
    let mut components: BTreeSet<String> = ["global".to_owned()].into();
    let mut named = BTreeMap::new();
    // First those whose names can stay, so that no other takes them.
    let (fine, odd): (Vec<&str>, Vec<&str>) = services.iter().partition(|s| dns_label(s) == **s);
    for service in fine.into_iter().chain(odd) {
        let app = unique(dns_label(service), &mut apps, "-");
        let room = RELEASE_NAME.saturating_sub(module.len() + 1);
        let mut component: String = app.chars().filter(|c| *c != '-').collect();
        component.truncate(room.saturating_sub(2).max(1));
        let component = unique(component, &mut components, "");
        named.insert(service.to_owned(), Names { app, component });
    }
    named
}

fn unique(name: String, taken: &mut BTreeSet<String>, between: &str) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{between}{number}");
        number += 1;
    }
    candidate
}

/// Whether the name of a variable says that its value is a host.
fn names_host(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    [
        "HOST",
        "HOSTNAME",
        "HOST_NAME",
        "SERVER",
        "SERVERS",
        "ADDR",
        "ADDRESS",
        "ENDPOINT",
        "BROKER",
        "BROKERS",
        "SERVICE",
        "NODES",
        "HOSTS",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// The places in a text where a host of this name is meant.
fn mentions(text: &str, host: &str, variable: Option<&str>) -> Vec<usize> {
    let inside = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let mut found = Vec::new();
    for (at, _) in text.match_indices(host) {
        let (before, after) = (&text[..at], &text[at + host.len()..]);
        if before.ends_with(inside) || after.starts_with(inside) {
            continue;
        }
        let addressed = before.ends_with("://") || before.ends_with('@') || before.ends_with("//");
        let port = after.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let whole = variable.is_some_and(names_host)
            && (before.is_empty() || before.ends_with(','))
            && (after.is_empty() || after.starts_with([',', '/']));
        if addressed || port || whole {
            found.push(at);
        }
    }
    found
}

/// A text with hosts by their new names; nothing where it mentions none.
pub(crate) fn renamed(text: &str, variable: Option<&str>, hosts: &BTreeMap<String, String>) -> Option<String> {
    let mut places: Vec<(usize, &str, &str)> = Vec::new();
    for (old, new) in hosts.iter().filter(|(old, _)| !old.is_empty()) {
        places.extend(mentions(text, old, variable).into_iter().map(|at| (at, old.as_str(), new.as_str())));
    }
    places.sort_unstable();
    let mut out = String::new();
    let mut done = 0;
    for (at, old, new) in places {
        if at >= done {
            out.push_str(&text[done..at]);
            out.push_str(new);
            done = at + old.len();
        }
    }
    out.push_str(&text[done..]);
    (out != text).then_some(out)
}

/// The ports at which a text reaches a host.
pub(crate) fn ports_of(text: &str, host: &str) -> Vec<u16> {
    let port = |at: usize| {
        let digits = text[at + host.len()..].strip_prefix(':')?;
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().ok().filter(|p| *p > 0)
    };
    mentions(text, host, None).into_iter().filter_map(port).collect()
}

#[cfg(test)]
mod tests {
    use super::{names, ports_of, renamed};
    use std::collections::BTreeMap;

    #[test]
    fn names_stay_where_they_can() {
        let named = names("shop", &["web", "my-app", "my_app", "myapp", "global", "Web"]);
        let show = |s: &str| format!("{} {}", named[s].app, named[s].component);
        assert_eq!(show("web"), "web web");
        assert_eq!(show("my-app"), "my-app myapp");
        assert_eq!(show("myapp"), "myapp myapp2");
        assert_eq!(show("my_app"), "my-app-2 myapp22");
        assert_eq!(show("global"), "global global2");
        assert_eq!(show("Web"), "web-2 web2");
    }

    #[test]
    fn hosts_are_renamed_where_they_are_meant() {
        let hosts: BTreeMap<String, String> = [("my_db".to_owned(), "my-db".to_owned())].into();
        for (variable, text, want) in [
            ("DB_HOST", "my_db", Some("my-db")),
            ("DB_NAME", "my_db", None),
            ("URL", "postgres://u:p@my_db:5432/my_db", Some("postgres://u:p@my-db:5432/my_db")),
            ("URL", "jdbc:mysql://my_db/x", Some("jdbc:mysql://my-db/x")),
            ("ADDR", "my_db:1,my_db:2", Some("my-db:1,my-db:2")),
            ("HOST", "not_my_db", None),
            ("HOST", "my_db.example.org", None),
        ] {
            assert_eq!(renamed(text, Some(variable), &hosts).as_deref(), want, "{variable}={text}");
        }
        assert_eq!(ports_of("redis://cache:6379/0 cache:1 xcache:2", "cache"), [6379, 1]);
    }
}
