//! The dialog's state, and what changes it.

use std::rc::Rc;

use yew::Callback;

use crate::load::Trouble;
use crate::manage::{
    Capabilities, Difference, Drift, Id, Preview, Refusal, Release, Step, Stored, Why, id_of, passwords, with_values_of,
};

/// What is to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The descriptor.
    pub text: Rc<str>,
    /// What people call the module.
    pub title: String,
    /// What the server can do.
    pub server: Rc<Capabilities>,
    /// Whether it is stored and no more, as in the developer's view.
    pub stores_only: bool,
    /// Whether the operator's values that are stored stay below those of the text, as for a module of the catalog.
    pub carries: bool,
    /// The dialog closes; what was stored, if anything was.
    pub on_close: Callback<Option<Id>>,
}

/// What would be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What is stored now.
    pub stored: Option<Stored>,
    /// What is deployed now.
    pub release: Option<Release>,
    /// Of something new: what it deploys.
    pub preview: Option<Preview>,
    /// Of something that is stored: what changes.
    pub difference: Option<Difference>,
    /// What is stored and not yet deployed.
    pub waiting: Option<Drift>,
}

impl Plan {
    /// Whether it is deployed.
    pub fn installed(&self) -> bool {
        self.release.as_ref().is_some_and(|release| release.installed)
    }
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// It finds out what would change.
    Looking,
    /// It waits for a decision.
    Asking,
    /// It is being stored, and deployed.
    Working(Vec<Step>),
    /// It is done: what is deployed, if it was.
    Done(Option<Release>),
    /// It was refused.
    Refused(Refusal),
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct State {
    /// What is to be stored.
    pub input: Input,
    /// Its name.
    pub id: Option<Id>,
    /// What will be stored: the text, perhaps with values that are stored now.
    pub text: Rc<str>,
    /// Whether the operator's values that are stored stay.
    pub carry: bool,
    /// How many passwords of the operator it has.
    pub passwords: usize,
    /// What would be done, once that is known.
    pub plan: Option<Rc<Plan>>,
    /// How far it is.
    pub stage: Stage,
    /// Whether it is deployed once it is stored.
    pub deploys: bool,
    /// Whether something was stored.
    pub stored: bool,
    /// Differences side by side.
    pub side_by_side: bool,
}

impl State {
    /// Whether what is stored is already the same.
    pub fn is_stored(&self) -> bool {
        let stored = self.plan.as_ref().and_then(|plan| plan.stored.as_ref());
        stored.is_some_and(|stored| stored.text == self.text)
    }

    /// Whether values of the operator are stored that could stay, or go.
    pub fn can_carry(&self) -> bool {
        let stored = self.plan.as_ref().and_then(|plan| plan.stored.as_ref());
        self.input.carries
            && stored.is_some_and(|stored| with_values_of(&self.input.text, &stored.text) != *self.input.text)
    }

    /// Whether it can be deployed from here.
    pub fn can_deploy(&self) -> bool {
        !self.input.stores_only && self.input.server.operates()
    }
}

/// What happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// What would be done is known.
    Looked(Result<Rc<Plan>, Refusal>),
    /// It shall be done: stored, and perhaps deployed.
    Confirm {
        /// Deployed as well.
        deploy: bool,
    },
    /// It is stored.
    Stored(Result<Stored, Refusal>),
    /// A step of the deployment.
    Step(Step),
    /// It is deployed.
    Deployed(Result<Release, Refusal>),
    /// It is compared again with what is stored.
    Again,
    /// The operator's values that are stored stay, or not.
    Carry(bool),
    /// Unified, or side by side.
    SideBySide(bool),
    /// The dialog closes.
    Close,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Finds out what would change.
    Look(Id, Rc<str>, bool),
    /// Stores it: anew, or over what has this tag.
    Store(Id, Rc<str>, Option<String>),
    /// Deploys what is stored.
    Deploy(Id),
    /// Closes.
    Close(Callback<Option<Id>>, Option<Id>),
    /// The focus goes to the button of this id.
    Focus(&'static str),
    /// Screen readers are told.
    Say(String),
}

/// The id of the button that goes on.
pub(super) const GO: &str = "deploy-go";

pub(super) fn start(input: Input) -> (State, Vec<Effect>) {
    let id = id_of(&input.text);
    let effects = id.clone().map(|id| Effect::Look(id, input.text.clone(), input.server.operates()));
    let stage = match id {
        Some(_) => Stage::Looking,
        None => {
            let trouble = Trouble::new("the descriptor has no `metadata.name`").hint("give it a name in Develop");
            Stage::Refused(Refusal { why: Why::Other, trouble })
        }
    };
    let state = State {
        id,
        passwords: passwords(&input.text),
        text: input.text.clone(),
        carry: input.carries,
        plan: None,
        stage,
        deploys: false,
        stored: false,
        side_by_side: false,
        input,
    };
    (state, effects.into_iter().collect())
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    apply(&mut state, event, &mut effects);
    (state, effects)
}

fn apply(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    let Some(id) = state.id.clone() else {
        if let Event::Close = event {
            effects.push(Effect::Close(state.input.on_close.clone(), None));
        }
        return;
    };
    match event {
        Event::Looked(Ok(plan)) => {
            let stored = plan.stored.as_ref().map(|stored| stored.text.clone());
            state.plan = Some(plan);
            let text: Rc<str> = match stored.filter(|_| state.carry) {
                Some(stored) => with_values_of(&state.input.text, &stored).into(),
                None => state.input.text.clone(),
            };
            if text != state.text {
                (state.passwords, state.text) = (passwords(&text), text);
                return look(state, id, effects);
            }
            state.stage = Stage::Asking;
            effects.push(Effect::Focus(GO));
        }
        Event::Looked(Err(refusal)) => refuse(state, refusal, effects),
        // A second press of the button is none.
        Event::Confirm { deploy } if state.stage == Stage::Asking => {
            state.deploys = deploy;
            state.stage = Stage::Working(Vec::new());
            if state.is_stored() {
                done_or_deploy(state, id, effects);
            } else {
                let stored = state.plan.as_ref().and_then(|plan| plan.stored.as_ref());
                let tag = stored.map(|stored| stored.tag.clone());
                effects.push(Effect::Store(id, state.text.clone(), tag));
            }
        }
        Event::Confirm { .. } => {}
        Event::Stored(Ok(stored)) => {
            state.stored = true;
            if let Some(plan) = &mut state.plan {
                // Whatever comes now, this is the version that is stored.
                Rc::make_mut(plan).stored = Some(Stored { text: state.text.clone(), ..stored });
            }
            done_or_deploy(state, id, effects);
        }
        Event::Step(step) => {
            if let Stage::Working(steps) = &mut state.stage
                && steps.last() != Some(&step)
            {
                effects.push(Effect::Say(step.words()));
                steps.push(step);
            }
        }
        Event::Deployed(Ok(release)) => {
            state.stage = Stage::Done(Some(release));
            effects.push(Effect::Say(format!("{} is deployed", state.input.title)));
            effects.push(Effect::Focus(GO));
        }
        Event::Stored(Err(refusal)) | Event::Deployed(Err(refusal)) => refuse(state, refusal, effects),
        Event::Again => look(state, id, effects),
        Event::Carry(carry) => {
            state.carry = carry;
            // What is known of the stored one says what the text is now.
            if let Some(plan) = state.plan.clone() {
                apply(state, Event::Looked(Ok(plan)), effects);
            }
        }
        Event::SideBySide(side) => state.side_by_side = side,
        Event::Close => {
            effects.push(Effect::Close(state.input.on_close.clone(), state.stored.then_some(id)));
        }
    }
}

fn look(state: &mut State, id: Id, effects: &mut Vec<Effect>) {
    state.stage = Stage::Looking;
    effects.push(Effect::Look(id, state.text.clone(), state.input.server.operates()));
}

fn done_or_deploy(state: &mut State, id: Id, effects: &mut Vec<Effect>) {
    if state.deploys {
        effects.push(Effect::Deploy(id));
    } else {
        state.stage = Stage::Done(None);
        effects.push(Effect::Say(format!("{} is stored", state.input.title)));
        effects.push(Effect::Focus(GO));
    }
}

fn refuse(state: &mut State, refusal: Refusal, effects: &mut Vec<Effect>) {
    effects.push(Effect::Say(refusal.trouble.what.clone()));
    effects.push(Effect::Focus(GO));
    state.stage = Stage::Refused(refusal);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(server: Capabilities, text: &str) -> (State, Vec<Effect>) {
        let server = Rc::new(server);
        let on_close = Callback::noop();
        start(Input { text: text.into(), title: "Shop".into(), server, stores_only: false, carries: true, on_close })
    }

    fn git() -> Capabilities {
        let operations = ["createDescriptor", "replaceDescriptor", "operate"].map(str::to_owned).to_vec();
        Capabilities { deploys: crate::manage::Deploys::Git, operations, ..Capabilities::default() }
    }

    const SHOP: &str = "metadata: {name: shop, namespace: web}\n";

    fn plan(stored: Option<(&str, &str)>) -> Rc<Plan> {
        let stored = stored.map(|(text, tag)| Stored { text: text.into(), tag: tag.into(), ..Stored::default() });
        Rc::new(Plan { stored, ..Plan::default() })
    }

    #[test]
    fn something_new_is_stored_and_deployed() {
        let id = Id::new("web", "shop");
        let (state, effects) = opened(git(), SHOP);
        assert_eq!(effects, [Effect::Look(id.clone(), SHOP.into(), true)]);
        let (state, _) = update(state, Event::Looked(Ok(plan(None))));
        let (state, effects) = update(state, Event::Confirm { deploy: true });
        assert_eq!(effects, [Effect::Store(id.clone(), SHOP.into(), None)]);
        // Twice is once.
        let (state, effects) = update(state, Event::Confirm { deploy: true });
        assert_eq!(effects, []);
        let (state, effects) = update(state, Event::Stored(Ok(Stored::default())));
        assert_eq!(effects, [Effect::Deploy(id.clone())]);
        let (state, _) = update(state, Event::Deployed(Ok(Release::default())));
        let (_, effects) = update(state, Event::Close);
        assert_eq!(effects, [Effect::Close(Callback::noop(), Some(id))].map(|_| effects[0].clone()));
        assert!(matches!(&effects[0], Effect::Close(_, Some(_))));
    }

    #[test]
    fn changes_of_others_lose_nothing() {
        let (state, _) = opened(git(), SHOP);
        let (state, _) = update(state, Event::Looked(Ok(plan(Some(("old", "\"1\""))))));
        let (state, effects) = update(state, Event::Confirm { deploy: false });
        assert!(matches!(&effects[..], [Effect::Store(_, _, Some(tag))] if tag == "\"1\""));
        let (state, _) = update(state, Event::Stored(Err(Refusal::of(412, b""))));
        assert!(matches!(&state.stage, Stage::Refused(refusal) if refusal.why == Why::Changed));
        // The way out compares with what is stored now; the text is the same.
        let (state, effects) = update(state, Event::Again);
        assert_eq!(effects, [Effect::Look(Id::new("web", "shop"), SHOP.into(), true)]);
        let (state, _) = update(state, Event::Looked(Ok(plan(Some(("theirs", "\"2\""))))));
        let (_, effects) = update(state, Event::Confirm { deploy: false });
        assert!(matches!(&effects[..], [Effect::Store(_, text, Some(tag))] if tag == "\"2\"" && &**text == SHOP));
    }

    #[test]
    fn what_is_stored_is_not_stored_again() {
        let (state, _) = opened(git(), SHOP);
        let (state, _) = update(state, Event::Looked(Ok(plan(Some((SHOP, "\"1\""))))));
        let (state, effects) = update(state, Event::Confirm { deploy: true });
        assert_eq!(effects, [Effect::Deploy(Id::new("web", "shop"))]);
        // A deployment that failed can be tried again, and does not store either.
        let (state, _) = update(state, Event::Deployed(Err(Refusal::of(502, b"{}"))));
        let (state, _) = update(state, Event::Again);
        let (_, effects) = update(state, Event::Close);
        assert!(matches!(&effects[..], [Effect::Close(_, None)]));
    }

    #[test]
    fn values_that_are_stored_stay_unless_they_shall_go() {
        let own = |replicas: u8| format!("{SHOP}spec: {{release: {{values: {{front: {{replicas: {replicas}}}}}}}}}\n");
        let (state, _) = opened(git(), SHOP);
        let (state, effects) = update(state, Event::Looked(Ok(plan(Some((&own(3), "\"1\""))))));
        // It is compared anew, with the values that stay.
        let [Effect::Look(_, text, _)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(crate::manage::own_values(text), "front:\n  replicas: 3\n");
        let (state, effects) = update(state, Event::Looked(Ok(plan(Some((&own(3), "\"1\""))))));
        assert_eq!((effects, state.can_carry()), (vec![Effect::Focus(GO)], true));
        let (state, effects) = update(state, Event::Carry(false));
        assert_eq!(effects, [Effect::Look(Id::new("web", "shop"), SHOP.into(), true)]);
        let (state, _) = update(state, Event::Looked(Ok(plan(Some((&own(3), "\"1\""))))));
        let (_, effects) = update(state, Event::Confirm { deploy: false });
        assert!(matches!(&effects[..], [Effect::Store(_, text, _)] if &**text == SHOP));
    }

    #[test]
    fn a_descriptor_without_a_name_is_refused() {
        let (state, effects) = opened(git(), "spec: {}");
        assert_eq!(effects, []);
        assert!(matches!(state.stage, Stage::Refused(_)));
        let (_, effects) = update(state, Event::Close);
        assert!(matches!(&effects[..], [Effect::Close(_, None)]));
    }
}
