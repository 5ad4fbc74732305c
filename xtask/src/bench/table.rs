//! Numbers as people read them.

/// A duration.
pub(super) fn time(ns: f64) -> String {
    match ns {
        n if n >= 1e9 => format!("{:.2} s", n / 1e9),
        n if n >= 1e6 => format!("{:.2} ms", n / 1e6),
        n => format!("{:.1} µs", n / 1e3),
    }
}

/// A ratio; empty where there is nothing to compare with.
pub(super) fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".into(), |r| format!("{r:.1} x"))
}

/// The geometric mean; `None` of nothing.
pub(super) fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    (!ratios.is_empty()).then(|| (ratios.iter().map(|r| r.ln()).sum::<f64>() / ratios.len() as f64).exp())
}

/// The middle of the measured; 0 of nothing.
pub(super) fn median(mut measured: Vec<f64>) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured.get(measured.len() / 2).copied().unwrap_or_default()
}

/// The smallest.
pub(super) fn least(ratios: &[f64]) -> Option<f64> {
    ratios.iter().copied().reduce(f64::min)
}
