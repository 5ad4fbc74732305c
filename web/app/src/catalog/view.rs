//! What the catalog looks like.

use chartwright_catalog::{Clear, Count, Deploys, Fact, Found, Module, Reach};
use chartwright_kit::{Icon, icon};
use web_sys::{HtmlInputElement, MouseEvent};
use yew::prelude::*;

use super::opened;
use super::state::{Event, Ready, State};
use crate::load::Load;
use crate::parts;
use crate::route::{Route, View};
use crate::shell::FOUND;
use crate::words::{count, quantity};

/// Keywords that are offered; the others are found by searching.
const KEYWORDS: usize = 12;

/// Categories that are offered. Catalogs have few; an index of a stranger's may have thousands.
const CATEGORIES: usize = 40;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let ready = state.catalog.shown();
    let name = ready.map(|ready| ready.catalog.name.clone()).filter(|name| !name.is_empty());
    html! {
        <div class="page catalog">
            <aside class="facets" aria-label="Narrow the list">
                if let Some(found) = &state.found { { facets(state, found, send) } }
            </aside>
            <section>
                <div class="heading">
                    <h1 id="title" tabindex="-1">{ name.unwrap_or_else(|| "Modules".to_owned()) }</h1>
                    if let Some(found) = &state.found {
                        <p class="muted">{ count(found.modules.len(), "module") }</p>
                    }
                    { open_buttons(send) }
                </div>
                { opened::view(state, send) }
                { match &state.catalog {
                    Load::Idle | Load::Loading(None) => skeleton(),
                    Load::Failed(trouble, None) => html! {
                        <>
                            { parts::trouble(trouble) }
                            <p><button type="button" onclick={send.reform(|_: MouseEvent| Event::Retry)}>{"Try again"}</button></p>
                        </>
                    },
                    Load::Loading(Some(ready)) | Load::Ready(ready) | Load::Failed(_, Some(ready)) | Load::Again(_, ready) => {
                        list(state, ready, send)
                    }
                } }
            </section>
        </div>
    }
}

/// Cards of the final size, without text.
fn skeleton() -> Html {
    let cards = (0..6).map(|_| html! { <li class="card skeleton" /> });
    html! { <ul class="cards" aria-busy="true" aria-label="The catalog is being fetched">{ for cards }</ul> }
}

fn open_buttons(send: &Callback<Event>) -> Html {
    let chosen = send.reform(|event: web_sys::Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = input.files();
        Event::Files(files.expect("an input of type file has a list of files"))
    });
    html! {
        <div class="open">
            <label class="button">
                { icon(Icon::Add) }{"Open a file"}
                <input type="file" class="hidden" multiple=true onchange={chosen.clone()} accept=".tgz,.gz,.yaml,.yml" />
            </label>
            <label class="button">
                {"Open a folder"}
                <input type="file" class="hidden" webkitdirectory=true onchange={chosen} />
            </label>
        </div>
    }
}

fn list(state: &State, ready: &Ready, send: &Callback<Event>) -> Html {
    let Some(found) = &state.found else { return Html::default() };
    if found.modules.is_empty() {
        return nothing(state, found, ready, send);
    }
    let cards = found.modules.iter().take(state.shown).filter_map(|index| {
        let module = ready.catalog.modules.get(*index)?;
        let picture = ready.icons.get(*index).cloned().flatten();
        Some(card(state, module, picture))
    });
    let more = found.modules.len().saturating_sub(state.shown);
    html! {
        <>
            <ul class="cards" id={FOUND} data-query={state.filter.query.clone()}>{ for cards }</ul>
            if more > 0 {
                <p class="more">
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::More)}>{ format!("Show more ({more})") }</button>
                </p>
            }
            if ready.catalog.left_out > 0 {
                <p class="muted" role="note">{ count(ready.catalog.left_out, "module") }{" of this catalog cannot be shown: their entries are broken."}</p>
            }
            <p class="drop-hint">
                {"Drop a chart, a descriptor or a compose file anywhere to open it. Nothing is uploaded. "}
                <a href="about">{"What is kept on this machine"}</a>
            </p>
        </>
    }
}

fn nothing(state: &State, found: &Found, ready: &Ready, send: &Callback<Event>) -> Html {
    if ready.catalog.modules.is_empty() {
        return parts::empty(
            "This catalog has no modules yet",
            html! {
                <p>{"Build one with "}<code>{"chartwright catalog build"}</code>{", or drop a chart here."}</p>
            },
        );
    }
    let clears = found.clear.iter().map(|(part, number)| {
        let label = match part {
            Clear::Query => format!("Clear “{}”", state.filter.query),
            Clear::Categories => "All categories".to_owned(),
            Clear::Keyword(keyword) => format!("Without keyword {keyword}"),
            Clear::Deploys(deploys) => format!("Without “{}”", deploys.label()),
            #[allow(unreachable_patterns, reason = "the catalog may learn more parts of a filter")]
            _ => "Clear".to_owned(),
        };
        let part = part.clone();
        let onclick = send.reform(move |_: MouseEvent| Event::Without(part.clone()));
        html! { <button type="button" {onclick}>{ format!("{label} ({})", count(*number, "module")) }</button> }
    });
    parts::empty("No module fits", html! { <div class="row">{ for clears }</div> })
}

fn card(state: &State, module: &Module, picture: Option<String>) -> Html {
    let Some(version) = module.newest() else { return Html::default() };
    let route = Route::to(View::Module { id: module.id.clone(), version: version.version.clone() });
    let kept = |digest: &String| state.kept.binary_search(digest).is_ok();
    let offline = kept(&version.digest) && version.charts.iter().all(|chart| kept(&chart.digest));
    let facts = version.facts.as_ref();
    // What fails to render says nothing of what it would deploy and ask for.
    let fails = facts.is_some_and(|facts| facts.problems > 0);
    let told = facts.filter(|_| !fails);
    let mut amounts: Vec<String> = Vec::new();
    if let Some(facts) = told {
        if facts.components > 1 {
            amounts.push(count(facts.components as usize, "component"));
        }
        amounts.push(count(facts.objects as usize, "object"));
        for (number, noun) in [(facts.images, "image"), (facts.urls, "URL"), (facts.crds, "CRD")] {
            if number > 0 {
                amounts.push(count(number as usize, noun));
            }
        }
        match facts.exposed {
            0 => {}
            1 => amounts.push("1 more entry point".to_owned()),
            number => amounts.push(format!("{number} more entry points")),
        }
        if facts.storage > 0 {
            amounts.push(format!("{} of storage", quantity(facts.storage)));
        }
    }
    let rights = told.map(|facts| match facts.permissions {
        Reach::None => ("ok", "no permissions"),
        Reach::Namespace => ("", "permissions in its namespace"),
        Reach::Cluster => ("warn", "cluster-wide permissions"),
    });
    html! {
        <li class="card" key={module.id.clone()}>
            <div class="head">
                { parts::picture(picture, &module.title) }
                <div>
                    <h2><a href={route.write()}>{ &module.title }</a></h2>
                    <span class="muted">{ &version.version }</span>
                </div>
            </div>
            <p class="about">{ &module.description }</p>
            <p class="facts">{ amounts.join(" · ") }</p>
            <p class="chips">
                if let Some((class, words)) = rights { <span class={classes!("chip", class)}>{ words }</span> }
                if fails { <span class="chip bad">{"does not render"}</span> }
                if version.deprecated { <span class="chip warn">{"deprecated"}</span> }
                if !version.needs.is_empty() { <span class="chip">{ needs(&version.needs) }</span> }
                if offline { <span class="chip ok">{"works offline"}</span> }
            </p>
        </li>
    }
}

/// The platform facts that a module asks for.
pub(crate) fn needs(facts: &[Fact]) -> String {
    let names = facts.iter().map(|fact| match fact {
        Fact::Registry => "registry",
        Fact::Repository => "repository",
        Fact::Domain => "domain",
        _ => "credentials",
    });
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    format!("needs {}", names.join(", "))
}

fn facets(state: &State, found: &Found, send: &Callback<Event>) -> Html {
    let facets = &found.facets;
    let keywords = offered(&facets.keywords, KEYWORDS);
    let categories = offered(&facets.categories, CATEGORIES);
    let more = facets.categories.len() - categories.len();
    let examples = state.filter.examples;
    html! {
        <>
            { group("Category", categories.into_iter().map(|one| {
                let (name, value) = (one.value.clone(), one.value.clone());
                facet(name, one.count, one.chosen, send.reform(move |_| Event::Category(value.clone())))
            }).collect()) }
            if more > 0 {
                <p class="muted">{ format!("{more} more: find them by searching.") }</p>
            }
            { group("Deploys", facets.deploys.iter().map(|one: &Count<Deploys>| {
                let value = one.value;
                facet(value.label().to_owned(), one.count, one.chosen, send.reform(move |_| Event::Deploys(value)))
            }).collect()) }
            { group("Keyword", keywords.into_iter().map(|one| {
                let (name, value) = (one.value.clone(), one.value.clone());
                facet(name, one.count, one.chosen, send.reform(move |_| Event::Keyword(value.clone())))
            }).collect()) }
            <label class="facet">
                <input type="checkbox" checked={examples} onchange={send.reform(move |_| Event::Examples(!examples))} />
                <span>{"Examples of errors"}</span>
            </label>
        </>
    }
}

/// The first of what narrows the list, and what is chosen.
fn offered(all: &[Count<String>], most: usize) -> Vec<&Count<String>> {
    all.iter().enumerate().filter(|(at, one)| *at < most || one.chosen).map(|(_, one)| one).collect()
}

fn group(title: &str, facets: Vec<Html>) -> Html {
    if facets.is_empty() {
        return Html::default();
    }
    html! { <fieldset><legend>{ title }</legend>{ for facets }</fieldset> }
}

fn facet(name: String, number: usize, chosen: bool, onchange: Callback<web_sys::Event>) -> Html {
    html! {
        <label class="facet" key={name.clone()}>
            <input type="checkbox" checked={chosen} disabled={number == 0 && !chosen} {onchange} />
            <span>{ name }</span><span class="number">{ number }</span>
        </label>
    }
}
