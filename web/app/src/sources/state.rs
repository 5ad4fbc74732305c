//! The page's state, and what changes it.

use std::collections::BTreeMap;

use crate::load::Load;
use crate::manage::{Id, Place, Refusal, Source, SourceInput, SourceKind, SourceReference, Why};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The namespace.
    Namespace,
    /// The name.
    Name,
    /// The URL.
    Url,
    /// A branch of Git.
    Branch,
    /// A tag.
    Tag,
    /// A range of versions.
    Semver,
    /// A commit of Git.
    Commit,
    /// A user name.
    Username,
    /// A password, or a token.
    Password,
}

/// A source as it is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edited {
    /// What is replaced; none: a new one.
    pub old: Option<Source>,
    /// Its kind.
    pub kind: SourceKind,
    /// What was typed.
    pub texts: BTreeMap<Field, String>,
    /// Credentials that are stored are taken away.
    pub forget: bool,
    /// It is on its way.
    pub busy: bool,
    /// Why it was refused.
    pub refused: Option<Refusal>,
}

impl Edited {
    fn of(source: Source) -> Edited {
        let reference = &source.reference;
        let given = [
            (Field::Namespace, Some(&source.namespace)),
            (Field::Name, Some(&source.name)),
            (Field::Url, Some(&source.url)),
            (Field::Branch, reference.branch.as_ref()),
            (Field::Tag, reference.tag.as_ref()),
            (Field::Semver, reference.semver.as_ref()),
            (Field::Commit, reference.commit.as_ref()),
        ];
        let texts = given.into_iter().filter_map(|(field, text)| Some((field, text?.clone()))).collect();
        Edited { kind: source.kind, texts, old: Some(source), ..Edited::default() }
    }

    /// What was typed in a field.
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", |text| text.trim())
    }

    /// Whether nothing is missing.
    pub fn is_whole(&self) -> bool {
        [Field::Namespace, Field::Name, Field::Url].into_iter().all(|field| !self.text(field).is_empty())
    }

    /// What is sent. Without new credentials, those that are stored stay.
    pub fn input(&self) -> SourceInput {
        let some = |field: Field| Some(self.text(field)).filter(|text| !text.is_empty()).map(str::to_owned);
        let is_git = self.kind == SourceKind::GitRepository;
        let reference = SourceReference {
            branch: some(Field::Branch).filter(|_| is_git),
            tag: some(Field::Tag).filter(|_| self.kind != SourceKind::HelmRepository),
            semver: some(Field::Semver).filter(|_| self.kind != SourceKind::HelmRepository),
            commit: some(Field::Commit).filter(|_| is_git),
        };
        let pairs = [("username", Field::Username), ("password", Field::Password)];
        let credentials: BTreeMap<String, String> =
            pairs.into_iter().filter_map(|(name, field)| Some((name.to_owned(), some(field)?))).collect();
        let credentials =
            if self.forget { Some(BTreeMap::new()) } else { Some(credentials).filter(|all| !all.is_empty()) };
        SourceInput { kind: self.kind, url: self.text(Field::Url).to_owned(), reference, credentials }
    }
}

/// The page.
#[derive(Clone, Debug)]
pub struct State {
    /// Whether there is an API.
    pub place: Load<Place>,
    /// The sources.
    pub sources: Load<Vec<Source>>,
    /// The one that is being written.
    pub edited: Option<Edited>,
    /// The one that shall be deleted, once that was confirmed.
    pub deleted: Option<Source>,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// Whether there is an API is known.
    Placed(Place),
    /// The sources came.
    Came(Result<Vec<Source>, Refusal>),
    /// One is written: a new one, or this one.
    Edit(Option<Source>),
    /// Its kind is chosen.
    Kind(SourceKind),
    /// A field is typed.
    Typed(Field, String),
    /// Its credentials shall go.
    Forget(bool),
    /// It shall be stored.
    Store,
    /// It is stored.
    Stored(Result<(), Refusal>),
    /// One shall be deleted: it is asked first.
    Delete(Source),
    /// It shall go.
    Confirm,
    /// It is gone.
    Deleted(Result<(), Refusal>),
    /// The dialog closes.
    Cancel,
    /// Everything is read again.
    Retry,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Finds out whether there is an API.
    Place,
    /// Fetches the sources.
    List,
    /// Stores one: a new one, or over what has this digest.
    Put(Id, Option<String>, Box<SourceInput>),
    /// Takes one away.
    Delete(Id, String),
    /// The page has a title.
    Title,
    /// A message.
    Tell(String),
    /// The focus goes to an element.
    Focus(&'static str),
}

/// The id of the button that adds one.
pub(super) const ADD: &str = "source-add";

pub(super) fn start() -> (State, Vec<Effect>) {
    let state = State { place: Load::Loading(None), sources: Load::Idle, edited: None, deleted: None };
    (state, vec![Effect::Title, Effect::Place])
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    match event {
        Event::Placed(place) => {
            if let Place::Here(server) = &place
                && server.can("listSources")
            {
                list(&mut state, &mut effects);
            }
            state.place = Load::Ready(place);
        }
        Event::Came(result) => {
            let edited = state.edited.as_mut().filter(|edited| edited.refused.is_some());
            if let (Some(old), Ok(sources)) = (edited.and_then(|edited| edited.old.as_mut()), &result) {
                // Who was told that somebody else has changed it sees what is there now, and may replace that.
                let now = sources.iter().find(|now| now.namespace == old.namespace && now.name == old.name);
                *old = now.unwrap_or(old).clone();
            }
            state.sources = std::mem::take(&mut state.sources).came(result.map_err(|refusal| refusal.trouble));
        }
        Event::Edit(source) => state.edited = Some(source.map_or_else(Edited::default, Edited::of)),
        Event::Kind(kind) => change(&mut state, |edited| edited.kind = kind),
        Event::Typed(field, text) => change(&mut state, |edited| drop(edited.texts.insert(field, text))),
        Event::Forget(forget) => change(&mut state, |edited| edited.forget = forget),
        Event::Store => {
            if let Some(edited) = state.edited.as_mut().filter(|edited| edited.is_whole() && !edited.busy) {
                (edited.busy, edited.refused) = (true, None);
                let id = Id::new(edited.text(Field::Namespace), edited.text(Field::Name));
                let digest = edited.old.as_ref().map(|old| old.digest.clone());
                effects.push(Effect::Put(id, digest, Box::new(edited.input())));
            }
        }
        Event::Stored(Ok(())) => {
            let name = state.edited.take().map(|edited| edited.text(Field::Name).to_owned()).unwrap_or_default();
            effects.extend([Effect::Tell(format!("{name} is stored")), Effect::Focus(ADD)]);
            list(&mut state, &mut effects);
        }
        Event::Stored(Err(refusal)) => {
            if refusal.why == Why::Changed {
                list(&mut state, &mut effects);
            }
            change(&mut state, |edited| (edited.busy, edited.refused) = (false, Some(refusal)));
        }
        Event::Delete(source) => state.deleted = Some(source),
        Event::Confirm => {
            if let Some(source) = state.deleted.take() {
                effects.push(Effect::Delete(Id::new(&source.namespace, &source.name), source.digest));
                effects.push(Effect::Focus(ADD));
            }
        }
        Event::Deleted(result) => {
            if let Err(refusal) = result {
                effects.push(Effect::Tell(crate::parts::capital(&refusal.trouble.what)));
            }
            list(&mut state, &mut effects);
        }
        Event::Cancel => (state.edited, state.deleted) = (None, None),
        Event::Retry => effects.push(Effect::Place),
    }
    (state, effects)
}

fn list(state: &mut State, effects: &mut Vec<Effect>) {
    state.sources = std::mem::take(&mut state.sources).again();
    effects.push(Effect::List);
}

fn change(state: &mut State, change: impl FnOnce(&mut Edited)) {
    if let Some(edited) = &mut state.edited {
        change(edited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(state: State, field: Field, text: &str) -> State {
        update(state, Event::Typed(field, text.into())).0
    }

    #[test]
    fn sources_are_added_and_changed() {
        let (state, _) = start();
        let (mut state, effects) = update(state, Event::Edit(None));
        assert_eq!(effects, []);
        assert_eq!(update(state.clone(), Event::Store).1, []);
        for (field, text) in [
            (Field::Namespace, "shop"),
            (Field::Name, "charts"),
            (Field::Url, " https://a/b.git "),
            (Field::Branch, "main"),
            (Field::Password, "x"),
        ] {
            state = typed(state, field, text);
        }
        let (state, effects) = update(state, Event::Store);
        let [Effect::Put(id, None, input)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!((id.to_string().as_str(), input.url.as_str()), ("shop/charts", "https://a/b.git"));
        assert_eq!(input.reference.branch.as_deref(), Some("main"));
        assert_eq!(input.credentials.as_ref().unwrap()["password"], "x");
        // Twice is once, and a refusal loses nothing.
        assert_eq!(update(state.clone(), Event::Store).1, []);
        let (state, _) = update(state, Event::Stored(Err(Refusal::of(409, b""))));
        assert_eq!(state.edited.as_ref().unwrap().text(Field::Url), "https://a/b.git");
        let (state, _) = update(state, Event::Stored(Ok(())));
        assert_eq!(state.edited, None);

        let old = Source {
            namespace: "shop".into(),
            name: "charts".into(),
            url: "https://a".into(),
            digest: "sha256:1".into(),
            credentials: vec!["password".into()],
            ..Source::default()
        };
        let (state, _) = update(state, Event::Edit(Some(old)));
        let (state, effects) = update(state, Event::Store);
        assert!(
            matches!(&effects[..], [Effect::Put(_, Some(digest), input)] if digest == "sha256:1" && input.credentials.is_none())
        );
        // Somebody else was faster: the next press is meant for what is there now.
        let (state, effects) = update(state, Event::Stored(Err(Refusal::of(412, b""))));
        assert_eq!(effects, [Effect::List]);
        let theirs =
            Source { namespace: "shop".into(), name: "charts".into(), digest: "sha256:2".into(), ..Source::default() };
        let (state, _) = update(state, Event::Came(Ok(vec![theirs])));
        let (state, effects) = update(state, Event::Store);
        assert!(matches!(&effects[..], [Effect::Put(_, Some(digest), _)] if digest == "sha256:2"));
        let (state, _) = update(update(state, Event::Stored(Err(Refusal::of(500, b"")))).0, Event::Forget(true));
        assert_eq!(state.edited.unwrap().input().credentials, Some(BTreeMap::new()));
    }
}
