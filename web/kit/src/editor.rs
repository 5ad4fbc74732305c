//! A text editor: a textarea over the same text in colour.
//!
//! The textarea keeps what browsers do well: input methods, undo, selection, phones, screen readers. The coloured copy
//! below it has the same metrics, and gives the pane its size, so both scroll as one. Only lines that changed are
//! drawn anew.

use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::code::{Highlight, Span, paint_into};
use crate::dom::{element, set_property};

/// Texts of more bytes are shown without colour and line numbers: a copy of hundreds of thousands of elements takes the
/// browser many seconds.
const MOST: usize = 256 << 10;

/// Something to say about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorMark {
    /// The line, from 1.
    pub line: u32,
    /// Whether it is an error; else a warning.
    pub error: bool,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// A text that may be written at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What is shown.
    pub label: String,
    /// What it is, in a few words.
    pub detail: String,
    /// What is written.
    pub insert: String,
    /// How many characters before the caret it replaces.
    pub replaces: u32,
}

/// What an [`Editor`] shows, and where its events go.
#[derive(Clone, PartialEq, Properties)]
pub struct EditorProps {
    /// The element's id, for labels and jumps.
    pub id: AttrValue,
    /// What the text is, for screen readers.
    pub label: AttrValue,
    /// The text.
    pub text: Rc<str>,
    /// How it is coloured.
    pub highlight: Highlight,
    /// What is wrong, by line.
    #[prop_or_default]
    pub marks: Rc<[EditorMark]>,
    /// Whether it cannot be edited.
    #[prop_or_default]
    pub readonly: bool,
    /// The text after an edit.
    #[prop_or_default]
    pub on_input: Callback<String>,
    /// Where the caret is: line and column in characters, from 1.
    #[prop_or_default]
    pub on_caret: Callback<(u32, u32)>,
    /// What may be written at the caret.
    #[prop_or_default]
    pub suggestions: Rc<[Suggestion]>,
    /// A wish to be at a line, from 1; it is followed when it changes.
    #[prop_or_default]
    pub goto: Option<(u32, u32)>,
}

/// What happens in an editor.
pub enum EditorMessage {
    /// Text was typed.
    Input,
    /// The caret moved.
    Caret,
    /// A key was pressed.
    Key(KeyboardEvent),
    /// A suggestion was chosen.
    Choose(usize),
    /// The focus went away.
    Blur,
}

/// A line as it is drawn.
struct Line {
    text: String,
    spans: Vec<Span>,
    element: HtmlElement,
}

/// A text editor.
pub struct Editor {
    area: NodeRef,
    paper: NodeRef,
    lines: Vec<Line>,
    /// Which suggestion is marked.
    at: usize,
    /// Whether suggestions are shown: from typing until a choice, Escape or a move.
    open: bool,
    /// The next Tab leaves the field.
    leaving: bool,
    caret: (u32, u32),
}

impl Component for Editor {
    type Message = EditorMessage;
    type Properties = EditorProps;

    fn create(_: &Context<Editor>) -> Editor {
        Editor {
            area: NodeRef::default(),
            paper: NodeRef::default(),
            lines: Vec::new(),
            at: 0,
            open: false,
            leaving: false,
            caret: (1, 1),
        }
    }

    fn changed(&mut self, ctx: &Context<Editor>, old: &EditorProps) -> bool {
        let new = ctx.props();
        if new.text != old.text {
            self.show(new);
        }
        if new.marks != old.marks {
            self.mark(&new.marks);
        }
        if new.goto != old.goto
            && let Some(place) = new.goto
        {
            self.go(place);
        }
        if new.suggestions != old.suggestions {
            self.at = 0;
            return true;
        }
        new.readonly != old.readonly || new.id != old.id || new.label != old.label
    }

    fn update(&mut self, ctx: &Context<Editor>, message: EditorMessage) -> bool {
        let Some(area) = self.area.cast::<HtmlTextAreaElement>() else { return false };
        match message {
            EditorMessage::Input => {
                let text = area.value();
                self.draw(&text, ctx.props().highlight);
                self.mark(&ctx.props().marks);
                self.open = true;
                ctx.props().on_input.emit(text);
                self.moved(ctx, &area);
                true
            }
            EditorMessage::Caret => {
                let before = self.caret;
                self.moved(ctx, &area);
                let close = self.open && before.0 != self.caret.0;
                self.open &= !close;
                close
            }
            EditorMessage::Key(event) => self.key(ctx, &area, &event),
            EditorMessage::Choose(index) => {
                self.choose(ctx, &area, index);
                true
            }
            EditorMessage::Blur => {
                ctx.props().on_caret.emit(self.caret);
                std::mem::take(&mut self.open)
            }
        }
    }

    fn view(&self, ctx: &Context<Editor>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let hint = format!("{}-keys", props.id);
        html! {
            <div class="editor">
                <div class="paper" ref={self.paper.clone()} aria-hidden="true" />
                <textarea
                    id={&props.id} ref={self.area.clone()} aria-label={&props.label} aria-describedby={hint.clone()}
                    spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" readonly={props.readonly}
                    oninput={link.callback(|_: InputEvent| EditorMessage::Input)}
                    onkeydown={link.callback(EditorMessage::Key)}
                    onkeyup={link.callback(|_: KeyboardEvent| EditorMessage::Caret)}
                    onclick={link.callback(|_: MouseEvent| EditorMessage::Caret)}
                    onblur={link.callback(|_: FocusEvent| EditorMessage::Blur)}
                />
                <span id={hint} class="hidden">{"Tab indents. Escape, then Tab leaves the field."}</span>
                { self.suggestions(ctx) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Editor>, first: bool) {
        if first {
            self.show(ctx.props());
            self.mark(&ctx.props().marks);
            if let Some(place) = ctx.props().goto {
                self.go(place);
            }
        }
    }
}

impl Editor {
    /// Shows the text of the properties, unless that is what the person just typed.
    fn show(&mut self, props: &EditorProps) {
        let Some(area) = self.area.cast::<HtmlTextAreaElement>() else { return };
        if area.value() != *props.text {
            let caret = area.selection_start().ok().flatten().unwrap_or(0);
            area.set_value(&props.text);
            let _ = area.set_selection_range(caret, caret);
        }
        self.draw(&props.text, props.highlight);
    }

    /// Draws the lines that changed.
    fn draw(&mut self, text: &str, highlight: Highlight) {
        let Some(paper) = self.paper.cast::<HtmlElement>() else { return };
        if let Some(editor) = paper.parent_element() {
            editor.set_class_name(if text.len() > MOST { "editor plain" } else { "editor" });
        }
        if text.len() > MOST {
            self.lines.clear();
            paper.set_text_content(None);
            return;
        }
        let new = coloured(text, highlight);
        let same = |line: &Line, new: &(&str, Vec<Span>)| line.text == new.0 && line.spans == new.1;
        let start = self.lines.iter().zip(&new).take_while(|(line, new)| same(line, new)).count();
        let end = self.lines[start..]
            .iter()
            .rev()
            .zip(new[start..].iter().rev())
            .take_while(|(line, new)| same(line, new))
            .count();
        let kept = self.lines.split_off(self.lines.len() - end);
        for gone in self.lines.drain(start..) {
            gone.element.remove();
        }
        let behind = kept.first().map(|line| line.element.clone());
        let count = new.len() - end;
        for (text, spans) in new.into_iter().take(count).skip(start) {
            let element = element("div");
            element.set_class_name("line");
            paint_into(&element, text, &spans);
            let _ = paper.insert_before(&element, behind.as_deref().map(|behind| &**behind));
            self.lines.push(Line { text: text.to_owned(), spans, element });
        }
        self.lines.extend(kept);
        set_property(&paper, "--digits", &self.lines.len().to_string().len().max(2).to_string());
    }

    /// Marks lines in the gutter.
    fn mark(&self, marks: &[EditorMark]) {
        for line in &self.lines {
            if line.element.has_attribute("data-mark") {
                let _ = line.element.remove_attribute("data-mark");
                let _ = line.element.remove_attribute("data-says");
            }
        }
        for mark in marks {
            // A text that ends too early is wrong behind its last line.
            let last = self.lines.len().saturating_sub(1);
            let Some(line) = self.lines.get((mark.line as usize).saturating_sub(1).min(last)) else { continue };
            let _ = line.element.set_attribute("data-mark", if mark.error { "error" } else { "warning" });
            let _ = line.element.set_attribute("data-says", &mark.message);
        }
    }

    /// Puts the caret at a line and column.
    fn go(&self, place: (u32, u32)) {
        let Some(area) = self.area.cast::<HtmlTextAreaElement>() else { return };
        let offset = offset(&area.value(), place);
        let _ = area.focus();
        let _ = area.set_selection_range(offset, offset);
        if let Some(line) = self.lines.get((place.0 as usize).saturating_sub(1)) {
            line.element.scroll_into_view();
        }
    }

    fn moved(&mut self, ctx: &Context<Editor>, area: &HtmlTextAreaElement) {
        let caret = area.selection_start().ok().flatten().unwrap_or(0);
        let place = place(&area.value(), caret);
        if place != self.caret {
            self.caret = place;
            if let Some(paper) = self.paper.cast::<HtmlElement>().and_then(|paper| paper.parent_element()) {
                set_property(&paper, "--caret-line", &place.0.to_string());
                set_property(&paper, "--caret-column", &(place.1 - 1).to_string());
            }
            ctx.props().on_caret.emit(place);
        }
    }

    fn key(&mut self, ctx: &Context<Editor>, area: &HtmlTextAreaElement, event: &KeyboardEvent) -> bool {
        let count = ctx.props().suggestions.len();
        let listed = self.open && count > 0;
        let leaving = std::mem::take(&mut self.leaving);
        match event.key().as_str() {
            "Escape" => {
                self.leaving = true;
                std::mem::take(&mut self.open)
            }
            "ArrowDown" if listed => {
                event.prevent_default();
                self.at = (self.at + 1) % count;
                true
            }
            "ArrowUp" if listed => {
                event.prevent_default();
                self.at = (self.at + count - 1) % count;
                true
            }
            "Enter" | "Tab" if listed && !event.shift_key() => {
                event.prevent_default();
                self.choose(ctx, area, self.at);
                true
            }
            " " if event.ctrl_key() => {
                event.prevent_default();
                self.open = true;
                true
            }
            "Tab" if !leaving && !event.shift_key() && !ctx.props().readonly => {
                event.prevent_default();
                let column = self.caret.1 as usize - 1;
                self.write(ctx, area, 0, &" ".repeat(2 - column % 2));
                true
            }
            "Enter" if !ctx.props().readonly && !event.ctrl_key() && !event.meta_key() => {
                let text = area.value();
                let line = text.lines().nth(self.caret.0 as usize - 1).unwrap_or_default();
                let indent = indent_after(line, self.caret.1 as usize - 1);
                if indent.is_empty() {
                    return false;
                }
                event.prevent_default();
                self.write(ctx, area, 0, &format!("\n{indent}"));
                true
            }
            _ => false,
        }
    }

    fn choose(&mut self, ctx: &Context<Editor>, area: &HtmlTextAreaElement, index: usize) {
        self.open = false;
        if let Some(suggestion) = ctx.props().suggestions.get(index) {
            self.write(ctx, area, suggestion.replaces, &suggestion.insert);
        }
    }

    /// Writes at the caret as if it were typed, so that the browser's undo knows of it.
    fn write(&mut self, ctx: &Context<Editor>, area: &HtmlTextAreaElement, replaces: u32, text: &str) {
        let end = area.selection_end().ok().flatten().unwrap_or(0);
        let start = area.selection_start().ok().flatten().unwrap_or(end).saturating_sub(replaces);
        let _ = area.focus();
        let _ = area.set_selection_range(start, end);
        let command: Option<js_sys::Function> =
            js_sys::Reflect::get(&crate::dom::document(), &"execCommand".into()).ok().and_then(|f| f.dyn_into().ok());
        let typed = command.and_then(|command| {
            command.call3(&crate::dom::document(), &"insertText".into(), &false.into(), &text.into()).ok()
        });
        // The command fires `input` itself. Where there is none, the text is replaced, and undo forgets it.
        if typed.is_none_or(|done| !done.is_truthy()) {
            let _ = area.set_range_text_with_start_and_end(text, start, end);
            let caret = start + text.encode_utf16().count() as u32;
            let _ = area.set_selection_range(caret, caret);
            ctx.link().send_message(EditorMessage::Input);
        }
        self.open = false;
    }

    fn suggestions(&self, ctx: &Context<Editor>) -> Html {
        let list = &ctx.props().suggestions;
        if !self.open || list.is_empty() {
            return Html::default();
        }
        let items = list.iter().enumerate().map(|(index, one)| {
            // The field must not lose the focus before the choice arrives.
            let onmousedown = ctx.link().callback(move |event: MouseEvent| {
                event.prevent_default();
                EditorMessage::Choose(index)
            });
            let selected = if index == self.at { "true" } else { "false" };
            html! {
                <li role="option" aria-selected={selected} {onmousedown}>
                    <span>{ &one.label }</span><small>{ &one.detail }</small>
                </li>
            }
        });
        html! { <ul class="suggestions" role="listbox" aria-label="Suggestions">{ for items }</ul> }
    }
}

/// The lines of a text with their coloured parts.
fn coloured(text: &str, highlight: Highlight) -> Vec<(&str, Vec<Span>)> {
    let mut spans = (highlight.0)(text, 0..text.len()).into_iter().peekable();
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        let mut own = Vec::new();
        // Highlighters end their spans with the line, so a span never reaches into the next one.
        while let Some(span) = spans.next_if(|span| span.range.start < end) {
            own.push(cut(&span, start..end));
        }
        lines.push((line, own));
        start = end + 1;
    }
    lines
}

fn cut(span: &Span, line: Range<usize>) -> Span {
    let end = span.range.end.min(line.end);
    Span { range: span.range.start - line.start..end - line.start, class: span.class }
}

/// The line and column, from 1 and in characters, of an offset in UTF-16 units.
fn place(text: &str, offset: u32) -> (u32, u32) {
    let (mut line, mut column, mut units) = (1, 1, 0);
    for char in text.chars() {
        if units >= offset {
            break;
        }
        units += char.len_utf16() as u32;
        (line, column) = if char == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    (line, column)
}

/// The offset in UTF-16 units of a line and column; the end of the line where it is shorter.
fn offset(text: &str, (line, column): (u32, u32)) -> u32 {
    let (mut at_line, mut at_column, mut units) = (1, 1, 0);
    for char in text.chars() {
        if at_line > line || (at_line == line && (at_column >= column || char == '\n')) {
            break;
        }
        units += char.len_utf16() as u32;
        (at_line, at_column) = if char == '\n' { (at_line + 1, 1) } else { (at_line, at_column + 1) };
    }
    units
}

/// The indent of the line after this one: two more where a mapping opens.
fn indent_after(line: &str, column: usize) -> String {
    let before: String = line.chars().take(column).collect();
    let spaces = before.len() - before.trim_start_matches(' ').len();
    let more = if before.trim_end().ends_with(':') { 2 } else { 0 };
    " ".repeat(spaces + more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_offsets_agree() {
        let text = "a: ü\nb: 😀x\n\nc";
        for (place_wanted, at) in [((1, 1), 0), ((1, 5), 4), ((2, 1), 5), ((2, 5), 10), ((3, 1), 12), ((4, 2), 14)] {
            assert_eq!(place(text, at), place_wanted, "{at}");
            assert_eq!(offset(text, place_wanted), at, "{place_wanted:?}");
        }
        assert_eq!(offset(text, (1, 99)), 4);
        assert_eq!(offset(text, (99, 1)), 14);
    }

    #[test]
    fn lines_open_at_their_indent() {
        for (line, column, want) in [("a:", 2, "  "), ("  a: b", 6, "  "), ("  a:", 4, "    "), ("", 0, "")] {
            assert_eq!(indent_after(line, column), want, "{line:?}");
        }
    }
}
