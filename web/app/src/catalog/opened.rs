//! What was opened from files, and is still on this machine.

use chartwright_kit::{Icon, icon};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::state::{Event, State};
use crate::opened::KEPT;
use crate::route::{Route, View};
use crate::services::Store;

/// Files that are listed at first.
const LISTED: usize = 6;

/// A file that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedFile {
    /// Its digest.
    pub digest: String,
    /// `chart`, `folder` or `descriptor`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// It was made from a compose file.
    pub imported: bool,
}

impl OpenedFile {
    /// Where it is shown.
    fn route(&self) -> Route {
        match self.imported {
            true => Route::to(View::Develop).with("open", self.digest.clone()),
            false => Route::to(View::Opened { digest: self.digest.clone() }),
        }
    }
}

/// What was opened by a person, by name.
pub(super) fn read(store: &dyn Store) -> Vec<OpenedFile> {
    let file = |name: String| {
        let digest = name.strip_prefix(KEPT)?.to_owned();
        let record = store.text(&name)?;
        let (kind, name) = record.split_once(' ')?;
        let imported = store.text(&format!("report:{digest}")).is_some();
        matches!(kind, "chart" | "folder" | "descriptor").then(|| OpenedFile {
            digest,
            kind: kind.to_owned(),
            name: name.to_owned(),
            imported,
        })
    };
    let mut files: Vec<OpenedFile> = store.names(KEPT).into_iter().filter_map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Forgets a file, and what was made of it.
pub(super) async fn forget(digest: &str, store: &dyn Store) {
    for name in [KEPT, "report:", "draft:", "develop:"] {
        store.forget(&format!("{name}{digest}"));
    }
    store.forget_bytes(digest).await;
}

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    // Who searches, or narrows the list, looks for modules.
    if state.opened.is_empty() || state.filter != chartwright_catalog::Filter::default() {
        return Html::default();
    }
    let shown = if state.all_opened { state.opened.len() } else { LISTED };
    let files = state.opened.iter().take(shown).map(|file| {
        let label = format!("Remove {} from this machine", file.name);
        let what = if file.imported { "from Compose" } else { file.kind.as_str() };
        let digest = file.digest.clone();
        html! {
            <li key={file.digest.clone()}>
                <a href={file.route().write()}>{ &file.name }</a><span class="muted">{ what }</span>
                <button type="button" class="quiet" aria-label={label.clone()} title={label} onclick={send.reform(move |_: MouseEvent| Event::Forget(digest.clone()))}>{ icon(Icon::Close) }</button>
            </li>
        }
    });
    let more = state.opened.len().saturating_sub(shown);
    html! {
        <section class="opened-files" aria-label="Opened on this machine">
            <h2 id="opened-files" tabindex="-1">{"Opened on this machine"}</h2>
            <ul>
                { for files }
                if more > 0 {
                    <li><button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::AllOpened)}>{ format!("Show all ({more} more)") }</button></li>
                }
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use super::*;
    use crate::services::Recorded;

    #[test]
    fn files_are_found_again_until_they_are_removed() {
        let store = Recorded::default();
        for (name, text) in [
            ("opened:sha256:1", "chart shop-1.0.0.tgz"),
            ("opened:sha256:2", "descriptor imported.yaml"),
            ("report:sha256:2", "[]"),
            ("opened:sha256:3", "made descriptor.yaml"),
            ("draft:sha256:1", "a: 1\n"),
        ] {
            store.set_text(name, text);
        }
        let files = read(&store);
        let said: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.route().write())).collect();
        assert_eq!(
            said,
            [("imported.yaml", "develop?open=sha256:2".to_owned()), ("shop-1.0.0.tgz", "opened/sha256:1".to_owned())]
        );
        let waker = std::task::Waker::noop();
        let forgotten = std::pin::pin!(forget("sha256:1", &store)).poll(&mut std::task::Context::from_waker(waker));
        assert!(forgotten.is_ready());
        assert_eq!(read(&store).len(), 1);
        assert_eq!(store.text("draft:sha256:1"), None);
    }
}
