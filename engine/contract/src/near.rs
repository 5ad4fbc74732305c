//! The name that was likely meant.

/// The known name that is most like another one, if any is: upper and lower case are alike, and at most a third of its
/// letters may differ.
///
/// ```
/// use contract::nearest;
/// assert_eq!(nearest("dependOn", ["name", "dependsOn"]), Some("dependsOn".to_owned()));
/// assert_eq!(nearest("replicas", ["name", "dependsOn"]), None);
/// ```
pub fn nearest<S: AsRef<str>>(name: &str, known: impl IntoIterator<Item = S>) -> Option<String> {
    let most = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|known| known.as_ref() != name)
        .filter_map(|known| Some((distance(name, known.as_ref(), most)?, known.as_ref().to_owned())))
        .min()
        .map(|(_, known)| known)
}

/// How much of a name is compared: longer ones are not typos, and comparing takes quadratic time.
const LONGEST: usize = 100;

/// How many letters differ, two that changed places being one; `None` if more than `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let [a, b] = [a, b].map(|name| name.to_lowercase().chars().take(LONGEST).collect::<String>());
    if a.chars().count().abs_diff(b.chars().count()) > most {
        return None;
    }
    Some(strsim::osa_distance(&a, &b)).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let known = ["replicaCount", "image", "nameOverride", "service"];
        for (name, want) in [
            ("replicacount", Some("replicaCount")),
            ("replicasCount", Some("replicaCount")),
            ("imag", Some("image")),
            ("sevrice", Some("service")),
            ("iamge", Some("image")),
            ("ingress", None),
            ("image", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known).as_deref(), want, "{name}");
        }
        assert_eq!(distance("kitten", "sitting", 9), Some(3));
        assert_eq!(distance("", "abc", 9), Some(3));
        assert_eq!(distance("tga", "tag", 9), Some(1));
    }
}
