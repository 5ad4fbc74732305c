//! What the preview does outside.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::dom;
use chartwright_protocol::{Reply, Request};
use contract::RenderInput;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::input::{Moment, PlatformForm};
use super::open::{self, Opened};
use super::state::{Carried, Effect, Event, Kept, Placement, RenderResult};
use super::update::{left_out_name, place_name, set_name};
use crate::load::Trouble;
use crate::manage::Place;
use crate::opened::refused;
use crate::route::{Route, View};
use crate::services::{Answer, Services};
use crate::shell;

/// The lane of renders: of those that wait, only the newest counts.
const RENDER: u32 = 0;

/// The lane of renders to compare with.
const COMPARED: u32 = 1;

/// How long the page is quiet before screen readers are told of a result, in milliseconds.
const QUIET: u32 = 700;

/// How long a link may be: longer ones break in mail and chat.
const LONG_LINK: usize = 8_000;

thread_local! {
    /// The announcements that wait, by the preview that makes them: a page may show several.
    static ANNOUNCE: RefCell<BTreeMap<usize, Timeout>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
    let (services, send) = (services.clone(), send.clone());
    match effect {
        Effect::Open(route) => spawn_local(async move {
            services.handover.go_to(None);
            let opened = open::open(&route, &services, &send).await.map(Rc::new);
            if let Err(trouble) = &opened {
                services.shell.emit(shell::Event::Say(trouble.what.clone()));
            }
            let kept = kept(opened.as_ref().ok(), &services, &send).await;
            // A file that is not there may come yet.
            if opened.is_ok() || matches!(route.view, View::Opened { .. }) {
                services.handover.go_to(Some(send.reform(Event::Handed)));
            }
            send.emit(Event::Opened(opened, Box::new(kept)));
        }),
        Effect::Render(number, input) => {
            send.emit(Event::Asked(number, dom::now()));
            let Some(parts) = json(&input, &send, number) else { return };
            let answer = services.engine.ask_newest(RENDER, Request::Render, parts);
            spawn_local(async move {
                if let Some(result) = rendered(answer.await) {
                    send.emit(Event::Rendered(number, result, dom::now()));
                }
            });
        }
        Effect::RenderBase(number, input) => spawn_local(async move {
            let answer = match serde_json::to_vec(&input) {
                Ok(json) => rendered(services.engine.ask_newest(COMPARED, Request::Render, vec![json]).await),
                Err(error) => Some(Err(Trouble::new(error.to_string()))),
            };
            if let Some(result) = answer {
                send.emit(Event::BaseRendered(number, result));
            }
        }),
        Effect::OpenOther(opened, version) => spawn_local(async move {
            let other = other_version(&opened, &version, &services, &send).await.map(Rc::new);
            send.emit(Event::OtherOpened(version, other));
        }),
        Effect::Changes(before, after) => spawn_local(async move {
            let answer = services.engine.ask(Request::Changes { before, after }, Vec::new()).await;
            send.emit(Event::Changes(match answer.reply {
                Reply::Changes(changes) => Ok(Rc::new(changes)),
                other => Err(refused(other)),
            }));
        }),
        Effect::Keep { name, text, whole } => {
            services.typed.set(&name, &text, whole);
            send.emit(Event::Saved(services.store.set_text(&name, &text)));
        }
        Effect::LeftOut(opened, true) => drop(services.store.set_text(&left_out_name(&opened.draft), "passwords")),
        Effect::LeftOut(opened, false) => services.store.forget(&left_out_name(&opened.draft)),
        Effect::KeepSet(opened, set) => {
            let done = services.store.set_text(&set_name(&opened, &set.0), &set.1);
            send.emit(Event::SetSaved(set, done));
        }
        Effect::ForgetSet(opened, name) => services.store.forget(&set_name(&opened, &name)),
        Effect::Listen(opened) => {
            services.store.watch(&opened.draft, send.reform(Event::Elsewhere));
        }
        Effect::Setting(name, value) => drop(services.store.set_text(name, &value)),
        Effect::KeepPlatform(form) => drop(services.store.set_text("platform", &platform_text(&form))),
        Effect::KeepPlace(opened, place) => match place_text(&place) {
            text if text.trim().is_empty() => services.store.forget(&place_name(&opened)),
            text => drop(services.store.set_text(&place_name(&opened), &text)),
        },
        Effect::Turn(pairs) => services.shell.emit(shell::Event::Turn(pairs)),
        Effect::Go(route) => services.shell.emit(shell::Event::Go(route)),
        Effect::Title(title) => services.shell.emit(shell::Event::Title(title)),
        Effect::Announce(text) => {
            let (preview, shell) = (Rc::as_ptr(&services.api).addr(), services.shell);
            let waiting = Timeout::new(QUIET, move || {
                drop(ANNOUNCE.with_borrow_mut(|waiting| waiting.remove(&preview)));
                shell.emit(shell::Event::Say(text));
            });
            drop(ANNOUNCE.with_borrow_mut(|all| all.insert(preview, waiting)));
        }
        Effect::Tell(text) => tell(text, &services),
        Effect::Copy(text, says) => copy(text, says, services),
        Effect::CopyLink(route) => {
            let origin = dom::window().location().origin().unwrap_or_default();
            let link = format!("{origin}{}{}", shell::base_path(), route.write());
            let says = if link.len() > LONG_LINK {
                "Copied a long link: mail and chat may cut it. Send values.yaml instead."
            } else {
                "Copied the link"
            };
            copy(link, says, services);
        }
        Effect::Download(name, mime, bytes) => shell::download(&name, mime, &bytes, &services.shell),
        Effect::Develop(file, text) => spawn_local(async move {
            let digest = crate::opened::keep("made", &file, text.as_bytes(), &services).await;
            services.shell.emit(shell::Event::Go(Route::to(View::Develop).with("open", digest)));
        }),
        Effect::Zip { name, mut files, kept } => spawn_local(async move {
            let (mut charts, mut archives) = (Vec::new(), Vec::new());
            for (path, digest) in kept {
                match (open::base_archive(&digest, &services).await, path.strip_suffix('/')) {
                    (Ok(bytes), Some(folder)) => {
                        charts.push(folder.to_owned());
                        archives.push(bytes);
                    }
                    (Ok(bytes), None) => files.push((path, bytes)),
                    (Err(trouble), _) => return tell(format!("{path}: {}", trouble.what), &services),
                }
            }
            let (files, mut parts): (_, Vec<_>) = files.into_iter().unzip();
            parts.extend(archives);
            let answer = services.engine.ask(Request::Pack { files, charts }, parts).await;
            match (answer.reply, answer.parts.first()) {
                (Reply::Packed, Some(bytes)) => shell::download(&name, "application/zip", bytes, &services.shell),
                (reply, _) => tell(refused(reply).what, &services),
            }
        }),
        Effect::Server => spawn_local(async move {
            let server = match services.manage.place().await {
                Place::Here(server) => Some(server),
                // Where a token is wanted, Operate asks for it.
                _ => None,
            };
            send.emit(Event::Server(server));
        }),
        Effect::Told(told) => services.shell.emit(shell::Event::Told(told)),
        Effect::Reveal(id) => dom::reveal(id),
        Effect::Focus(id) => dom::focus_soon(id),
        Effect::Taken(route) => services.shell.emit(shell::Event::Turned(route)),
        Effect::Offline(opened) => spawn_local(async move {
            let kept = services.store.digests().await;
            let here = |digest: &str| kept.binary_search_by(|one| one.as_str().cmp(digest)).is_ok();
            let version = opened.module.as_ref().and_then(|module| module.find(&opened.version));
            let offline = version
                .is_none_or(|version| here(&version.digest) && version.charts.iter().all(|chart| here(&chart.digest)));
            send.emit(Event::Offline(offline && dom::page_is_kept().await));
        }),
    }
}

fn tell(text: impl Into<String>, services: &Services) {
    services.shell.emit(shell::Event::tell(text));
}

/// Copies, and says what became of it.
fn copy(text: String, says: &'static str, services: Services) {
    spawn_local(async move {
        let says = if dom::copy(&text).await { says } else { "This browser does not let the page copy" };
        tell(says, &services);
    });
}

fn json(input: &RenderInput, send: &Callback<Event>, number: u32) -> Option<Vec<Vec<u8>>> {
    match serde_json::to_vec(input) {
        Ok(json) => Some(vec![json]),
        Err(error) => {
            send.emit(Event::Rendered(number, Err(Trouble::new(error.to_string())), dom::now()));
            None
        }
    }
}

/// What a render's answer says; nothing where a newer request took its place.
fn rendered(answer: Answer) -> Option<RenderResult> {
    match answer.reply {
        Reply::Superseded => None,
        Reply::Rendered(head) => Some(Ok(Box::new((*head, answer.parts.into_iter().next().unwrap_or_default())))),
        other => Some(Err(refused(other))),
    }
}

async fn other_version(
    opened: &Opened,
    version: &str,
    services: &Services,
    send: &Callback<Event>,
) -> Result<Opened, Trouble> {
    let module = opened.module.clone().ok_or_else(|| Trouble::new("a file has no other versions"))?;
    let other = module.find(version).cloned().ok_or_else(|| Trouble::new(format!("there is no version {version}")))?;
    open::from_catalog(module, &other, services, send).await
}

/// What was kept of a module, and the moment of this visit.
async fn kept(opened: Option<&Rc<Opened>>, services: &Services, send: &Callback<Event>) -> Kept {
    let store = &services.store;
    let prefix = opened.map(|opened| set_name(opened, "")).unwrap_or_default();
    let names = if prefix.is_empty() { Vec::new() } else { store.names(&prefix) };
    let saved = names.into_iter().filter_map(|name| {
        let text = store.text(&name)?;
        Some((name.strip_prefix(&prefix)?.to_owned(), text))
    });
    let mut values = opened.and_then(|opened| Some((opened.draft.clone(), store.text(&opened.draft)?)));
    let mut carried = None;
    if let (Some(opened), None) = (opened, &values)
        && let Some((version, draft, text)) = of_other_version(opened, services)
    {
        values = Some((draft, text));
        carried = Some(carry(opened, version, services, send).await);
    }
    let left_out = values.as_ref().is_some_and(|(draft, _)| store.text(&left_out_name(draft)).is_some());
    let whole = values.as_ref().and_then(|(draft, text)| services.typed.whole(draft, text));
    Kept {
        is_whole: whole.is_some(),
        values: whole.or_else(|| values.map(|(_, text)| text)),
        carried,
        // Of another version as well: what comes along is without them.
        left_out,
        platform: store.text("platform").and_then(|text| read_platform(&text)),
        place: opened.and_then(|opened| read_place(&store.text(&place_name(opened))?)),
        saved: saved.collect(),
        pane: store.text("pane"),
        share: store.text("share").and_then(|share| share.parse().ok()).filter(|share| (20.0..=80.0).contains(share)),
        moment: Moment { now: (js_sys::Date::now() / 1000.0) as i64, key: key() },
    }
}

/// What was written for the newest other version of a module for which something was: that version, the name of the
/// override, and its text.
fn of_other_version(opened: &Opened, services: &Services) -> Option<(String, String, String)> {
    let module = opened.module.as_ref()?;
    let others = module.versions.iter().filter(|version| version.version != opened.version);
    let written = |version: &String| {
        let draft = open::draft(&module.id, version);
        let text = services.store.text(&draft)?;
        let is_written = !text.trim().is_empty() || services.typed.whole(&draft, &text).is_some();
        is_written.then(|| (version.clone(), draft, text))
    };
    others.map(|other| &other.version).find_map(written)
}

/// Opens the version that an override was written for, to compare it with the one that is open.
async fn carry(opened: &Opened, version: String, services: &Services, send: &Callback<Event>) -> Carried {
    let found = opened.module.as_ref().and_then(|module| Some((module.clone(), module.find(&version)?.clone())));
    let old = match found {
        // The values are there even if that version is not any more.
        Some((module, other)) => open::from_catalog(module, &other, services, send).await.ok().map(Rc::new),
        None => None,
    };
    Carried { version, old, notes: Vec::new() }
}

/// A key of the browser's own randomness.
fn key() -> Option<[u8; 32]> {
    let mut key = [0; 32];
    dom::window().crypto().ok()?.get_random_values_with_u8_array(&mut key).ok()?;
    Some(key)
}

/// The platform, a field a line. The token is not among them, nor are credentials that were put before the registry.
pub(super) fn platform_text(form: &PlatformForm) -> String {
    let registry = form.registry.rsplit('@').next().unwrap_or_default().to_owned();
    let fields =
        [&registry, &form.repository, &form.domain, &form.username, &form.release, &form.namespace, &form.kube_version];
    fields.map(|field| field.replace('\n', " ")).join("\n")
}

pub(super) fn read_platform(text: &str) -> Option<PlatformForm> {
    let fields: Vec<&str> = text.split('\n').collect();
    let [registry, repository, domain, username, release, namespace, kube_version] = fields[..] else { return None };
    Some(PlatformForm {
        registry: registry.to_owned(),
        repository: repository.to_owned(),
        domain: domain.to_owned(),
        username: username.to_owned(),
        token: String::new(),
        release: release.to_owned(),
        namespace: namespace.to_owned(),
        kube_version: kube_version.to_owned(),
    })
}

/// Where a module is deployed: two lines, or the whole platform.
fn place_text(place: &Placement) -> String {
    match place {
        Placement::Release { release, namespace } => {
            [release, namespace].map(|field| field.replace('\n', " ")).join("\n")
        }
        Placement::Link(form) => platform_text(form),
    }
}

fn read_place(text: &str) -> Option<Placement> {
    match text.split('\n').collect::<Vec<_>>()[..] {
        [release, namespace] => {
            Some(Placement::Release { release: release.to_owned(), namespace: namespace.to_owned() })
        }
        _ => read_platform(text).map(|form| Placement::Link(Box::new(form))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_is_kept_without_its_token() {
        let form = PlatformForm { domain: "a.example".into(), token: "secret".into(), ..PlatformForm::default() };
        let text = platform_text(&form);
        assert!(!text.contains("secret"));
        assert_eq!(read_platform(&text), Some(PlatformForm { token: String::new(), ..form }));
        assert_eq!(read_platform("x"), None);
        let release = Placement::Release { release: "shop".into(), namespace: String::new() };
        for place in [release, Placement::Link(Box::new(read_platform(&text).expect("it was written so")))] {
            assert_eq!(read_place(&place_text(&place)), Some(place));
        }
        assert_eq!(read_place("x"), None);
        let form = PlatformForm { registry: "me:hunter2@registry.example".into(), ..PlatformForm::default() };
        assert!(platform_text(&form).starts_with("registry.example\n"));
    }
}
