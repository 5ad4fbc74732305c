//! The installation of what is shown, where the server of the page stores modules.

use super::super::open::Source;
use super::super::state::{Effect, State};
use crate::manage::with_own_values;
use crate::parts::capital;

/// Whether what is shown can be stored on the server of the page.
pub(crate) fn installs(state: &State) -> bool {
    let stores = state.server.as_ref().is_some_and(|server| server.stores());
    let opened = state.opened.shown();
    stores && state.host.is_none() && opened.is_some_and(|opened| matches!(opened.source, Source::Descriptor { .. }))
}

/// The descriptor with one's own values as the operator's: what it would deploy is shown first.
pub(super) fn install(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    let Source::Descriptor { text, .. } = &opened.source else { return };
    if let Some(trouble) = values.broken() {
        let says = format!("The values cannot be read: {}. Mend them first.", trouble.what);
        return effects.push(Effect::Tell(says));
    }
    match with_own_values(text, &values.text(), true) {
        Ok(text) => state.installing = Some(text.into()),
        Err(refused) => effects.push(Effect::Tell(capital(&refused.to_string()))),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::super::state::{Event, Input, Kept};
    use super::super::super::values::tests::opened;
    use super::super::{start, update};
    use super::*;
    use crate::form::Edit;
    use crate::manage::Capabilities;
    use crate::route::Route;

    fn open(source: Source) -> State {
        let (state, _) = start(Input { route: Route::read("m/shop/1.0.0"), host: None });
        let opened = crate::preview::Opened { source, ..opened("a: 1\n", None) };
        update(state, Event::Opened(Ok(Rc::new(opened)), Box::<Kept>::default())).0
    }

    fn server() -> Option<Rc<Capabilities>> {
        let operations = vec!["createDescriptor".to_owned(), "replaceDescriptor".to_owned()];
        Some(Rc::new(Capabilities { operations, ..Capabilities::default() }))
    }

    #[test]
    fn ones_own_values_are_the_operators() {
        let text = "metadata: {name: shop}\nspec:\n  module: {version: 1.0.0}\n";
        let state = open(Source::Descriptor { text: text.into(), charts: Vec::new() });
        assert!(!installs(&state));
        let (state, _) = update(state, Event::Server(server()));
        assert!(installs(&state));
        let (state, _) = update(state, Event::Edit(Edit::Text("a: 2\n".into())));
        let (state, _) = update(state, Event::Install);
        let stored = state.installing.clone().unwrap();
        assert_eq!(crate::manage::own_values(&stored), "a: 2\n");
        let (state, _) = update(state, Event::Installed);
        // What cannot be read is not stored.
        let (state, _) = update(state, Event::Edit(Edit::Text("a: [".into())));
        let (state, effects) = update(state, Event::Install);
        assert!(state.installing.is_none());
        assert!(matches!(&effects[..], [Effect::Tell(says)] if says.starts_with("The values cannot be read")));
    }

    #[test]
    fn charts_are_not_stored() {
        let (state, _) = update(open(Source::Chart), Event::Server(server()));
        assert!(!installs(&state));
    }
}
