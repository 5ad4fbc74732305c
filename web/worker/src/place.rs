//! Where objects stand in the text that is printed.

use chartwright_protocol::ObjectHead;
use contract::ObjectOut;
use memchr::memmem;

/// A text, and where the objects are in it.
pub(crate) struct Placed {
    /// What is printed, and behind it the texts of objects that do not stand in it as they are.
    pub(crate) text: Vec<u8>,
    /// How much of it is printed.
    pub(crate) printed: usize,
    /// The objects.
    pub(crate) heads: Vec<ObjectHead>,
}

/// So many places that begin as an object does are looked at by themselves.
const MOST_TRIES: usize = 64;

/// Finds objects in the text that was printed of them.
pub(crate) fn place(mut text: Vec<u8>, objects: Vec<ObjectOut>) -> Placed {
    let printed = text.len();
    // They are printed in their order, so each is looked for behind the one before.
    let mut from = 0;
    let mut heads: Vec<ObjectHead> = Vec::with_capacity(objects.len());
    for object in objects {
        let own = &object.text.0;
        let range = match find(text.get(from..printed).unwrap_or_default(), own) {
            Some(at) => {
                let range = from + at..from + at + own.len();
                from = range.end;
                range
            }
            // Secrets are hidden in the whole and in each object: what is hidden may begin before the object does.
            None => {
                let at = text.len();
                text.extend_from_slice(own);
                at..text.len()
            }
        };
        heads.push(head(object, &range));
    }
    number(&mut heads);
    Placed { text, printed, heads }
}

/// Where an object stands in a text. By its first bytes, for to look for all of them takes as long as there are bytes,
/// and most are where they are looked for first.
fn find(text: &[u8], object: &[u8]) -> Option<usize> {
    const FIRST: usize = 24;
    let first = object.get(..FIRST).unwrap_or(object);
    let mut tries = memmem::find_iter(text, first).take(MOST_TRIES);
    let found = tries.find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(object)));
    found.or_else(|| memmem::find(text, object))
}

fn head(object: ObjectOut, range: &std::ops::Range<usize>) -> ObjectHead {
    let group = object.api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let release = object.helm_release.as_deref().unwrap_or_default();
    let key = [&object.level.to_string(), release, group, &object.kind, &object.namespace, &object.name].join("|");
    ObjectHead {
        key,
        role: object.role,
        source: object.source,
        level: object.level,
        api_version: object.api_version,
        kind: object.kind,
        name: object.name,
        namespace: object.namespace,
        helm_release: object.helm_release,
        component: object.component,
        chart: object.chart,
        hook: object.hook,
        start: count(range.start),
        end: count(range.end),
        lines: count(lines(&object.text.0)),
    }
}

/// How many lines a text has, with or without a line break at its end.
fn lines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count() + usize::from(!text.is_empty() && !text.ends_with(b"\n"))
}

/// Tells objects apart whose keys are the same: the second gets `#2`.
fn number(heads: &mut [ObjectHead]) {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    order.sort_by(|a, b| heads.get(*a).map(|head| &head.key).cmp(&heads.get(*b).map(|head| &head.key)));
    let (mut last, mut times) = (String::new(), 0);
    for at in order {
        let Some(head) = heads.get_mut(at) else { continue };
        if head.key == last {
            times += 1;
            head.key = format!("{last}#{times}");
        } else {
            last.clone_from(&head.key);
            times = 1;
        }
    }
}

/// A count for the page, which stops where 32 bits do.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use contract::Text;

    use super::*;

    fn object(name: &str, text: &str) -> ObjectOut {
        ObjectOut { kind: "Job".into(), name: name.into(), level: 1, text: Text::from(text), ..ObjectOut::default() }
    }

    #[test]
    fn objects_are_found_in_their_order() {
        let printed = "---\n# Source: a\na: 1\n---\n# Source: b\na: 1\n---\nb: 2\n";
        let objects = vec![object("x", "a: 1"), object("x", "a: 1"), object("y", "hidden: 1"), object("x", "b: 2")];
        let placed = place(printed.into(), objects);
        assert_eq!(placed.text, [printed, "hidden: 1"].concat().into_bytes());
        assert_eq!(placed.printed, printed.len());
        let shown: Vec<String> = placed
            .heads
            .iter()
            .map(|head| {
                let text = &placed.text[head.start as usize..head.end as usize];
                format!("{} {} {}", head.key, head.start, String::from_utf8_lossy(text))
            })
            .collect();
        assert_eq!(
            shown,
            ["1|||Job||x 16 a: 1", "1|||Job||x#2 37 a: 1", "1|||Job||y 51 hidden: 1", "1|||Job||x#3 46 b: 2"]
        );
    }
}
