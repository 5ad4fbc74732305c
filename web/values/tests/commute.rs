//! Form edits, YAML edits and resets commute with the model, whatever the chart: 10,000 cases, more with
//! `CHARTWRIGHT_CASES`.

mod support;

use chartwright_values::{Form, FormSource, FormState, Model, Path, Refused, Step, Value, coalesce, parse, to_text};
use support::check::Action;
use support::{Dice, data};

/// A chart that is open, with the form that shows.
struct Page {
    name: String,
    source: FormSource,
    values: String,
    model: Model,
    form: Form,
}

impl Page {
    fn draw(&mut self) {
        self.form = Form::draw(&self.model, &self.source, &FormState::default());
    }

    /// What a person might do in some field.
    fn action(&self, dice: &mut Dice) -> Option<Action> {
        let fields = self.form.fields();
        let field = fields.get(dice.below(fields.len().max(1)))?;
        Action::of(field, dice.below(100))
    }
}

/// What a person has typed as their override.
fn start(dice: &mut Dice, values: &str, mine: Option<&str>) -> String {
    match dice.below(6) {
        0 => String::new(),
        1 => "---\n# my own\n".to_owned(),
        2 => values.to_owned(),
        3 => values.replace('\n', "\r\n"),
        4 => {
            values.lines().filter(|line| !line.trim_start().starts_with('-')).map(|line| format!("{line}\n")).collect()
        }
        _ => mine.unwrap_or("extra: {a: 1} # mine\n").to_owned(),
    }
}

/// A change of the text as a person makes it.
fn typed(dice: &mut Dice, text: &str, values: &Value) -> String {
    match dice.below(6) {
        0 => format!("# head\n{text}"),
        1 => format!("{}\n# tail {}\n", text.trim_end(), dice.below(10)),
        2 => to_text(values),
        3 => {
            let lines: Vec<_> = text.lines().collect();
            let skip = dice.below(lines.len() + 1);
            lines.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, line)| format!("{line}\n")).collect()
        }
        4 => format!("{text}typed: [{}", dice.of(&["", "1]", "a, b]\n"])),
        _ => text.lines().map(|line| format!("{line}\n")).collect::<String>().replace(": true\n", ": true # on\n"),
    }
}

fn no_map(value: Value) -> Value {
    if value == Value::Null { Value::empty_map() } else { value }
}

/// What the model holds is what its text says.
fn check(model: &Model, what: &str) {
    if model.error().is_none() {
        let values = parse(model.text()).unwrap_or_else(|e| panic!("{what}: {e}\n{}", model.text()));
        assert_eq!(no_map(values), *model.values(), "{what}\n{}", model.text());
    }
    assert_eq!(coalesce(model.defaults(), model.values()), *model.values_with_all(), "{what}");
}

/// Whether neither of two places is in the other.
fn are_apart(a: &Path, b: &Path) -> bool {
    !a.contains(b) && !b.contains(a)
}

/// Whether an override has something else than maps above a place, such as a null: what is set there brings all that
/// the chart has beside it back.
fn is_taken_away(values: &Value, place: &Path) -> bool {
    (1..place.len()).any(|len| values.get(&place.prefix(len)).is_some_and(|v| !matches!(v, Value::Map(_))))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test that runs longer when asked to")]
fn form_edits_yaml_edits_and_resets_commute() {
    let cases = std::env::var("CHARTWRIGHT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000_usize);
    let charts = data();
    let (mut edits, mut resets, mut swaps, mut texts, mut refused) = (0, 0, 0, 0, 0);
    let mut dice = Dice(17);
    let mut case = 0;
    while case < cases {
        let chart = &charts[dice.below(charts.len())];
        let mut model = Model::new(&chart.values).unwrap();
        model.set_text(&start(&mut dice, &chart.values, chart.mine.as_deref()));
        let (name, values) = (chart.name.clone(), chart.values.clone());
        let mut page = Page { name, source: chart.source(), values, model, form: Form::default() };
        page.draw();
        for _ in 0..25 {
            case += 1;
            let before = page.model.clone();
            let what = format!("case {case}, {}, text:\n{}", page.name, before.text());
            match dice.below(8) {
                0 | 1 => {
                    let text = typed(&mut dice, before.text(), before.values());
                    page.model.set_text(&text);
                    assert_eq!(page.model.text(), text, "{what}");
                    texts += 1;
                    if page.model.error().is_some() {
                        // What was good stays, the form rests, and nothing that was typed is lost.
                        assert_eq!(page.model.values(), before.values(), "{what}");
                        page.draw();
                        assert!(page.form.disabled.is_some(), "{what}");
                        if let Some(action) = page.action(&mut dice) {
                            assert!(matches!(action.run(&mut page.model), Err(Refused::InvalidText(_))), "{what}");
                        }
                        assert_eq!(page.model.text(), text, "{what}");
                        page.model.set_text(before.text());
                    }
                }
                2 | 3 => {
                    let changed: Vec<Path> =
                        page.form.fields().iter().filter(|f| f.is_changed).map(|f| f.path.clone()).collect();
                    let Some(path) = changed.get(dice.below(changed.len().max(1))) else { continue };
                    match page.model.unset(path) {
                        Ok(()) => {
                            resets += 1;
                            // Where an item goes, the next one takes its place.
                            if !matches!(path.last(), Some(Step::Index(_))) {
                                let below = page.model.values_below().get(path).cloned();
                                let what = format!("{what}\nreset of {path}:\n{}", page.model.text());
                                assert_eq!(page.model.values_with_all().get(path).cloned(), below, "{what}");
                                page.draw();
                                let field = page.form.fields().into_iter().find(|f| f.path == *path);
                                assert!(field.is_none_or(|f| !f.is_changed), "{what}");
                            }
                        }
                        Err(Refused::Entangled(_)) => refused += 1,
                        Err(e) => panic!("{what}: {e}"),
                    }
                }
                _ => {
                    let Some(action) = page.action(&mut dice) else { continue };
                    let what = format!("{what}\n{action:?}");
                    match action.run(&mut page.model) {
                        Ok(()) => edits += 1,
                        // Questions ask about items that may not be there.
                        Err(
                            Refused::Entangled(_) | Refused::KeyExists(_) | Refused::NoList(_) | Refused::NoItem(..),
                        ) => {
                            refused += 1;
                            assert_eq!(page.model.text(), before.text(), "{what}");
                            continue;
                        }
                        Err(e) => panic!("{what}: {e}"),
                    }
                    let expected = action.expected(&before);
                    assert_eq!(*page.model.values(), expected, "{what}\n{}", page.model.text());
                    // The same by hand.
                    let mut by_hand = before.clone();
                    by_hand.set_text(&to_text(&expected));
                    assert_eq!(by_hand.values_with_all(), page.model.values_with_all(), "{what}");
                    // Another edit, before it or behind it.
                    if let Some(other) = page.action(&mut dice).filter(|other| {
                        let places = [other.place(), action.place()];
                        are_apart(&places[0], &places[1]) && !places.iter().any(|at| is_taken_away(before.values(), at))
                    }) {
                        let (mut first, mut second) = (before.clone(), page.model.clone());
                        let both = [other.run(&mut first), action.run(&mut first), other.run(&mut second)];
                        if both.iter().all(Result::is_ok) {
                            swaps += 1;
                            assert_eq!(first.values(), second.values(), "{what}\n{other:?}");
                            // A reset of one leaves the other.
                            if first.unset(&other.path).is_ok() && before.values().get(&other.place()).is_none() {
                                let kept = first.values().get(&action.place());
                                assert_eq!(kept, page.model.values().get(&action.place()), "{what}\n{other:?}");
                            }
                        }
                    }
                    // A reset gives back what was, if nothing was there.
                    let top = action.path.prefix(1);
                    if before.values().get(&top).is_none() {
                        let mut reset = page.model.clone();
                        reset.unset(&action.path).unwrap_or_else(|e| panic!("{what}: {e}"));
                        assert_eq!(reset.values(), before.values(), "{what}\n{}", reset.text());
                    }
                    let mut undone = page.model.clone();
                    if undone.text() != before.text() {
                        assert!(undone.undo(), "{what}");
                        undone.redo();
                        assert_eq!(undone.text(), page.model.text(), "{what}");
                    }
                }
            }
            check(&page.model, &what);
            page.draw();
            // Whoever types the same text sees the same form.
            let mut fresh = Model::new(&page.values).unwrap();
            fresh.set_text(page.model.text());
            let form = Form::draw(&fresh, &page.source, &FormState::default());
            assert_eq!(form, page.form, "{what}\n{}", page.model.text());
        }
    }
    let figures = format!("{edits} edits, {resets} resets, {swaps} swapped, {texts} texts, {refused} refused");
    assert!(edits > cases / 4 && resets > cases / 20 && swaps > cases / 20 && texts > cases / 8, "{figures}");
    assert!(refused < cases / 20, "{figures}");
}
