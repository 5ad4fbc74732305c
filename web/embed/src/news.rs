//! What comes out of an element as events.

use chartwright_app::preview::Told;

/// An event: its name, and the fields of its `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The type of the event.
    pub name: &'static str,
    /// Fields that are texts.
    pub texts: Vec<(&'static str, String)>,
    /// Fields that are numbers.
    pub numbers: Vec<(&'static str, usize)>,
}

impl From<Told> for News {
    fn from(told: Told) -> News {
        let text = |name, texts| News { name, texts, numbers: Vec::new() };
        match told {
            Told::Values(values) => text("valueschange", vec![("values", values)]),
            Told::Failed(message) => text("error", vec![("message", message)]),
            Told::Rendered { objects, problems } => {
                let numbers = vec![("objects", objects), ("problems", problems)];
                News { name: "rendered", texts: Vec::new(), numbers }
            }
            Told::Install { chart, version, values } => {
                text("install-request", vec![("chart", chart), ("version", version), ("values", values)])
            }
        }
    }
}
