//! Text of files: long, plain, selectable, with line numbers beside it.
//!
//! A block is cut into chunks of [`CHUNK`] lines. The browser lays out only the chunks that are visible
//! (`content-visibility: auto`), and finds, selects and copies in all of them. Colour comes to a chunk when it nears
//! the viewport. The component fills its element itself: the text never passes through the virtual DOM.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent, Node};
use yew::prelude::*;

use crate::dom::{document, element, matches_media, set_property};
use crate::near;

/// Lines in a chunk.
const CHUNK: usize = 200;

/// Height of a line in CSS pixels; the style sheet has the same figure.
const LINE: f64 = 20.0;

/// How many columns a block shows at least, on narrow screens and on others. One with longer lines scrolls sideways,
/// and keys must reach it for that. To measure it would lay the page out for each block.
const COLUMNS: [usize; 2] = [36, 60];

/// Part of a shared text. Two are equal when their texts are; the same part of the same text is found equal without a
/// look at it.
#[derive(Clone, Debug)]
pub struct Slice {
    text: Rc<str>,
    range: Range<usize>,
}

impl Slice {
    /// A part of a text; all that is left where the range leaves it or cuts a character.
    pub fn new(text: Rc<str>, range: Range<usize>) -> Slice {
        let range = if text.get(range.clone()).is_some() { range } else { 0..text.len() };
        Slice { text, range }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.text.get(self.range.clone()).unwrap_or_default()
    }
}

impl From<Rc<str>> for Slice {
    fn from(text: Rc<str>) -> Slice {
        let range = 0..text.len();
        Slice { text, range }
    }
}

impl From<&str> for Slice {
    fn from(text: &str) -> Slice {
        Slice::from(Rc::<str>::from(text))
    }
}

impl PartialEq for Slice {
    fn eq(&self, other: &Slice) -> bool {
        (Rc::ptr_eq(&self.text, &other.text) && self.range == other.range) || self.as_str() == other.as_str()
    }
}

/// A coloured part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its bytes, counted from the start of the range that was asked for.
    pub range: Range<usize>,
    /// Its class.
    pub class: &'static str,
}

/// Finds the coloured parts in a range of a text. What stands before the range may matter, so the whole text is given.
/// Parts come in order and do not overlap.
#[derive(Clone, Copy)]
pub struct Highlight(pub fn(&str, Range<usize>) -> Vec<Span>);

impl PartialEq for Highlight {
    fn eq(&self, other: &Highlight) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

/// What a marked line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// It changed just now.
    Changed,
    /// It is the one that an address names.
    Target,
    /// Something is wrong there.
    Problem,
    /// It is only in the newer text.
    Added,
    /// It is only in the older text.
    Removed,
}

/// A marked line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The line, from 0.
    pub line: u32,
    /// What it says.
    pub kind: MarkKind,
}

/// What a [`CodeBlock`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct CodeProps {
    /// The text.
    pub text: Slice,
    /// How it is coloured.
    #[prop_or_default]
    pub highlight: Option<Highlight>,
    /// Marked lines.
    #[prop_or_default]
    pub marks: Rc<[Mark]>,
    /// What coloured parts say when the pointer rests on them, by their text.
    #[prop_or_default]
    pub titles: Rc<BTreeMap<String, String>>,
    /// A coloured part that has a title was clicked: its text, and the click.
    #[prop_or_default]
    pub on_part: Option<Callback<(String, MouseEvent)>>,
    /// A line number was clicked: the line, from 0.
    #[prop_or_default]
    pub on_line: Option<Callback<u32>>,
}

/// A part of the text, and its elements.
struct Chunk {
    range: Range<usize>,
    root: HtmlElement,
    code: HtmlElement,
}

/// Text with line numbers beside it.
pub struct CodeBlock {
    root: NodeRef,
    chunks: Vec<Chunk>,
    marks: Vec<HtmlElement>,
}

impl Component for CodeBlock {
    type Message = ();
    type Properties = CodeProps;

    fn create(_: &Context<CodeBlock>) -> CodeBlock {
        CodeBlock { root: NodeRef::default(), chunks: Vec::new(), marks: Vec::new() }
    }

    fn changed(&mut self, ctx: &Context<CodeBlock>, old: &CodeProps) -> bool {
        let new = ctx.props();
        if new.text != old.text || new.highlight != old.highlight {
            self.fill(new, Some(&old.text));
        }
        if new.marks != old.marks {
            self.mark(&new.marks);
        }
        new.on_line != old.on_line || new.on_part != old.on_part || new.titles != old.titles
    }

    fn view(&self, ctx: &Context<CodeBlock>) -> Html {
        let titles = ctx.props().titles.clone();
        let (on_line, on_part) = (ctx.props().on_line.clone(), ctx.props().on_part.clone());
        let leads = on_part.is_some() && !titles.is_empty();
        let onclick = (on_line.is_some() || leads).then(|| {
            let titles = titles.clone();
            Callback::from(move |event: MouseEvent| {
                if let (Some(on_line), Some(line)) = (&on_line, clicked_line(&event)) {
                    on_line.emit(line);
                }
                let part = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
                let text = part.filter(|part| part.tag_name() == "SPAN").and_then(|part| part.text_content());
                if let (Some(on_part), Some(text)) = (&on_part, text.filter(|text| titles.contains_key(text))) {
                    on_part.emit((text, event));
                }
            })
        });
        let onmouseover = (!titles.is_empty()).then(|| {
            Callback::from(move |event: MouseEvent| {
                let Some(part) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else {
                    return;
                };
                match part.text_content().and_then(|text| titles.get(&text)) {
                    Some(title) => part.set_title(title),
                    None if part.tag_name() == "SPAN" => part.set_title(""),
                    None => {}
                }
            })
        });
        let class = if leads { "code leads" } else { "code" };
        html! { <div {class} ref={self.root.clone()} {onclick} {onmouseover} /> }
    }

    fn rendered(&mut self, ctx: &Context<CodeBlock>, first: bool) {
        if first {
            self.fill(ctx.props(), None);
            self.mark(&ctx.props().marks);
        }
    }

    fn destroy(&mut self, _: &Context<CodeBlock>) {
        for chunk in &self.chunks {
            near::forget(&chunk.root);
        }
    }
}

impl CodeBlock {
    /// Brings the elements up to the text. Chunks with the same text stay, with their selection and colour.
    fn fill(&mut self, props: &CodeProps, old: Option<&Slice>) {
        let Some(root) = self.root.cast::<HtmlElement>() else { return };
        let text = props.text.as_str();
        let cut = cut(text);
        let width = line_count(text).max(1).to_string().len();
        set_property(&root, "--digits", &width.to_string());
        let columns = COLUMNS[usize::from(!matches_media("(max-width: 900px)"))];
        let _ = match text.lines().any(|line| line.len() > columns) {
            true => root.set_attribute("tabindex", "0"),
            false => root.remove_attribute("tabindex"),
        };
        for (index, (range, lines)) in cut.iter().enumerate() {
            let same = self.chunks.get(index).is_some_and(|chunk| {
                let before = old.and_then(|old| old.as_str().get(chunk.range.clone()));
                before.is_some() && before == text.get(range.clone())
            });
            if same {
                self.chunks[index].range = range.clone();
                continue;
            }
            let chunk = chunk(index, text, range.clone(), *lines);
            // What was on screen is coloured at once; else a change would show without colour for a frame.
            let at_once = self.chunks.get(index).is_some_and(|old| !old.root.has_attribute("data-near"));
            match self.chunks.get_mut(index) {
                Some(slot) => {
                    near::forget(&slot.root);
                    let _ = root.replace_child(&chunk.root, &slot.root);
                    *slot = chunk;
                }
                None => {
                    let _ = root.append_child(&chunk.root);
                    self.chunks.push(chunk);
                }
            }
            let Some(highlight) = props.highlight else { continue };
            let code = self.chunks[index].code.clone();
            if at_once {
                paint(&code, &props.text, range.clone(), highlight);
            } else {
                let (slice, range) = (props.text.clone(), range.clone());
                near::when_near(&self.chunks[index].root, move || paint(&code, &slice, range, highlight));
            }
        }
        for gone in self.chunks.drain(cut.len()..) {
            near::forget(&gone.root);
            gone.root.remove();
        }
    }

    /// Puts the marks behind their lines.
    fn mark(&mut self, marks: &[Mark]) {
        for mark in self.marks.drain(..) {
            mark.remove();
        }
        for mark in marks {
            let line = mark.line as usize;
            let Some(chunk) = self.chunks.get(line / CHUNK) else { continue };
            let div = element("div");
            div.set_class_name(match mark.kind {
                MarkKind::Changed => "mark changed",
                MarkKind::Target => "mark target",
                MarkKind::Problem => "mark problem",
                MarkKind::Added => "mark added",
                MarkKind::Removed => "mark removed",
            });
            set_property(&div, "--line", &(line % CHUNK).to_string());
            let _ = chunk.root.append_child(&div);
            if mark.kind == MarkKind::Target {
                div.scroll_into_view();
            }
            self.marks.push(div);
        }
    }
}

/// The chunks of a text: their bytes and lines.
fn cut(text: &str) -> Vec<(Range<usize>, usize)> {
    let mut chunks = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for (at, _) in text.match_indices('\n') {
        lines += 1;
        if lines == CHUNK {
            chunks.push((start..at + 1, lines));
            (start, lines) = (at + 1, 0);
        }
    }
    if start < text.len() {
        let open = usize::from(!text.ends_with('\n'));
        chunks.push((start..text.len(), lines + open));
    }
    chunks
}

/// How many lines a text has; one that ends without a line break counts.
fn line_count(text: &str) -> usize {
    text.matches('\n').count() + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

/// The elements of a chunk, without colour.
fn chunk(index: usize, text: &str, range: Range<usize>, lines: usize) -> Chunk {
    let root = element("div");
    root.set_class_name("chunk");
    set_property(&root, "--lines", &lines.to_string());
    // Numbers are generated content: neither found, nor selected, nor read out.
    let mut numbers = String::new();
    for line in 0..lines {
        numbers.push_str(&(index * CHUNK + line + 1).to_string());
        numbers.push('\n');
    }
    let gutter = element("span");
    gutter.set_class_name("gutter");
    let _ = gutter.set_attribute("data-numbers", &numbers);
    let _ = gutter.set_attribute("data-first", &(index * CHUNK).to_string());
    let _ = gutter.set_attribute("aria-hidden", "true");
    let code = element("pre");
    code.set_text_content(text.get(range.clone()));
    let _ = root.append_child(&gutter);
    let _ = root.append_child(&code);
    Chunk { range, root, code }
}

/// Replaces a chunk's plain text by the same text with colour.
fn paint(code: &HtmlElement, text: &Slice, range: Range<usize>, highlight: Highlight) {
    let whole = text.as_str();
    let Some(part) = whole.get(range.clone()) else { return };
    let spans = (highlight.0)(whole, range);
    let fragment = document().create_document_fragment();
    paint_into(&fragment, part, &spans);
    code.set_text_content(None);
    let _ = code.append_child(&fragment);
}

/// Appends a text with its coloured parts.
pub(crate) fn paint_into(node: &Node, text: &str, spans: &[Span]) {
    let document = document();
    let plain = |part: &str| {
        if !part.is_empty() {
            let _ = node.append_child(&document.create_text_node(part));
        }
    };
    let mut at = 0;
    for span in spans {
        let (Some(before), Some(part)) = (text.get(at..span.range.start), text.get(span.range.clone())) else {
            continue;
        };
        plain(before);
        let coloured = element("span");
        coloured.set_class_name(span.class);
        coloured.set_text_content(Some(part));
        let _ = node.append_child(&coloured);
        at = span.range.end;
    }
    plain(text.get(at..).unwrap_or_default());
}

/// The line whose number was clicked.
fn clicked_line(event: &MouseEvent) -> Option<u32> {
    let gutter: HtmlElement = event.target()?.dyn_into().ok()?;
    let first: u32 = gutter.get_attribute("data-first")?.parse().ok()?;
    let y = f64::from(event.client_y()) - gutter.get_bounding_client_rect().top();
    Some(first + (y / LINE).max(0.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_the_text() {
        for lines in [0, 1, 199, 200, 201, 400, 1001] {
            for end in ["", "x"] {
                let text = "key: value\n".repeat(lines) + end;
                let cut = cut(&text);
                let joined: String = cut.iter().map(|(range, _)| &text[range.clone()]).collect();
                assert_eq!(joined, text);
                assert_eq!(cut.iter().map(|(_, lines)| lines).sum::<usize>(), line_count(&text));
                assert!(cut.iter().all(|(_, lines)| *lines <= CHUNK));
            }
        }
    }

    #[test]
    fn slices_are_equal_by_text() {
        let text: Rc<str> = "ab ab".into();
        assert_eq!(Slice::new(text.clone(), 0..2), Slice::new(text.clone(), 3..5));
        assert_ne!(Slice::new(text.clone(), 0..2), Slice::new(text, 0..3));
        assert_eq!(Slice::new("ä".into(), 0..1).as_str(), "ä");
    }
}
