//! Names that Kubernetes takes, made of names that people choose.

/// The longest label that [`dns_label`] makes: it leaves room for what is put before or behind it, since names of
/// Services end at 63 characters and those of Helm's releases at 53.
const LONGEST: usize = 40;

/// A label as RFC 1123 has it, made of any name: what a module, a component or a Service in the cluster can be called.
///
/// Letters become lower case, runs of other characters one hyphen. It begins with a letter, as names of Services must.
/// A name that is such a label already, and not too long, stays what it is: so this also tells whether one is.
///
/// ```
/// use descriptor::names::dns_label;
/// assert_eq!(dns_label("My_App"), "my-app");
/// assert_eq!(dns_label("2nd"), "x-2nd");
/// assert_eq!(dns_label("web"), "web");
/// ```
pub fn dns_label(name: &str) -> String {
    let mut label = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => label.push(c),
            _ if label.ends_with('-') => {}
            _ => label.push('-'),
        }
    }
    let mut label = label.trim_matches('-').to_owned();
    if !label.starts_with(|c: char| c.is_ascii_lowercase()) {
        label.insert_str(0, if label.is_empty() { "x" } else { "x-" });
    }
    label.truncate(LONGEST);
    label.truncate(label.trim_end_matches('-').len());
    label
}

#[cfg(test)]
mod tests {
    use super::dns_label;

    #[test]
    fn names_of_services() {
        for (name, want) in [
            ("web", "web"),
            ("my_app", "my-app"),
            ("My.App", "my-app"),
            ("_x_", "x"),
            ("1st", "x-1st"),
            ("é", "x"),
            ("a__b", "a-b"),
        ] {
            assert_eq!(dns_label(name), want, "{name}");
        }
    }
}
