//! What Go leaves to chance. This is the one place where a difference is excused.
//!
//! - **The order of maps.** santhosh-tekuri's validator visits properties in random order, so that failures beside each
//!   other, and the names in `additional properties … not allowed`, come in any order: [`in_order`] sorts both, in
//!   Helm's text and in ours. Of several mistakes in a schema, any one may be told; and a template may see the result
//!   of `keys` or `values`. There Helm is asked again (see [`ASKED`]), and what it said once is right.
//! - **Addresses.** A pointer within a value is printed as one: [`without_addresses`] takes them out.
//! - **The end of the process.** Where Go runs out of stack or memory there is no answer to compare.

/// How often Helm is asked about an input for which our answer is not its first one.
pub(super) const ASKED: usize = 12;

/// The text with all addresses alike.
pub(super) fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(part.len());
        out.push_str("0x");
        out.push_str(if digits > 8 { &part[digits..] } else { part });
    }
    out
}

/// The text of a validation with failures beside each other in the order of their texts.
pub(super) fn in_order(text: &str) -> String {
    let mut lines = text.lines().peekable();
    let mut out = String::new();
    // What comes before the failures.
    while let Some(line) = lines.next_if(|line| depth(line).is_none()) {
        out.push_str(line);
        out.push('\n');
    }
    let rest: Vec<&str> = lines.collect();
    out.push_str(&tree(&rest).concat());
    out
}

/// How far a failure's line is indented; `None` for other lines.
fn depth(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    text.starts_with("- at ").then(|| line.len() - text.len())
}

/// Each failure of the outermost level with what is below it, sorted.
fn tree(lines: &[&str]) -> Vec<String> {
    let Some(outer) = lines.iter().filter_map(|line| depth(line)).min() else {
        return lines.iter().map(|line| format!("{line}\n")).collect();
    };
    let mut found = Vec::new();
    let starts: Vec<usize> = (0..lines.len()).filter(|i| depth(lines[*i]) == Some(outer)).collect();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        found.push(format!("{}\n{}", names_in_order(lines[*start]), tree(&lines[start + 1..end]).concat()));
    }
    found.sort();
    found
}

/// A line with its list of properties sorted, where the order of a map decides it.
fn names_in_order(line: &str) -> String {
    let Some((head, names)) = line.split_once("additional properties ") else { return line.to_owned() };
    let Some(names) = names.strip_suffix(" not allowed") else { return line.to_owned() };
    let mut names: Vec<&str> = names.split(", ").collect();
    names.sort_unstable();
    format!("{head}additional properties {} not allowed", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_sorted_with_what_is_below_them() {
        let text = "head\n- at '/b': validation failed\n  - at '/b': y\n  - at '/b': x\n- at '': additional properties 'z', 'a' not allowed\n";
        let sorted = "head\n- at '': additional properties 'a', 'z' not allowed\n- at '/b': validation failed\n  - at '/b': x\n  - at '/b': y\n";
        assert_eq!(in_order(text), sorted);
        assert_eq!(in_order(sorted), sorted);
    }
}
