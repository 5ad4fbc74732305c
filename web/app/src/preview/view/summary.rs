//! What a module amounts to: for people who decide whether to deploy it.

use contract::{Permission, Summary};
use yew::prelude::*;

use super::super::outcome::Outcome;
use crate::words::{bytes, count};

/// Verbs that change something.
const WRITES: [&str; 6] = ["create", "update", "patch", "delete", "deletecollection", "*"];

pub(super) fn view(result: &Outcome) -> Html {
    let summary = &*result.summary;
    html! {
        <div class="cards-page summary">
            <div class="tiles">
                { tile(&result.objects.len().to_string(), if result.objects.len() == 1 { "object" } else { "objects" }) }
                { tile(&summary.images.len().to_string(), if summary.images.len() == 1 { "image" } else { "images" }) }
                { tile(&summary.urls.len().to_string(), if summary.urls.len() == 1 { "URL" } else { "URLs" }) }
                { tile(&bytes(summary.resources.storage), "storage") }
                { tile(&cpu(summary.resources.requests.cpu_millis), "CPU requested") }
                { tile(&bytes(summary.resources.requests.memory), "memory requested") }
            </div>
            <div class="columns">
                { images(summary) }
                { urls(summary) }
                { permissions(summary) }
                { secrets(summary) }
                { storage(summary) }
                { resources(summary) }
                { ports(summary) }
                { cluster(summary) }
                { asked(result) }
                { kinds(summary) }
            </div>
        </div>
    }
}

fn tile(number: &str, what: &str) -> Html {
    html! { <div class="tile"><strong>{ number }</strong><span>{ what }</span></div> }
}

fn card(title: &str, number: Option<usize>, body: Html) -> Html {
    html! {
        <section class="fact">
            <h2>{ title }if let Some(number) = number { <span class="number">{ number }</span> }</h2>
            { body }
        </section>
    }
}

fn none(words: &str) -> Html {
    html! { <p class="muted">{ words }</p> }
}

/// Names of objects, a few of many.
fn by(names: &[String]) -> Html {
    let shown = names.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(4);
    html! { <small title={names.join("\n")}>{ if more > 0 { format!("{shown} and {more} more") } else { shown } }</small> }
}

fn images(summary: &Summary) -> Html {
    let rows = summary.images.iter().map(|image| {
        let (name, tag) = tag(&image.image);
        html! {
            <li>
                <code class="break">{ name }</code>
                { match tag {
                    Some(tag) if tag != "latest" => html! { <span class="chip">{ tag }</span> },
                    Some(tag) => html! { <span class="chip warn" title="The next pull may bring another image">{ tag }</span> },
                    None => html! { <span class="chip warn" title="The next pull may bring another image">{"no tag"}</span> },
                } }
                { by(&image.by) }
            </li>
        }
    });
    let body = if summary.images.is_empty() {
        none("Nothing runs.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Images", Some(summary.images.len()), body)
}

/// An image without its tag or digest, and that, shortened.
fn tag(image: &str) -> (&str, Option<String>) {
    if let Some((name, digest)) = image.split_once('@') {
        return (name, Some(digest.chars().take(19).collect()));
    }
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
        _ => (image, None),
    }
}

fn urls(summary: &Summary) -> Html {
    let rows = summary.urls.iter().map(|url| {
        html! { <li><span class="break">{ &url.url }</span>{ by(std::slice::from_ref(&url.by)) }</li> }
    });
    let body = if summary.urls.is_empty() {
        none("Nothing can be reached from outside.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("URLs", Some(summary.urls.len()), body)
}

fn permissions(summary: &Summary) -> Html {
    let mut rules: Vec<&Permission> = summary.permissions.iter().collect();
    rules.sort_by_key(|rule| rule.scope != "cluster");
    let rows = rules.into_iter().map(|rule| {
        let cluster = rule.scope == "cluster";
        html! {
            <li>
                if cluster { <span class="chip warn">{"whole cluster"}</span> }
                <span>{ sentence(rule) }</span>
                { by(std::slice::from_ref(&rule.by)) }
            </li>
        }
    });
    let body = if summary.permissions.is_empty() {
        none("It creates no roles: its accounts may do nothing in the cluster.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Permissions", Some(summary.permissions.len()), body)
}

/// A rule in words: `May read secrets and pods in namespace shop`.
fn sentence(rule: &Permission) -> String {
    let writes = rule.verbs.iter().any(|verb| WRITES.contains(&verb.as_str()));
    let reads = rule.verbs.iter().any(|verb| matches!(verb.as_str(), "get" | "list" | "watch" | "*"));
    let other: Vec<&str> = rule
        .verbs
        .iter()
        .map(String::as_str)
        .filter(|verb| !WRITES.contains(verb) && !matches!(*verb, "get" | "list" | "watch"))
        .collect();
    let mut may: Vec<&str> = Vec::new();
    if rule.verbs.iter().any(|verb| verb == "*") {
        may.push("do everything with");
    } else {
        if reads {
            may.push("read");
        }
        if writes {
            may.push("change");
        }
        may.extend(other);
    }
    let what: Vec<&str> = rule
        .resources
        .iter()
        .chain(&rule.urls)
        .map(|name| if name == "*" { "all resources" } else { name.as_str() })
        .collect();
    let place = if rule.scope == "cluster" { "in all namespaces".to_owned() } else { format!("in {}", rule.scope) };
    format!("May {} {} {place}", list(&may), list(&what))
}

/// Words with commas, and `and` before the last.
fn list(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn secrets(summary: &Summary) -> Html {
    let rows = summary.secrets.iter().map(|secret| {
        html! {
            <li>
                <code>{ &secret.name }</code>
                if !secret.rendered && !secret.optional { <span class="chip warn">{"must exist"}</span> }
                if secret.rendered { <span class="chip">{"made by this module"}</span> }
                if !secret.keys.is_empty() { <small>{ format!("keys {}", secret.keys.join(", ")) }</small> }
                { by(&secret.by) }
            </li>
        }
    });
    let body = if summary.secrets.is_empty() {
        none("It reads no Secrets.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Secrets read", Some(summary.secrets.len()), body)
}

fn storage(summary: &Summary) -> Html {
    let rows = summary.storage.iter().map(|claim| {
        let class = claim.class.clone().unwrap_or_else(|| "default class".to_owned());
        html! { <li><strong>{ &claim.size }</strong><span>{ format!("{class}, {}", claim.modes.join(", ")) }</span>{ by(std::slice::from_ref(&claim.by)) }</li> }
    });
    let body = if summary.storage.is_empty() {
        none("It claims no volumes.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Storage", Some(summary.storage.len()), body)
}

fn resources(summary: &Summary) -> Html {
    let all = &summary.resources;
    let row = |what: &str, amount: &contract::Amount| {
        html! { <div><dt>{ what }</dt><dd>{ format!("{} CPU, {}", cpu(amount.cpu_millis), bytes(amount.memory)) }</dd></div> }
    };
    card(
        "Requests and limits",
        None,
        html! {
            <>
                <dl class="pairs">
                    <div><dt>{"Pods"}</dt><dd>{ all.pods }</dd></div>
                    { row("Requests", &all.requests) }
                    { row("Limits", &all.limits) }
                    if !all.requests_per_node.is_zero() { { row("Requests on each node", &all.requests_per_node) } }
                </dl>
                if !all.unlimited.is_empty() {
                    <p>{ format!("Without a memory limit: {}", count(all.unlimited.len(), "container")) }{" "}{ by(&all.unlimited) }</p>
                }
            </>
        },
    )
}

/// CPUs in words: `250m`, `1.5`.
fn cpu(millis: u64) -> String {
    match millis {
        0 => "0".to_owned(),
        1..1000 => format!("{millis}m"),
        _ if millis.is_multiple_of(1000) => (millis / 1000).to_string(),
        _ => format!("{:.1}", millis as f64 / 1000.0),
    }
}

fn ports(summary: &Summary) -> Html {
    let rows = summary.ports.iter().map(|port| {
        let name = port.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let target = port.target.as_ref().map(|target| format!(" to {target}")).unwrap_or_default();
        html! { <li><code>{ format!("{}/{}", port.port, port.protocol) }</code><span>{ format!("{name}{target}") }</span>{ by(std::slice::from_ref(&port.by)) }</li> }
    });
    let body = if summary.ports.is_empty() {
        none("It opens no ports.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Ports", Some(summary.ports.len()), body)
}

fn cluster(summary: &Summary) -> Html {
    let definitions = summary.definitions.iter().map(|one| {
        html! { <li><code>{ &one.kind }</code><small>{ format!("{} {}", one.group, one.versions.join(", ")) }</small></li> }
    });
    let objects = summary.cluster_scoped.iter().map(|name| html! { <li><code class="break">{ name }</code></li> });
    let empty = summary.definitions.is_empty() && summary.cluster_scoped.is_empty();
    let body = if empty {
        none("Everything is in namespaces, and it brings no CRDs.")
    } else {
        html! {
            <>
                if !summary.definitions.is_empty() { <p class="muted">{"Definitions (CRDs)"}</p><ul>{ for definitions }</ul> }
                if !summary.cluster_scoped.is_empty() { <p class="muted">{"Outside of namespaces"}</p><ul>{ for objects }</ul> }
            </>
        }
    };
    card("Cluster", Some(summary.definitions.len() + summary.cluster_scoped.len()), body)
}

fn asked(result: &Outcome) -> Html {
    let lookups = result.asked.lookups.iter().map(|lookup| {
        let name = [lookup.namespace.as_str(), lookup.name.as_str()].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
        html! { <li><code>{ &lookup.kind }</code><span class="break">{ if name.is_empty() { "all".to_owned() } else { name } }</span></li> }
    });
    let nothing = result.asked.lookups.is_empty() && !result.asked.random && !result.asked.clock;
    card(
        "Asked of the cluster",
        Some(result.asked.lookups.len()),
        html! {
            <>
                if result.asked.random { <p><span class="chip warn">{"random"}</span>{"It makes random values: each installation gets others."}</p> }
                if result.asked.clock { <p><span class="chip">{"time"}</span>{"It asks for the time: results differ from day to day."}</p> }
                if nothing { { none("It asks nothing: the same values give the same objects everywhere.") } }
                <ul>{ for lookups }</ul>
            </>
        },
    )
}

fn kinds(summary: &Summary) -> Html {
    let rows = summary.kinds.iter().map(|kind| html! { <div><dt>{ &kind.kind }</dt><dd>{ kind.count }</dd></div> });
    card("Kinds", Some(summary.kinds.len()), html! { <dl class="pairs">{ for rows }</dl> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sentences() {
        let rule = |scope: &str, verbs: &[&str], resources: &[&str]| Permission {
            scope: scope.into(),
            verbs: verbs.iter().map(|verb| (*verb).to_owned()).collect(),
            resources: resources.iter().map(|name| (*name).to_owned()).collect(),
            ..Permission::default()
        };
        for (rule, says) in [
            (rule("namespace shop", &["get", "list"], &["secrets"]), "May read secrets in namespace shop"),
            (rule("cluster", &["*"], &["*"]), "May do everything with all resources in all namespaces"),
            (
                rule("namespace a", &["get", "create", "escalate"], &["pods", "roles", "jobs"]),
                "May read, change and escalate pods, roles and jobs in namespace a",
            ),
        ] {
            assert_eq!(sentence(&rule), says);
        }
    }

    #[test]
    fn images_have_tags() {
        for (image, name, of) in [
            ("registry:5000/a/b", "registry:5000/a/b", None),
            ("registry:5000/a/b:1.0", "registry:5000/a/b", Some("1.0")),
            ("a@sha256:0123456789abcdef0123", "a", Some("sha256:0123456789ab")),
        ] {
            assert_eq!(tag(image), (name, of.map(str::to_owned)));
        }
        assert_eq!([cpu(0), cpu(250), cpu(1000), cpu(1500)], ["0", "250m", "1", "1.5"]);
    }
}
