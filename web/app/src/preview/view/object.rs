//! One object of a result. It is drawn anew only when it changed.

use std::rc::Rc;

use chartwright_kit::{CodeBlock, Highlight, Icon, Mark, MarkKind, icon};
use chartwright_protocol::ObjectHead;
use contract::{HookEvent, Role};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::outcome::{Object, chart_of};
use super::super::state::{Copied, Event};
use crate::program::Same;

/// What an [`ObjectView`] shows.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ObjectProps {
    /// The object.
    pub(super) object: Same<Object>,
    /// Its place among all, for its id.
    pub(super) index: usize,
    /// Whether its text is hidden.
    pub(super) folded: bool,
    /// Whether it is the chosen one.
    pub(super) chosen: bool,
    /// Whether the last change of the result changed it.
    pub(super) moved: bool,
    /// Whether the file of its template is on this page.
    pub(super) template: bool,
    /// The chosen line, from 0.
    pub(super) line: Option<u32>,
    /// Whether it has an address that can be copied.
    pub(super) linked: bool,
    /// Where events go.
    pub(super) send: Callback<Event>,
}

/// An object: a heading that sticks, and its text.
#[component]
pub(super) fn ObjectView(props: &ObjectProps) -> Html {
    let head = &props.object.head;
    let key = || head.key.clone();
    let send = &props.send;
    let marks = {
        let target = props.line.map(|line| Mark { line, kind: MarkKind::Target });
        let key = (props.object.change, props.moved, props.line);
        // The marks of an earlier change are old news.
        let changed = if props.moved { props.object.marks.clone() } else { Rc::default() };
        use_memo(key, move |_| -> Rc<[Mark]> { changed.iter().copied().chain(target).collect() })
    };
    let fold = {
        let key = key();
        send.reform(move |_: MouseEvent| Event::Fold(key.clone()))
    };
    let act = |event: fn(String) -> Event| {
        let key = key();
        send.reform(move |_: MouseEvent| event(key.clone()))
    };
    let on_line = {
        let key = key();
        send.reform(move |line: u32| Event::Select(key.clone(), Some(line)))
    };
    let id = format!("object-{}", props.index);
    let class = if props.chosen { "object chosen" } else { "object" };
    html! {
        <article {class} id={id.clone()} tabindex="-1" aria-label={format!("{} {}", head.kind, head.name)}>
            <header>
                <h3>
                    <button type="button" class="fold" aria-expanded={if props.folded { "false" } else { "true" }} aria-controls={format!("{id}-text")} onclick={fold}>
                        { icon(if props.folded { Icon::Right } else { Icon::Down }) }
                        <span class="kind">{ &head.kind }</span>{" "}<span class="name">{ &head.name }</span>
                    </button>
                </h3>
                if let Some((word, title)) = role(head) { <span class="chip" {title}>{ word }</span> }
                if props.moved { <span class="chip info">{"changed"}</span> }
                <span class="space" />
                { source(props, act(Event::Template)) }
                <button type="button" class="quiet" onclick={act(|key| Event::Copy(Copied::Object(key)))} aria-label={format!("Copy {} {}", head.kind, head.name)} title="Copy">
                    { icon(Icon::Copy) }
                </button>
                if props.linked {
                    <button type="button" class="quiet" onclick={act(|key| Event::Copy(Copied::ObjectLink(key)))} aria-label={format!("Copy a link to {} {}", head.kind, head.name)} title="Copy a link">
                        { icon(Icon::Link) }
                    </button>
                }
            </header>
            <div id={format!("{id}-text")} hidden={props.folded}>
                if !props.folded {
                    <CodeBlock text={props.object.text.clone()} highlight={Highlight(crate::paint::yaml)} marks={(*marks).clone()} on_line={Some(on_line)} />
                }
            </div>
        </article>
    }
}

/// The template: a way to its file, or why there is none.
fn source(props: &ObjectProps, open: Callback<MouseEvent>) -> Html {
    let head = &props.object.head;
    let short = short_source(&head.source);
    match props.template {
        true => html! {
            <button
                type="button" class="link source" onclick={open} title={format!("Open {}", head.source)}
                aria-label={format!("Template of {} {}: {short}", head.kind, head.name)}
            >{ short }</button>
        },
        false if head.source.is_empty() => Html::default(),
        false => {
            html! { <span class="source" title={format!("{}: this page does not have the chart's files", head.source)}>{ short }</span> }
        }
    }
}

/// What an object is that is not simply installed, in a word and a sentence.
pub(super) fn role(head: &ObjectHead) -> Option<(&'static str, String)> {
    let events = head.hook.as_ref().map(|hook| hook.events.as_slice()).unwrap_or_default();
    match head.role {
        Role::Hook if !events.is_empty() && events.iter().all(|event| *event == HookEvent::Test) => {
            Some(("test hook", "Only helm test makes it".to_owned()))
        }
        Role::Hook => {
            let when: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
            Some(("hook", format!("Does not stay: {}", when.join(", "))))
        }
        Role::Crd => Some(("installed first", "Installed before everything else".to_owned())),
        _ => None,
    }
}

/// The innermost chart of a template's path, and the file.
fn short_source(source: &str) -> String {
    match source.rsplit_once('/') {
        Some((_, file)) => format!("{}/…/{file}", chart_of(source)),
        None => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use contract::Hook;

    use super::*;

    #[test]
    fn templates_have_short_names() {
        for (source, short) in [
            ("podinfo/templates/deployment.yaml", "podinfo/…/deployment.yaml"),
            ("podinfo/templates/tests/grpc.yaml", "podinfo/…/grpc.yaml"),
            ("stack/charts/grafana/templates/a.yaml", "grafana/…/a.yaml"),
            ("a.yaml", "a.yaml"),
        ] {
            assert_eq!(short_source(source), short);
        }
    }

    #[test]
    fn hooks_say_when_they_are_there() {
        let word = |events: &[HookEvent]| {
            let hook = Some(Hook { events: events.to_vec(), ..Hook::default() });
            role(&ObjectHead { role: Role::Hook, hook, ..ObjectHead::default() }).map(|(word, _)| word)
        };
        assert_eq!(word(&[HookEvent::Test]), Some("test hook"));
        assert_eq!(word(&[HookEvent::PostInstall, HookEvent::Test]), Some("hook"));
        assert_eq!(role(&ObjectHead::default()), None);
    }
}
