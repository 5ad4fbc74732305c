//! Schedules of CronJobs (`ParseStandard` of `github.com/robfig/cron/v3`).

/// The fields: their lowest and highest number, and the names that stand for numbers.
const FIELDS: [(u32, u32, &str); 5] = [
    (0, 59, ""),
    (0, 23, ""),
    (1, 31, ""),
    (1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    (0, 6, "sun mon tue wed thu fri sat"),
];

/// What is wrong with a schedule.
pub(super) fn wrong(text: &str) -> Option<&'static str> {
    const NAMED: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("no time zone in it: that is for `timeZone`");
    }
    if text.starts_with('@') {
        let right = NAMED.contains(&text) || text.starts_with("@every ");
        return (!right).then_some("five fields, or one of @hourly, @daily, @weekly, @monthly and @yearly");
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Some("five fields: minute, hour, day of the month, month, day of the week");
    }
    let right = fields.iter().zip(FIELDS).all(|(field, of)| field.split(',').all(|part| is_part(part, of)));
    (!right).then_some("in each field, numbers or names in its range, `*`, ranges such as 1-5 and steps such as */10")
}

/// Whether a text is `*`, a number or a range, maybe with a step behind it.
fn is_part(part: &str, (least, most, names): (u32, u32, &str)) -> bool {
    let number = |text: &str| {
        let named = || names.split(' ').position(|name| !text.is_empty() && name.eq_ignore_ascii_case(text));
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { text.parse().ok() } else { named().map(|at| at as u32 + least) };
        number.filter(|number| (least..=most).contains(number))
    };
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| step.parse::<u32>().is_ok_and(|step| step == 0) || step.parse::<u32>().is_err()) {
        return false;
    }
    match range.split_once('-') {
        _ if matches!(range, "*" | "?") => true,
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
        None => number(range).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn schedules_are_those_of_cron() {
        for right in ["*/5 * * * *", "0 3 1,15 jan-MAR ?", "@daily", "@every 1h", "0-30/5 22 * * 1-5", "5/10 0 * * SUN"]
        {
            assert_eq!(wrong(right), None, "{right}");
        }
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "0 0 * * 7",
            "@often",
            "*/0 * * * *",
            "5-1 * * * *",
            "TZ=UTC 0 0 * * *",
            "a * * * *",
        ] {
            assert!(wrong(text).is_some(), "{text}");
        }
    }
}
