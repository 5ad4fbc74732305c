//! The functions of this group, called by name.

use govalue::{Args, Env, FuncError, Type, Value, time};

/// 2026-01-01 00:00:00.123 UTC, for ever.
struct Fixed;

impl Env for Fixed {
    fn now(&mut self) -> (i64, u32) {
        (1_767_225_600, 123_000_000)
    }

    fn random(&mut self, _: &mut [u8]) -> Result<(), FuncError> {
        Ok(())
    }

    fn charge(&mut self, _: u64) -> Result<(), FuncError> {
        Ok(())
    }
}

fn call(name: &str, args: &[Value]) -> String {
    let Some(func) = super::FUNCTIONS.iter().find(|f| f.name == name) else { panic!("no function {name}") };
    let mut args = args.to_vec();
    let result = (func.call)(&mut Fixed, &mut Args::new(&mut args));
    result.map_or_else(
        |e| format!("error: {e}"),
        |v| match (&v, time::from_value(&v)) {
            (Value::Str(s), _) => s.to_string(),
            (_, Some(t)) => String::from_utf8_lossy(&t.string()).into_owned(),
            _ => format!("{v:?}"),
        },
    )
}

#[test]
fn dates() {
    let int32 = Value::Num(govalue::Num::int(Type::Int32, 86_400));
    let day = |text: &str| {
        time::to_value(&time::Time::parse(b"2006-01-02", text.as_bytes(), &time::Location::Local).unwrap_or_default())
    };
    for (name, args, want) in [
        ("now", vec![], "2026-01-01 00:00:00.123 +0000 UTC"),
        ("date", vec!["2006-01-02".into(), Value::Int(86_400)], "1970-01-02"),
        ("date", vec!["2006-01-02".into(), int32.clone()], "1970-01-02"),
        ("date", vec!["2006-01-02".into(), Value::Float(86_400.0)], "2026-01-01"),
        ("dateInZone", vec!["15:04 MST".into(), Value::Int(0), "Asia/Tokyo".into()], "09:00 JST"),
        ("date_in_zone", vec!["15:04 MST".into(), Value::Int(0), "Nowhere".into()], "00:00 UTC"),
        ("htmlDate", vec![day("2025-03-09")], "2025-03-09"),
        ("htmlDateInZone", vec![day("2025-03-09"), "America/New_York".into()], "2025-03-08"),
        ("toDate", vec!["2006".into(), "x".into()], "0001-01-01 00:00:00 +0000 UTC"),
        (
            "mustToDate",
            vec!["2006".into(), "x".into()],
            "error: parsing time \"x\" as \"2006\": cannot parse \"x\" as \"2006\"",
        ),
        ("dateModify", vec!["-1.5h".into(), day("2025-03-09")], "2025-03-08 22:30:00 +0000 UTC"),
        ("date_modify", vec!["x".into(), day("2025-03-09")], "2025-03-09 00:00:00 +0000 UTC"),
        ("mustDateModify", vec!["x".into(), day("2025-03-09")], "error: time: invalid duration \"x\""),
        ("unixEpoch", vec![day("2025-03-09")], "1741478400"),
        ("ago", vec![day("2025-12-31")], "24h0m0s"),
        ("ago", vec![int32], "0s"),
        ("ago", vec!["x".into()], "0s"),
    ] {
        assert_eq!(call(name, &args), want, "{name} {args:?}");
    }
}

#[test]
fn durations() {
    for (name, arg, want) in [
        ("duration", "95".into(), "1m35s"),
        ("duration", Value::int64(95), "1m35s"),
        ("duration", Value::Int(95), "0s"),
        ("duration", "x".into(), "0s"),
        ("duration", "99999999999999999999".into(), "-1s"),
        ("durationRound", "2h10m5s".into(), "2h"),
        ("durationRound", "8761h".into(), "1y"),
        ("durationRound", "-25h".into(), "1d"),
        ("durationRound", "1000h".into(), "1mo"),
        ("durationRound", "24h".into(), "24h"),
        ("durationRound", Value::int64(90_000_000_000), "1m"),
        ("durationRound", Value::Int(90_000_000_000), "0s"),
        ("durationRound", time::to_value(&time::Time::from_unix(1_767_225_590, 0)), "10s"),
    ] {
        assert_eq!(call(name, std::slice::from_ref(&arg)), want, "{name} {arg:?}");
    }
}
