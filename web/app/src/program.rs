//! Pages as programs: a state, events that change it, and effects as data.
//!
//! A page's logic is [`Program::update`], a pure function that tests call without a browser. Its effects are data too;
//! [`Program::run`] carries them out with the page's services, and sends what comes of them back as events.

use std::rc::Rc;

use yew::prelude::*;

use crate::services::Services;

/// A page.
pub trait Program: 'static {
    /// What the page is given by its address.
    type Input: Clone + PartialEq + 'static;
    /// Everything that it shows.
    type State: 'static;
    /// What can happen.
    type Event: 'static;
    /// What is to be done outside.
    type Effect: 'static;

    /// The page as it opens.
    fn start(input: Self::Input) -> (Self::State, Vec<Self::Effect>);

    /// The address changed, and the page stays.
    fn turned(input: Self::Input) -> Option<Self::Event>;

    /// What an event does.
    fn update(state: Self::State, event: Self::Event) -> (Self::State, Vec<Self::Effect>);

    /// Carries an effect out.
    fn run(effect: Self::Effect, services: &Services, send: &Callback<Self::Event>);

    /// The page is left.
    fn leave(_services: &Services) {}

    /// What the page looks like.
    fn view(state: &Self::State, send: &Callback<Self::Event>) -> Html;
}

/// What a [`Page`] is given.
#[derive(Properties)]
pub struct PageProps<P: Program> {
    /// The program's input.
    pub input: P::Input,
    /// The services that its effects use.
    pub services: Services,
}

impl<P: Program> PartialEq for PageProps<P> {
    fn eq(&self, other: &PageProps<P>) -> bool {
        self.input == other.input && self.services == other.services
    }
}

/// Runs a program.
pub struct Page<P: Program> {
    /// `None` only while an update has it.
    state: Option<P::State>,
    send: Callback<P::Event>,
}

impl<P: Program> Component for Page<P> {
    type Message = P::Event;
    type Properties = PageProps<P>;

    fn create(ctx: &Context<Page<P>>) -> Page<P> {
        let (state, effects) = P::start(ctx.props().input.clone());
        let send = ctx.link().callback(|event| event);
        for effect in effects {
            P::run(effect, &ctx.props().services, &send);
        }
        Page { state: Some(state), send }
    }

    fn update(&mut self, ctx: &Context<Page<P>>, event: P::Event) -> bool {
        if let Some(state) = self.state.take() {
            let (state, effects) = P::update(state, event);
            self.state = Some(state);
            for effect in effects {
                P::run(effect, &ctx.props().services, &self.send);
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Page<P>>, old: &PageProps<P>) -> bool {
        if ctx.props().input != old.input
            && let Some(event) = P::turned(ctx.props().input.clone())
        {
            ctx.link().send_message(event);
        }
        false
    }

    fn destroy(&mut self, ctx: &Context<Page<P>>) {
        P::leave(&ctx.props().services);
    }

    fn view(&self, ctx: &Context<Page<P>>) -> Html {
        let view = self.state.as_ref().map(|state| P::view(state, &self.send)).unwrap_or_default();
        // Dialogs that are programs of their own have the services of their page.
        html! { <ContextProvider<Services> context={ctx.props().services.clone()}>{ view }</ContextProvider<Services>> }
    }
}

/// A value that is compared by its place: props that hold a large value stay cheap to compare.
#[derive(Debug, Default)]
pub struct Same<T>(pub Rc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Same<T> {
        Same(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Same<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Same<T> {
    /// A value that is only equal to its clones.
    pub fn new(value: T) -> Same<T> {
        Same(Rc::new(value))
    }
}
