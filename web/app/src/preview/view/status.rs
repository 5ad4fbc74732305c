//! The line below the panes.

use yew::prelude::*;

use super::super::state::{Keeping, State};
use crate::load::Load;
use crate::words::count;

pub(super) fn bar(state: &State) -> Html {
    let engine = match &state.result {
        _ if matches!(state.opened, Load::Failed(_, None)) => "could not be opened".to_owned(),
        Load::Loading(_) | Load::Again(..) => "rendering".to_owned(),
        Load::Failed(..) => "does not render".to_owned(),
        Load::Ready(result) => format!("ready in {} ms", milliseconds(result.took)),
        Load::Idle => state.progress.clone(),
    };
    let changes = state.values.as_ref().map_or(0, |values| values.changes());
    // An edit that reaches nothing is seen nowhere else.
    let reach = match &state.result {
        Load::Ready(result) if state.last.is_some() && result.moved == 0 => Some("the last change reaches no object"),
        Load::Ready(result) if state.last.is_some() && result.moved_running == 0 => {
            Some("the last change reaches only HelmReleases: nothing that runs changes")
        }
        _ => None,
    };
    let waited = state.waited.map(|waited| format!("{} ms from key to result", milliseconds(waited)));
    let passwords = state.values.as_ref().map_or(0, |values| values.secret_paths().len());
    let kept = match state.keeping {
        _ if state.host.is_some() => String::new(),
        _ if state.elsewhere.is_some() => ", not kept: another tab has changed them".to_owned(),
        Keeping::Kept => kept(passwords),
        Keeping::OfLink => " by the link, kept as soon as you edit".to_owned(),
        Keeping::NoRoom => ", not kept: this browser has no room".to_owned(),
    };
    html! {
        <footer class="status">
            <span title={waited}>{ engine }</span>
            if let Some(reach) = reach { <span>{ reach }</span> }
            if state.offline { <span class="ok">{"works offline"}</span> }
            if changes > 0 { <span>{ count(changes, "change") }{ kept }</span> }
            <span class="space" />
            if state.host.is_none() { <span class="keys"><kbd>{"?"}</kbd>{" shortcuts"}</span> }
        </footer>
    }
}

/// What of the changes is kept, with so many passwords among them.
fn kept(passwords: usize) -> String {
    match passwords {
        0 => ", kept on this machine".to_owned(),
        1 => "; 1 is not kept (password)".to_owned(),
        more => format!("; {more} are not kept (passwords)"),
    }
}

fn milliseconds(time: f64) -> String {
    if time < 10.0 { format!("{time:.1}") } else { format!("{time:.0}") }
}
