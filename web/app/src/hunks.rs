//! Lines that differ: read from a unified diff, and shown one below the other or side by side.

use chartwright_protocol::{Hunk, Line};
use yew::prelude::*;

/// Reads a unified diff, without the names of files. What is no part of one is left out.
pub fn read(diff: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for line in diff.lines() {
        if let Some(hunk) = line.strip_prefix("@@ ").and_then(start) {
            hunks.push(hunk);
            continue;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        hunk.lines.extend(match line.split_at_checked(1) {
            Some(("-", text)) => Some(Line::Removed(text.to_owned())),
            Some(("+", text)) => Some(Line::Added(text.to_owned())),
            Some((" ", text)) => Some(Line::Same(text.to_owned())),
            // Some programs cut the blank of an empty line; a backslash says that no line break follows.
            None => Some(Line::Same(String::new())),
            Some(_) => None,
        });
    }
    hunks
}

/// The head of a hunk: `-30,10 +30,12 @@`.
fn start(head: &str) -> Option<Hunk> {
    let mut words = head.split(' ');
    let mut number = |sign: char| {
        let word = words.next()?.strip_prefix(sign)?;
        word.split(',').next()?.parse().ok()
    };
    Some(Hunk { before: number('-')?, after: number('+')?, lines: Vec::new() })
}

/// How many lines come, and how many go.
pub fn count(hunks: &[Hunk]) -> (usize, usize) {
    let lines = || hunks.iter().flat_map(|hunk| &hunk.lines);
    let added = lines().filter(|line| matches!(line, Line::Added(_))).count();
    (added, lines().filter(|line| matches!(line, Line::Removed(_))).count())
}

/// Shows hunks: one below the other, or side by side.
pub fn view(hunks: &[Hunk], side: bool) -> Html {
    let hunks = hunks.iter().map(|hunk| if side { split(hunk) } else { unified(hunk) });
    html! { <div class="hunks" tabindex="0">{ for hunks }</div> }
}

/// The two ways to show them.
pub fn layout(side: bool, send: &Callback<bool>) -> Html {
    let button = |value: bool, label: &'static str| {
        let pressed = if side == value { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: web_sys::MouseEvent| value)}>{ label }</button> }
    };
    html! { <div class="segmented" role="group" aria-label="Layout">{ button(false, "Unified") }{ button(true, "Side by side") }</div> }
}

/// Lines one below the other, with signs that are read out.
fn unified(hunk: &Hunk) -> Html {
    let (mut before, mut after) = (hunk.before, hunk.after);
    let rows = hunk.lines.iter().map(|line| {
        let (class, sign, old, new, text) = match line {
            Line::Same(text) => ("", " ", Some(before), Some(after), text),
            Line::Removed(text) => ("removed", "-", Some(before), None, text),
            Line::Added(text) => ("added", "+", None, Some(after), text),
        };
        before += u32::from(old.is_some());
        after += u32::from(new.is_some());
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        html! {
            <div class={classes!("row", class)}>
                <span class="n" data-n={number(old)} /><span class="n" data-n={number(new)} />
                <span class="sign">{ sign }</span><span class="text">{ text }</span>
            </div>
        }
    });
    html! { <div class="hunk">{ for rows }</div> }
}

/// What went beside what came in its place.
fn split(hunk: &Hunk) -> Html {
    let (mut before, mut after) = (hunk.before, hunk.after);
    let rows = pair(&hunk.lines).into_iter().map(|(old, new)| {
        let same = old.is_some() && old == new;
        let cell = |text: Option<&str>, class: &'static str, number: &mut u32| {
            let shown = text.map(|_| number.to_string()).unwrap_or_default();
            *number += u32::from(text.is_some());
            let class = if same || text.is_none() { "" } else { class };
            let sign = match class {
                "removed" => "-",
                "added" => "+",
                _ => " ",
            };
            html! {
                <div class={classes!("row", class)}>
                    <span class="n" data-n={shown} /><span class="sign">{ sign }</span><span class="text">{ text.unwrap_or_default() }</span>
                </div>
            }
        };
        html! { <div class="two">{ cell(old, "removed", &mut before) }{ cell(new, "added", &mut after) }</div> }
    });
    html! { <div class="hunk">{ for rows }</div> }
}

/// Puts runs beside each other, and empties them.
fn flush<'l>(gone: &mut Vec<&'l str>, come: &mut Vec<&'l str>, pairs: &mut Vec<(Option<&'l str>, Option<&'l str>)>) {
    for at in 0..gone.len().max(come.len()) {
        pairs.push((gone.get(at).copied(), come.get(at).copied()));
    }
    gone.clear();
    come.clear();
}

/// Lines in pairs: the same twice, and runs that went beside runs that came.
fn pair(lines: &[Line]) -> Vec<(Option<&str>, Option<&str>)> {
    let mut pairs = Vec::new();
    let (mut gone, mut come): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for line in lines {
        match line {
            Line::Removed(text) => gone.push(text),
            Line::Added(text) => come.push(text),
            Line::Same(text) => {
                flush(&mut gone, &mut come, &mut pairs);
                pairs.push((Some(text), Some(text)));
            }
        }
    }
    flush(&mut gone, &mut come, &mut pairs);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unified_diffs_are_read() {
        let (same, gone, come) =
            (|t: &str| Line::Same(t.into()), |t: &str| Line::Removed(t.into()), |t: &str| Line::Added(t.into()));
        let diff = "@@ -30,3 +30,3 @@\n a\n-b\n+c\n\\ No newline at end of file\n d\n@@ -1 +1,2 @@\n-- x\n+++ y\n";
        let hunks = read(diff);
        assert_eq!((hunks[0].before, hunks[0].after, hunks[1].after), (30, 30, 1));
        assert_eq!(hunks[0].lines, [same("a"), gone("b"), come("c"), same("d")]);
        assert_eq!(hunks[1].lines, [gone("- x"), come("++ y")]);
        assert_eq!((count(&hunks), read("").len(), read("odd\n").len()), ((2, 2), 0, 0));
    }

    #[test]
    fn lines_stand_side_by_side() {
        let (same, gone, come) =
            (|t: &str| Line::Same(t.into()), |t: &str| Line::Removed(t.into()), |t: &str| Line::Added(t.into()));
        let lines = [same("a"), gone("b"), gone("c"), come("d"), same("e"), come("f")];
        assert_eq!(
            pair(&lines),
            [
                (Some("a"), Some("a")),
                (Some("b"), Some("d")),
                (Some("c"), None),
                (Some("e"), Some("e")),
                (None, Some("f")),
            ]
        );
    }
}
