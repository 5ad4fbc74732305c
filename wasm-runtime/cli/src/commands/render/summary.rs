//! `--summary`: a summary of the objects.

use contract::RenderOutput;
use contract::Summary;

/// The summary of a render.
pub(super) fn of(output: &RenderOutput) -> Summary {
    chartwright::api::summary(&output.objects)
}

/// The summary for people.
pub(super) fn text(output: &RenderOutput) -> String {
    let summary = of(output);
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(title);
        text.push('\n');
        for line in lines {
            text.push_str("  ");
            text.push_str(&line);
            text.push('\n');
        }
    };
    let releases = output.releases.iter().map(|r| {
        let indent = "  ".repeat(r.level.saturating_sub(1) as usize);
        format!("{indent}{} (chart {} {}, namespace {})", r.name, r.chart, r.version, r.namespace)
    });
    section("Releases", releases.collect());
    section("Objects", summary.kinds.iter().map(|k| format!("{:>4}  {}", k.count, k.kind)).collect());
    section("Images", summary.images.iter().map(|i| format!("{}  ({})", i.image, i.by.join(", "))).collect());
    section("URLs", summary.urls.iter().map(|u| format!("{}  ({})", u.url, u.by)).collect());
    let permissions = summary.permissions.iter().map(|p| {
        let on = if p.resources.is_empty() { &p.urls } else { &p.resources };
        format!("{}: {} on {}  ({})", p.scope, p.verbs.join(", "), on.join(", "), p.by)
    });
    section("Permissions", permissions.collect());
    let storage = summary.storage.iter().map(|s| {
        let class = s.class.as_deref().map(|c| format!(", class {c}")).unwrap_or_default();
        format!("{} {}{class}  ({})", s.size, s.modes.join(", "), s.by)
    });
    section("Storage", storage.collect());
    text
}
