//! Small views that several pages use.

use chartwright_kit::{Icon, icon};
use web_sys::MouseEvent;
use yew::prelude::*;

use crate::load::Trouble;

/// What went wrong: what, where, and the way out.
pub fn trouble(trouble: &Trouble) -> Html {
    html! {
        <div class="trouble" role="alert">
            <p class="what">{ prose(&capital(&trouble.what)) }</p>
            if !trouble.place.is_empty() { <p class="place">{ &trouble.place }</p> }
            if !trouble.way_out.is_empty() { <p>{ prose(&sentence(&trouble.way_out)) }</p> }
            if !trouble.detail.is_empty() {
                <details><summary>{"Details"}</summary><pre>{ &trouble.detail }</pre></details>
            }
        </div>
    }
}

/// What is on its way.
pub fn waiting(what: &str) -> Html {
    html! { <div class="waiting" role="status"><span class="spinner" aria-hidden="true" />{ what }</div> }
}

/// Nothing is there, and what to do about it.
pub(crate) fn empty(title: &str, what: Html) -> Html {
    html! { <div class="empty">{ icon(Icon::Module) }<p class="what">{ title }</p>{ what }</div> }
}

/// A picture of a module: what the catalog names, or its first letter.
pub(crate) fn picture(url: Option<String>, title: &str) -> Html {
    match url {
        Some(url) => html! { <img class="picture" src={url} alt="" loading="lazy" width="40" height="40" /> },
        None => {
            let letter = title.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
            html! { <span class="picture letter" aria-hidden="true">{ letter }</span> }
        }
    }
}

/// A text in which what stands between backticks is code.
pub fn prose(text: &str) -> Html {
    let pieces: Vec<&str> = text.split('`').collect();
    // One without its other half is a character like any other.
    let whole = if pieces.len() % 2 == 1 { pieces.len() } else { pieces.len() - 1 };
    let (paired, rest) = pieces.split_at_checked(whole).unwrap_or((&pieces, &[]));
    html! {
        <>
            { for paired.iter().enumerate().map(|(index, piece)| match index % 2 {
                0 => html! { <>{ *piece }</> },
                _ => html! { <code>{ *piece }</code> },
            }) }
            { for rest.iter().map(|piece| format!("`{piece}")) }
        </>
    }
}

/// A text with a capital letter. One that begins with a name of a file or in code keeps its letters.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let word = text.split(char::is_whitespace).next().unwrap_or_default().trim_end_matches(['.', ',', ':', '?', '!']);
    let is_word = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    let mut capital: String = if is_word { first.to_uppercase().collect() } else { first.to_string() };
    capital.push_str(chars.as_str());
    capital
}

/// A text with a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    let mut sentence = capital(text);
    if sentence.is_empty() {
        return sentence;
    }
    if !sentence.ends_with(['.', '?', '!', ':']) {
        sentence.push('.');
    }
    sentence
}

/// A button that goes a step back or forth. It keeps the focus after the last step, which a disabled one would lose.
pub fn step(label: &'static str, picture: Icon, able: bool, onclick: Callback<MouseEvent>) -> Html {
    let disabled = (!able).then_some("true");
    html! {
        <button type="button" class="quiet" aria-label={label} title={label} aria-disabled={disabled} {onclick}>{ icon(picture) }</button>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sentences_end() {
        assert_eq!(super::sentence("fill it in"), "Fill it in.");
        assert_eq!(super::sentence("did you mean `a`?"), "Did you mean `a`?");
        assert_eq!(super::sentence("readme.yaml is empty"), "readme.yaml is empty.");
        assert_eq!(super::sentence(""), "");
    }
}
