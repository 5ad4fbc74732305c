//! Which facts of the platform a module asks for.

use chartwright_catalog::Fact;
use contract::{ChartGiven, Platform, RenderInput, RenderOutput};

/// All facts, and a platform without each.
pub(crate) fn without(platform: &Platform) -> [(Fact, Platform); 4] {
    let all = || platform.clone();
    [
        (Fact::Registry, Platform { registry: None, ..all() }),
        (Fact::Repository, Platform { repository: None, ..all() }),
        (Fact::Domain, Platform { domain: None, ..all() }),
        (Fact::Credentials, Platform { username: None, token: None, ..all() }),
    ]
}

/// Whether a render looked up the platform's objects: if not, no fact can matter to it.
pub(crate) fn asks(output: &RenderOutput, platform: &Platform) -> bool {
    let namespace = platform.namespace.as_deref().unwrap_or("icekube");
    output.asked.lookups.iter().any(|lookup| lookup.namespace == namespace)
}

/// The facts without which something else comes out. `render` renders anew.
pub(crate) fn needs(
    input: &RenderInput,
    charts: &[ChartGiven],
    output: &RenderOutput,
    render: &dyn Fn(RenderInput) -> Option<RenderOutput>,
) -> Vec<Fact> {
    let Some(platform) = input.world.platform.as_ref().filter(|platform| asks(output, platform)) else {
        return Vec::new();
    };
    let differs = |without: Platform| {
        let mut input = input.clone();
        input.charts = charts.to_vec();
        input.world.platform = Some(without);
        render(input).is_none_or(|other| other.objects != output.objects || other.problems != output.problems)
    };
    without(platform).into_iter().filter(|(_, without)| differs(without.clone())).map(|(fact, _)| fact).collect()
}
