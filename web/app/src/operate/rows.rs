//! The list of modules: what is stored and what is deployed, joined by name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::manage::{Head, Id, Release};
use crate::route::Route;

/// How a module stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It does not run as it should.
    Failed,
    /// Another version is stored than is deployed.
    Behind,
    /// It is deployed, and its descriptor is gone.
    Orphan,
    /// It is stored, and not deployed.
    Waiting,
    /// A person stopped it.
    Suspended,
    /// It is deployed; nobody says whether it runs.
    Deployed,
    /// It runs.
    Ready,
}

impl Standing {
    /// All of them, those first that want somebody to look.
    pub const ALL: [Standing; 7] = [
        Standing::Failed,
        Standing::Behind,
        Standing::Orphan,
        Standing::Waiting,
        Standing::Suspended,
        Standing::Deployed,
        Standing::Ready,
    ];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Failed => "Failed",
            Standing::Behind => "Update waits",
            Standing::Orphan => "Descriptor gone",
            Standing::Waiting => "Not deployed",
            Standing::Suspended => "Suspended",
            Standing::Deployed => "Deployed",
            Standing::Ready => "Ready",
        }
    }

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Failed => "failed",
            Standing::Behind => "behind",
            Standing::Orphan => "orphan",
            Standing::Waiting => "waiting",
            Standing::Suspended => "suspended",
            Standing::Deployed => "deployed",
            Standing::Ready => "ready",
        }
    }
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: Id,
    /// What is stored.
    pub head: Option<Head>,
    /// What is deployed.
    pub release: Option<Release>,
}

impl Row {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        let Some(release) = self.release.as_ref().filter(|release| release.installed) else { return Standing::Waiting };
        match &self.head {
            _ if release.ready == Some(false) => Standing::Failed,
            None => Standing::Orphan,
            _ if release.suspended => Standing::Suspended,
            Some(head) if head.version != release.version => Standing::Behind,
            _ if release.ready == Some(true) => Standing::Ready,
            _ => Standing::Deployed,
        }
    }

    /// Why it stands so, in a sentence without a full stop.
    pub fn reason(&self) -> String {
        let (stored, deployed) = (self.stored(), self.deployed());
        match self.standing() {
            Standing::Failed => {
                let notes = self.release.as_ref().map(|release| release.notes.join("; ")).unwrap_or_default();
                if notes.is_empty() { format!("{deployed} does not run as it should") } else { notes }
            }
            Standing::Behind => format!("{deployed} is deployed, {stored} is stored"),
            Standing::Orphan => format!("{deployed} is deployed, and its descriptor is not stored any more"),
            Standing::Waiting => format!("{stored} is stored"),
            Standing::Suspended => format!("{deployed} stays as it is until it is resumed"),
            Standing::Deployed => format!("{deployed}, as it is stored"),
            Standing::Ready => format!("{deployed} runs"),
        }
    }

    /// The version that is stored.
    pub fn stored(&self) -> &str {
        self.head.as_ref().map_or("–", |head| head.version.as_str())
    }

    /// The version that is deployed.
    pub fn deployed(&self) -> &str {
        self.release.as_ref().filter(|release| release.installed).map_or("–", |release| release.version.as_str())
    }

    /// When it changed last: seconds since 1970.
    pub fn changed(&self) -> Option<i64> {
        let stored = self.head.as_ref().map(|head| head.changed);
        let deployed = self.release.as_ref().and_then(|release| release.commit.as_ref()).map(|commit| commit.time);
        stored.max(deployed)
    }
}

/// Joins what is stored with what is deployed.
pub(super) fn join(heads: Vec<Head>, releases: Vec<Release>) -> Vec<Row> {
    let mut rows = BTreeMap::<Id, Row>::new();
    let row = |rows: &mut BTreeMap<Id, Row>, namespace: &str, name: &str, set: &dyn Fn(&mut Row)| {
        let id = Id::new(namespace, name);
        set(rows.entry(id.clone()).or_insert_with(|| Row { id, ..Row::default() }));
    };
    for head in heads {
        row(&mut rows, &head.namespace, &head.name, &|row| row.head = Some(head.clone()));
    }
    for release in releases {
        row(&mut rows, &release.namespace, &release.name, &|row| row.release = Some(release.clone()));
    }
    rows.into_values().collect()
}

/// The modules that the address asks for, those first that want somebody to look.
pub(super) fn shown<'r>(rows: &'r [Row], route: &Route) -> Vec<&'r Row> {
    let words = route.get("q").unwrap_or_default().to_lowercase();
    let fits = |row: &&Row| {
        let about = row.head.as_ref().map(|head| head.description.as_str()).unwrap_or_default();
        let text = format!("{} {} {about}", row.id, row.standing().label()).to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
            && route.get("state").is_none_or(|state| row.standing().word() == state)
            && route.get("namespace").is_none_or(|namespace| row.id.namespace == namespace)
    };
    let mut rows: Vec<&Row> = rows.iter().filter(fits).collect();
    rows.sort_by_key(|row| (row.standing(), &row.id.name, &row.id.namespace));
    rows
}

/// The namespaces of modules.
pub(super) fn namespaces(rows: &[Row]) -> BTreeSet<&str> {
    rows.iter().map(|row| row.id.namespace.as_str()).collect()
}

/// What came, or why it did not.
pub(super) type Rows = Rc<Vec<Row>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str, version: &str) -> Head {
        Head { namespace: "web".into(), name: name.into(), version: version.into(), changed: 5, ..Head::default() }
    }

    fn release(name: &str, version: &str) -> Release {
        let (namespace, name, version) = ("web".into(), name.into(), version.into());
        Release { namespace, name, version, installed: true, ..Release::default() }
    }

    #[test]
    fn stored_and_deployed_are_joined() {
        let suspended = Release { suspended: true, ..release("stopped", "1") };
        let failed = Release { ready: Some(false), notes: vec!["image not found".into()], ..release("broken", "1") };
        let gone = Release { installed: false, ..release("gone", "1") };
        let heads = ["new", "same", "old", "stopped", "broken", "gone"].map(|name| head(name, "1"));
        let releases = vec![release("same", "1"), release("old", "0"), suspended, failed, gone, release("orphan", "1")];
        let rows = join(heads.to_vec(), releases);
        let found: Vec<_> =
            shown(&rows, &Route::read("operate")).iter().map(|row| (&*row.id.name, row.standing())).collect();
        assert_eq!(
            found,
            [
                ("broken", Standing::Failed),
                ("old", Standing::Behind),
                ("orphan", Standing::Orphan),
                ("gone", Standing::Waiting),
                ("new", Standing::Waiting),
                ("stopped", Standing::Suspended),
                ("same", Standing::Deployed),
            ]
        );
        let of = |name: &str| rows.iter().find(|row| row.id.name == name).unwrap();
        assert_eq!(of("broken").reason(), "image not found");
        assert_eq!(of("old").reason(), "0 is deployed, 1 is stored");
        assert_eq!((of("gone").deployed(), of("orphan").stored(), of("new").changed()), ("–", "–", Some(5)));
    }

    #[test]
    fn the_address_filters() {
        let rows = join(vec![head("shop", "1"), head("wiki", "1")], vec![release("wiki", "1")]);
        let names = |address: &str| -> Vec<String> {
            shown(&rows, &Route::read(address)).iter().map(|row| row.id.name.clone()).collect()
        };
        assert_eq!(names("operate?q=SH"), ["shop"]);
        assert_eq!(names("operate?q=not%20deployed"), ["shop"]);
        assert_eq!(names("operate?state=deployed"), ["wiki"]);
        assert_eq!(names("operate?namespace=other").len(), 0);
        assert_eq!(namespaces(&rows).into_iter().collect::<Vec<_>>(), ["web"]);
    }
}
