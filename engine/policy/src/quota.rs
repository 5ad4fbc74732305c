//! How much a module may ask for.

use contract::Summary;
use contract::quantity::{bytes, is_quantity, millis};

use crate::refusal::Found;
use crate::rule::{Amount, Quota};

/// What can be counted, and how it is read and written.
type Resource = (&'static str, fn(&str) -> u64, fn(u64) -> String);

const RESOURCES: [Resource; 2] = [("cpu", millis, of_millis), ("memory", bytes, of_bytes)];

impl Quota {
    /// Whether it can be kept at all.
    pub(crate) fn check(&self) -> Result<(), String> {
        let Quota { requests, limits, storage, pods, objects } = self;
        if requests.is_empty() && limits.is_empty() && storage.is_none() && pods.is_none() && objects.is_none() {
            return Err("the quota is empty".to_owned());
        }
        for name in requests.keys().chain(limits.keys()) {
            if !RESOURCES.iter().any(|(known, ..)| known == name) {
                return Err(format!("{name} cannot be counted: cpu and memory can"));
            }
        }
        let amounts = requests.values().chain(limits.values()).chain(storage);
        match amounts.map(Amount::written).find(|amount| !is_quantity(amount)) {
            Some(amount) => Err(format!("{amount} is not a quantity")),
            None => Ok(()),
        }
    }
}

impl Amount {
    fn written(&self) -> String {
        match self {
            Amount::Text(text) => text.clone(),
            Amount::Number(number) => number.to_string(),
        }
    }
}

/// What all objects together ask for beyond a quota.
pub(crate) fn judge(quota: &Quota, summary: &Summary, objects: usize) -> Vec<Found> {
    let resources = &summary.resources;
    let mut found = Vec::new();
    let mut compare = |what: &str, has: u64, most: u64, write: fn(u64) -> String| {
        if has > most {
            found.push(Found::whole(format!("{what}: {} is more than {}", write(has), write(most))));
        }
    };
    for (words, limits, amount, per_node) in [
        ("requests", &quota.requests, &resources.requests, &resources.requests_per_node),
        ("limits", &quota.limits, &resources.limits, &resources.limits_per_node),
    ] {
        for (name, read, write) in RESOURCES {
            let Some(most) = limits.get(name) else { continue };
            // A DaemonSet has one pod on each node: one node at least.
            let has = match name {
                "cpu" => amount.cpu_millis.saturating_add(per_node.cpu_millis),
                _ => amount.memory.saturating_add(per_node.memory),
            };
            compare(&format!("{words}.{name}"), has, read(&most.written()), write);
        }
    }
    if let Some(most) = &quota.storage {
        compare("storage", resources.storage, bytes(&most.written()), of_bytes);
    }
    if let Some(most) = quota.pods {
        compare("pods", resources.pods, most, |count| count.to_string());
    }
    if let Some(most) = quota.objects {
        compare("objects", objects as u64, most, |count| count.to_string());
    }
    if quota.limits.contains_key("memory") && !resources.unlimited.is_empty() {
        let names = resources.unlimited.join(", ");
        found.push(Found::whole(format!("limits.memory: these have no limit: {names}")));
    }
    found
}

fn of_millis(millis: u64) -> String {
    if millis.is_multiple_of(1000) { (millis / 1000).to_string() } else { format!("{millis}m") }
}

fn of_bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] = [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
    let unit = UNITS.iter().find(|(_, size)| bytes >= *size && bytes.is_multiple_of(*size));
    unit.map_or_else(|| bytes.to_string(), |(name, size)| format!("{}{name}", bytes / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_kubernetes_does() {
        let written: Vec<String> = [0, 1024, 1536, 1 << 30, 3 << 29].map(of_bytes).to_vec();
        assert_eq!(written, ["0", "1Ki", "1536", "1Gi", "1536Mi"]);
        assert_eq!([500, 2000].map(of_millis), ["500m", "2"]);
    }
}
