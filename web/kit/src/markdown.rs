//! Markdown as view nodes. HTML in it is shown as text, and links lead only where links may lead, so a text from
//! anywhere can be shown.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};
use yew::prelude::*;
use yew::virtual_dom::VTag;

/// Most elements that one text becomes; what follows is left out with a note.
const MOST: usize = 20_000;

/// How deep elements nest: browsers and views walk them with a stack. What is deeper stands in the last that there is.
const DEEPEST: usize = 100;

/// The view of a Markdown text. Headings start below `<h2>`; images become links, since the page loads nothing from
/// elsewhere by itself.
pub fn markdown(text: &str) -> Html {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut open: Vec<VTag> = vec![VTag::new("div")];
    let mut in_head = false;
    // How many elements are open that were too deep to be made.
    let mut too_deep = 0;
    for (count, event) in Parser::new_ext(text, options).enumerate() {
        if count == MOST {
            while open.len() > 1 {
                close(&mut open);
            }
            add(&mut open, html! { <p class="muted">{"The rest of this text is left out: it is too long."}</p> });
            break;
        }
        match event {
            Event::Start(_) if open.len() > DEEPEST => too_deep += 1,
            Event::End(_) if too_deep > 0 => too_deep -= 1,
            Event::Start(tag) => {
                in_head = in_head || matches!(tag, Tag::TableHead);
                let in_link = open.iter().any(|one| one.tag() == "a");
                open.push(start(&tag, in_head, in_link));
                if matches!(tag, Tag::Image { .. }) {
                    add(&mut open, html! { {"Image: "} });
                }
            }
            Event::End(end) => {
                if matches!(end, pulldown_cmark::TagEnd::TableHead) {
                    in_head = false;
                }
                close(&mut open);
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                let in_link = open.iter().any(|one| one.tag() == "a");
                add(&mut open, html! { { if in_link { without_turns(&text) } else { text.to_string() } } });
            }
            Event::Code(text) => add(&mut open, html! { <code>{ text.as_ref() }</code> }),
            Event::SoftBreak => add(&mut open, html! { {"\n"} }),
            Event::HardBreak => add(&mut open, html! { <br /> }),
            Event::Rule => add(&mut open, html! { <hr /> }),
            Event::TaskListMarker(done) => add(&mut open, html! { { if done { "[x] " } else { "[ ] " } } }),
            Event::FootnoteReference(name) => add(&mut open, html! { <sup>{ name.as_ref() }</sup> }),
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                add(&mut open, html! { <code>{ text.as_ref() }</code> });
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop()
        .map(|mut root| {
            root.add_attribute("class", "prose");
            root.into()
        })
        .unwrap_or_default()
}

fn add(open: &mut [VTag], child: Html) {
    if let Some(last) = open.last_mut() {
        last.add_child(child);
    }
}

fn close(open: &mut Vec<VTag>) {
    if open.len() > 1
        && let Some(done) = open.pop()
    {
        add(open, done.into());
    }
}

fn start(tag: &Tag, in_head: bool, in_link: bool) -> VTag {
    let mut made = VTag::new(match tag {
        Tag::Paragraph => "p",
        Tag::Heading { level, .. } => match level {
            HeadingLevel::H1 | HeadingLevel::H2 => "h3",
            HeadingLevel::H3 => "h4",
            _ => "h5",
        },
        Tag::BlockQuote(_) => "blockquote",
        Tag::CodeBlock(_) => "pre",
        Tag::List(Some(_)) => "ol",
        Tag::List(None) => "ul",
        Tag::Item => "li",
        Tag::Table(_) => "table",
        Tag::TableHead | Tag::TableRow => "tr",
        Tag::TableCell if in_head => "th",
        Tag::TableCell => "td",
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        Tag::Strikethrough => "s",
        // A picture that is a link leads where the link leads.
        Tag::Image { .. } if in_link => "span",
        Tag::Link { .. } | Tag::Image { .. } => "a",
        _ => "div",
    });
    match tag {
        Tag::Image { .. } if in_link => {}
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            if let Some(url) = safe_link(dest_url) {
                made.add_attribute("href", url.to_owned());
                made.add_attribute("rel", "noopener noreferrer");
                if !url.starts_with('#') {
                    made.add_attribute("target", "_blank");
                }
            }
        }
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) if !language.is_empty() => {
            made.add_attribute("data-language", language.to_string());
        }
        Tag::List(Some(first)) if *first != 1 => made.add_attribute("start", first.to_string()),
        _ => {}
    }
    made
}

/// A text without the characters that turn the direction of what follows: in a link they make one address look like
/// another (Unicode TR 36, 2.9).
fn without_turns(text: &str) -> String {
    text.replace(|c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'), "")
}

/// An address that a link may have: of the web, of mail, or in the page.
fn safe_link(url: &str) -> Option<&str> {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://") || starts("mailto:") || starts("#")).then_some(url)
}

#[cfg(test)]
mod tests {
    use yew::virtual_dom::VNode;

    use super::*;

    fn depth(node: &Html) -> usize {
        match node {
            VNode::VTag(tag) => 1 + tag.children().map_or(0, depth),
            VNode::VList(list) => list.iter().map(depth).max().unwrap_or_default(),
            _ => 0,
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_flat() {
        for text in
            [">".repeat(5000) + " quote", "- ".repeat(5000) + "item", "*".repeat(5000) + "a" + &"*".repeat(5000)]
        {
            let made = markdown(&text);
            assert!(depth(&made) <= DEEPEST + 2, "{:.20}: {}", text, depth(&made));
        }
        assert_eq!(depth(&markdown("> a\n> > b\n")), 4);
    }

    #[test]
    fn links_read_in_one_direction() {
        assert_eq!(without_turns("https://\u{202E}gro.elpmaxe\u{202C}/ שלום"), "https://gro.elpmaxe/ שלום");
    }

    #[test]
    fn links_lead_to_the_web() {
        for (url, safe) in [
            ("https://example.org", true),
            ("HTTP://example.org", true),
            ("mailto:a@example.org", true),
            ("#values", true),
            ("javascript:alert(1)", false),
            (" javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//example.org", false),
            ("README.md", false),
        ] {
            assert_eq!(safe_link(url).is_some(), safe, "{url}");
        }
    }
}
