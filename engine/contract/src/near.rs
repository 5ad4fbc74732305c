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

/// How many letters differ, two that changed places being one; `None` if more than `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let a: Vec<char> = a.to_lowercase().chars().take(100).collect();
    let b: Vec<char> = b.to_lowercase().chars().take(100).collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let get = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let left = get(&next, j);
            let mut cost = (get(&row, j) + usize::from(x != y)).min(left + 1).min(get(&row, j + 1) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(get(&before, j - 1) + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|&d| d <= most)
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
