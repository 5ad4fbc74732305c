//! As whom a container runs and what it may do.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::report::Report;
use crate::service::Service;
use crate::values::{flag, pairs, texts};
use descriptor::image::{Role, RunsAs};
use descriptor::pod_security::BASELINE_CAPABILITIES;

/// Kernel parameters that pods may set in every cluster.
const SAFE_SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// How far the pod must be let, by the Pod Security Standards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Restricted,
    /// With the reason.
    Baseline(String),
    None(String),
}

/// Writes `podSecurity`, `podSecurityContext` and `securityContext`.
pub(crate) fn security(service: &Service, engine: Option<&str>, values: &mut Block, report: &mut Report) {
    let mut pod = Block::new();
    let mut container = Block::new();
    let mut level = user(service, engine, &mut pod, report);
    capabilities(service, &mut container, &mut level);
    if flag(service.node.get("read_only")) {
        container.set("readOnlyRootFilesystem", true);
    }
    options(service, &mut container, report);
    groups(service, &mut pod, report);
    sysctls(service, &mut pod, report);
    match level {
        Level::Restricted => {}
        Level::Baseline(why) => {
            values.set("podSecurity", "baseline").why(why);
        }
        Level::None(why) => {
            values.set("podSecurity", "none").why(why);
        }
    }
    for (key, block) in [("podSecurityContext", pod), ("securityContext", container)] {
        if !block.is_empty() {
            values.set(key, block);
        }
    }
}

fn user(service: &Service, engine: Option<&str>, pod: &mut Block, report: &mut Report) -> Level {
    let given = service.node.get("user").and_then(|n| Some((n, n.text()?)));
    let Some((node, text)) = given.filter(|(_, text)| !text.is_empty()) else {
        return user_of_image(service, engine, pod, report);
    };
    let (user, group) = text.split_once(':').unwrap_or((&text, ""));
    let number = |t: &str| t.parse::<i64>().ok().filter(|n| (0..1 << 31).contains(n));
    match if user == "root" { Some(0) } else { number(user) } {
        Some(0) => {
            pod.set("runAsUser", 0);
            Level::Baseline("The compose file runs it as root.".to_owned())
        }
        Some(user) => {
            pod.set("runAsUser", user);
            let group = if group.is_empty() { None } else { number(group) };
            pod.set("runAsGroup", group.unwrap_or(user));
            pod.set("fsGroup", group.unwrap_or(user)).beside("the volumes belong to this group");
            Level::Restricted
        }
        None => {
            let message = format!("the user {user} is not converted: Kubernetes accepts only numbers");
            report.warn(
                node.spot,
                "user",
                Code::UserName,
                message,
                "find the number with `docker run --rm IMAGE id`, and set podSecurityContext.runAsUser",
            );
            Level::Baseline(format!("The compose file runs it as {user}, whose number is not known here."))
        }
    }
}

fn user_of_image(service: &Service, engine: Option<&str>, pod: &mut Block, report: &mut Report) -> Level {
    let image = service.image.as_ref();
    let known = service.known();
    let tag = image.map_or("", |i| i.tag.as_str());
    let user = match known.map(|k| (k.role, k.runs_as)) {
        _ if image.is_some_and(|i| i.is_bitnami()) => 1001,
        // The base chart knows these users, but not those of Alpine's packages.
        Some((Role::Database { engine: "postgres", .. }, _)) if engine.is_some() && tag.contains("alpine") => 70,
        Some((Role::Database { engine: own, .. }, RunsAs::User(_))) if own != "custom" && engine.is_some() => {
            return Level::Restricted;
        }
        Some((_, RunsAs::User(user))) => user,
        Some((_, RunsAs::Root)) => return Level::Baseline("This image starts as root.".to_owned()),
        None => {
            let what = image.map_or(String::new(), |i| format!(" {}", i.name));
            let message = format!("the user of the image{what} is not known here: pods are allowed to run as root");
            let hint = "if the image has another user, set podSecurityContext.runAsUser to its number and leave podSecurity at restricted";
            let spot = service.node.get("image").map_or(service.spot, |n| n.spot);
            if image.is_some() || service.is_built() {
                report.warn(spot, "image", Code::ImageUser, message, hint);
            }
            return Level::Baseline(
                "The compose file does not say which user the image runs as; `restricted` would refuse root."
                    .to_owned(),
            );
        }
    };
    for key in ["runAsUser", "runAsGroup", "fsGroup"] {
        pod.set(key, user);
    }
    if let Some(entry) = pod.entries.first_mut() {
        entry.beside("the user of this image");
    }
    Level::Restricted
}

fn capabilities(service: &Service, container: &mut Block, level: &mut Level) {
    let list = |key: &str| {
        let texts = service.node.get(key).map(|n| texts(n, key, &mut Report::default())).unwrap_or_default();
        let name = |t: String| t.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
        texts.into_iter().map(name).collect::<Vec<_>>()
    };
    let (add, drop) = (list("cap_add"), list("cap_drop"));
    if !add.is_empty() {
        let why = |level: &str| format!("The capabilities {} need {level}.", add.join(", "));
        let needed = match () {
            () if add.iter().all(|c| c == "NET_BIND_SERVICE") => Level::Restricted,
            () if add.iter().all(|c| BASELINE_CAPABILITIES.contains(&c.as_str())) => {
                Level::Baseline(why("more than restricted"))
            }
            () => Level::None(why("more than baseline")),
        };
        let stays = matches!((&*level, &needed), (Level::Baseline(_), Level::Baseline(_)));
        if needed > *level && !stays {
            *level = needed;
        }
        container.set_in(&["capabilities", "add"], add);
    }
    if !drop.is_empty() {
        container.set_in(&["capabilities", "drop"], drop);
    }
}

fn options(service: &Service, container: &mut Block, report: &mut Report) {
    let Some(node) = service.node.get("security_opt") else { return };
    for option in texts(node, "security_opt", report) {
        match option.as_str() {
            "no-new-privileges" | "no-new-privileges:true" | "no-new-privileges=true" => {
                container.set("allowPrivilegeEscalation", false);
            }
            _ => {
                let message = format!("{option} is not converted: its profile is on the host");
                report.warn(
                    node.spot,
                    "security_opt",
                    Code::SecurityOpt,
                    message,
                    "see values podSecurityContext.seccompProfile and appArmorProfile",
                );
            }
        }
    }
}

fn groups(service: &Service, pod: &mut Block, report: &mut Report) {
    let Some(node) = service.node.get("group_add") else { return };
    let mut numbers = Vec::new();
    for group in texts(node, "group_add", report) {
        match group.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                let message = format!("the group {group} is not converted: Kubernetes accepts only numbers");
                report.warn(node.spot, "group_add", Code::GroupName, message, "give its number");
            }
        }
    }
    if !numbers.is_empty() {
        pod.set("supplementalGroups", numbers);
    }
}

fn sysctls(service: &Service, pod: &mut Block, report: &mut Report) {
    let Some(node) = service.node.get("sysctls") else { return };
    let mut safe: Vec<Item> = Vec::new();
    for pair in pairs(node, "sysctls", report) {
        let value = pair.value.unwrap_or_default();
        if SAFE_SYSCTLS.contains(&pair.name.as_str()) {
            let entry = [("name".to_owned(), Item::Text(pair.name)), ("value".to_owned(), Item::Quoted(value))];
            safe.push(Item::Map(entry.into_iter().collect()));
        } else {
            let message = format!("{} is not converted: nodes do not allow pods to set it", pair.name);
            report.warn(pair.spot, "sysctls", Code::Sysctl, message, "ask the cluster's operator to allow or set it");
        }
    }
    if !safe.is_empty() {
        pod.set("sysctls", Item::List(safe));
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_in_order() {
        assert!(Level::Restricted < Level::Baseline(String::new()));
        assert!(Level::Baseline("z".into()) < Level::None("a".into()));
    }
}
