//! Functions that run templates, the errors they give, and limits.

mod support;

use std::sync::Arc;

use gotemplate::{
    ErrorKind, ExecError, File, FuncMap, Limits, Machine, MissingKey, Nested, Reply, Target, TemplateSet, parse,
};
use govalue::{Args, FuncError, Limit, Map, Signature, Type, Value, strconv};
use support::Nobody;

/// `include`, which runs a template by name, and `tpl`, which parses it first.
fn funcs() -> FuncMap {
    let mut funcs = support::funcs();
    funcs.add_machine("include", Signature::new(&[Type::String, Type::Any], &[Type::String, Type::Error]), include);
    funcs.add_machine("tpl", Signature::new(&[Type::String, Type::Any], &[Type::String, Type::Error]), tpl);
    funcs.add_machine("note", Signature::new(&[Type::String], &[Type::String]), |machine, args| {
        let note = args.str(0).to_string();
        match machine.host().as_any().downcast_mut::<Nobody>() {
            Some(host) => host.notes.push(note),
            None => return Err("another host".into()),
        }
        Ok(Reply::from(""))
    });
    funcs
}

fn include(_: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    Ok(Reply::Run(Box::new(Nested {
        target: Target::Name(args.str(0)),
        data: args.take(1),
        set: None,
        state: Value::Nil,
        done: |_, _, output| Ok(Value::from(output.to_vec())),
        failed: |_, _| String::new(),
    })))
}

fn tpl(machine: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    let text = args.str(0);
    let file = parse("tpl", text.clone(), machine.funcs()).map_err(|e| format!("cannot parse: {e}"))?;
    let mut set = machine.set().clone();
    set.add(&file);
    Ok(Reply::Run(Box::new(Nested {
        target: Target::File(file),
        data: args.take(1),
        set: Some(set),
        state: Value::Str(text),
        done: |_, _, output| match output {
            b"refuse" => Err("refused".into()),
            output => Ok(Value::from(output.to_vec())),
        },
        failed: |_, state| match state {
            Value::Str(text) => format!("tpl {}: ", strconv::quote(&text)),
            _ => String::new(),
        },
    })))
}

fn run_with(template: &str, limits: Limits) -> Result<String, ExecError> {
    let funcs = funcs();
    let file = parse("t", template, &funcs).unwrap_or_else(|e| panic!("{e}"));
    let mut set = TemplateSet::new("root");
    set.add(&file);
    support::execute(&funcs, set, limits).map(|out| String::from_utf8_lossy(&out).into_owned())
}

fn run(template: &str) -> String {
    run_with(template, Limits::default()).unwrap_or_else(|e| e.to_string())
}

#[test]
fn include_returns_the_output() {
    assert_eq!(run(r#"{{define "a"}}<{{.}}>{{end}}{{include "a" 1 | printf "%s!"}}{{include "a" .s}}"#), "<1>!<x y>");
    assert_eq!(run(r#"{{define "a"}}{{$x := 2}}{{$x}}{{end}}{{$x := 1}}{{include "a" .}}{{$x}}"#), "21");
    assert_eq!(
        run(
            r#"{{define "a"}}{{range .l}}{{include "b" .}}{{end}}{{end}}{{define "b"}}{{with .}}{{.}}{{end}}{{end}}{{range $i, $_ := .l}}{{$i}}{{include "a" $}}{{end}}"#
        ),
        "0ab31ab32ab3"
    );
}

#[test]
fn tpl_sees_what_is_defined_around_it_and_keeps_its_own() {
    assert_eq!(
        run(r#"{{define "a"}}A{{end}}{{tpl "{{define \"b\"}}B{{end}}{{include \"a\" .}}{{include \"b\" .}}" .}}"#),
        "AB"
    );
    assert_eq!(
        run(r#"{{define "a"}}A{{end}}{{tpl "{{define \"a\"}}B{{end}}{{template \"a\"}}" .}}{{template "a"}}"#),
        "BA"
    );
    assert_eq!(run(r#"{{tpl "{{tpl .t .}}" (dict "t" "{{len .}}")}}"#), "1");
    assert_eq!(run(r#"[{{tpl "" .}}][{{tpl "  " .}}]"#), "[][  ]");
}

#[test]
fn errors_name_every_template_on_the_way() {
    insta::assert_snapshot!(
        run("{{define \"a\"}}\n  {{include \"b\" .m}}{{end}}{{define \"b\"}}{{.k.x}}{{end}}\n\n{{include \"a\" . | html}}"),
        @r#"template: t:4:2: executing "t" at <include "a" .>: error calling include: template: t:2:4: executing "a" at <include "b" .m>: error calling include: template: t:2:45: executing "b" at <.k.x>: can't evaluate field x in type interface {}"#
    );
    insta::assert_snapshot!(
        run(r#"{{tpl "{{fail \"boom\"}}" .}}"#),
        @r#"template: t:1:2: executing "t" at <tpl "{{fail \"boom\"}}" .>: error calling tpl: tpl "{{fail \"boom\"}}": template: tpl:1:2: executing "tpl" at <fail "boom">: error calling fail: boom"#
    );
    insta::assert_snapshot!(
        run(r#"{{tpl "{{" .}}"#),
        @r#"template: t:1:2: executing "t" at <tpl "{{" .>: error calling tpl: cannot parse: template: tpl:1: unclosed action"#
    );
    insta::assert_snapshot!(
        run(r#"{{include "nope" .}}"#),
        @r#"template: t:1:2: executing "t" at <include "nope" .>: error calling include: template: no template "nope" associated with template "root""#
    );
    insta::assert_snapshot!(
        run(r#"{{tpl "refuse" .}}"#),
        @r#"template: t:1:2: executing "t" at <tpl "refuse" .>: error calling tpl: refused"#
    );
}

#[test]
fn an_error_knows_its_places() {
    let error = run_with("{{define \"a\"}}{{.x.y.z}}{{end}}\n {{include \"a\" .}}", Limits::default()).unwrap_err();
    let places: Vec<_> = error.sites.iter().map(|s| (s.template.to_string(), s.line, s.column, s.offset)).collect();
    assert_eq!(places, [("t".to_owned(), 2, 3, 35), ("a".to_owned(), 1, 18, 18)]);
    assert_eq!(error.sites[0].via, "error calling include: ");
    assert_eq!(error.kind, ErrorKind::Plain);
    assert_eq!(error.message, "nil pointer evaluating interface {}.y");
    assert_eq!(error.text_from(1), error.sites[1].head() + &error.message);
}

#[test]
fn a_failed_function_is_the_cause() {
    let error = run_with("{{fail \"x\"}}", Limits::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Call);
    assert_eq!(error.cause.as_ref().map(FuncError::message), Some("x"));
}

#[test]
fn no_template_is_an_error_without_a_place() {
    let funcs = funcs();
    let error = support::execute(&funcs, TemplateSet::new("root"), Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "template: no template \"t\" associated with template \"root\"");
    assert_eq!((error.kind, error.sites.len()), (ErrorKind::NoTemplate, 0));
}

#[test]
fn functions_reach_the_host() {
    let funcs = funcs();
    let mut set = TemplateSet::new("root");
    set.add(&parse("t", "{{note \"a\"}}{{note .s}}", &funcs).unwrap());
    let mut host = Nobody::default();
    Machine::new(&mut host, &funcs, set).execute(b"t", support::data()).unwrap();
    assert_eq!(host.notes, ["a", "x y"]);
}

#[test]
fn missing_keys() {
    let funcs = funcs();
    let run = |template: &str, missing| {
        let mut set = TemplateSet::new("root");
        set.add(&parse("t", template, &funcs).unwrap());
        let mut host = Nobody::default();
        let out = Machine::new(&mut host, &funcs, set).missing_key(missing).execute(b"t", support::data());
        out.map_or_else(|e| e.to_string(), |out| String::from_utf8_lossy(&out).into_owned())
    };
    assert_eq!(run("{{.x}} {{.x.y}}", MissingKey::Invalid), "<no value> <no value>");
    assert_eq!(run("{{smap.x}}", MissingKey::Invalid), "<no value>");
    assert_eq!(run("{{smap.x}}.", MissingKey::Zero), ".");
    insta::assert_snapshot!(
        run("{{.x}}", MissingKey::Error),
        @r#"template: t:1:2: executing "t" at <.x>: map has no entry for key "x""#
    );
    insta::assert_snapshot!(
        run("{{define \"d\"}}{{.x}}{{end}}{{template \"d\"}}", MissingKey::Error),
        @r#"template: t:1:16: executing "d" at <.x>: nil data; no entry for key "x""#
    );
}

#[test]
fn deep_recursion_ends_with_an_error() {
    let error = run_with(
        r#"{{define "a"}}{{include "a" .}}{{end}}{{include "a" .}}"#,
        Limits { depth: 5000, ..Limits::default() },
    )
    .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit(Limit::Depth));
    assert_eq!(error.sites.len(), 5001);
    assert_eq!(error.message, "exceeded maximum depth of nested templates (5000)");
    let error =
        run_with(r#"{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}"#, Limits::default()).unwrap_err();
    assert_eq!(error.message, "exceeded maximum template depth (100000)");
    assert_eq!(error.sites.len(), 1);
}

#[test]
fn output_and_steps_are_limited() {
    let error = run_with("{{range 1000}}0123456789{{end}}", Limits { output: 999, ..Limits::default() }).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit(Limit::Output));
    let error = run_with("{{range 1000000000000}}{{end}}", Limits::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit(Limit::Steps));
    insta::assert_snapshot!(error, @r#"template: t:1:8: executing "t" at <1000000000000>: too many steps"#);
}

#[test]
fn parentheses_nest_only_so_deep() {
    let deep = |n: usize| format!("{{{{{}1{}}}}}", "(".repeat(n), ")".repeat(n));
    assert_eq!(run(&deep(500)), "1");
    let error = parse("t", deep(501), &funcs()).err().unwrap();
    assert_eq!(error.to_string(), "template: t:1: max expression depth exceeded");
    let fields = format!("{{{{{}.m{}}}}}", "(".repeat(499), ").k".repeat(499));
    assert!(run(&fields).contains("can't evaluate field k in type string"));
}

#[test]
fn structures_nest_as_deep_as_they_like() {
    let n = 100_000;
    assert_eq!(run(&format!("{}x{}", "{{if 1}}".repeat(n), "{{end}}".repeat(n))), "x");
    assert_eq!(run(&format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 0}}a".repeat(n))), "");
    assert_eq!(run(&format!("{}x{}", "{{with 1}}".repeat(n), "{{end}}".repeat(n))), "x");
    assert_eq!(run(&format!("{}x{}", "{{range 1}}".repeat(n), "{{end}}".repeat(n))), "x");
}

#[test]
fn a_machine_can_go_on_after_an_error() {
    let funcs = funcs();
    let mut set = TemplateSet::new("root");
    set.add(&parse("bad", "x{{range .l}}{{with .}}{{$v := 1}}{{print 1 (fail \"x\")}}{{end}}{{end}}", &funcs).unwrap());
    set.add(&parse("good", "{{$v := .s}}{{range .l}}{{.}}{{end}}{{$v}}", &funcs).unwrap());
    let mut host = Nobody::default();
    let mut machine = Machine::new(&mut host, &funcs, set);
    assert!(machine.execute(b"bad", support::data()).is_err());
    assert_eq!(machine.execute(b"good", support::data()).unwrap(), b"ab3x y");
}

#[test]
fn a_renamed_file_is_as_if_parsed_under_that_name() {
    let funcs = funcs();
    let source = "{{define \"d\"}}{{.s.x}}{{end}}{{if .n}}{{template \"d\" .}}{{end}}{{.s.y}}";
    let first = parse("first", source, &funcs).unwrap();
    let run = |file: &Arc<File>, data: Value| {
        let mut set = TemplateSet::new("root");
        set.add(file);
        let mut host = Nobody::default();
        let error = Machine::new(&mut host, &funcs, set).execute(file.name(), data).unwrap_err();
        error.to_string()
    };
    let renamed = first.renamed("second").unwrap();
    let parsed = parse("second", source, &funcs).unwrap();
    assert_eq!(renamed.names().collect::<Vec<_>>(), parsed.names().collect::<Vec<_>>());
    let other: Map = [("s", Value::from("x"))].into_iter().collect();
    for data in [support::data(), Value::Map(other)] {
        assert_eq!(run(&renamed, data.clone()), run(&parsed, data.clone()));
        assert_eq!(run(&first, data.clone()), run(&parsed, data).replace("second", "first"));
    }
    assert!(first.renamed("d").is_none());
    let own = parse("own", "{{define \"own\"}}1{{end}}", &funcs).unwrap();
    assert!(own.renamed("other").is_none(), "the text without a name would get the template's body");
}

#[test]
fn a_literal_is_printed_as_it_stands() {
    assert_eq!(run("{{`{{x}} \u{e9}`}}{{\"a b\"}}{{\"a\\tb\"}}{{`a\rb`}}"), "{{x}} \u{e9}a ba\tbab");
    let error = run_with("{{\"0123456789\"}}", Limits { output: 9, ..Limits::default() }).unwrap_err();
    insta::assert_snapshot!(
        error,
        @r#"template: t:1:2: executing "t" at <{{"0123456789"}}>: exceeded maximum size of output (9 bytes)"#
    );
}

#[test]
fn many_variables_take_linear_time() {
    let n = 30_000;
    let declared: String = (0..n).map(|i| format!("{{{{$v{i} := 1}}}}")).collect();
    let used: String = (0..n).map(|i| format!("{{{{$v{i}}}}}")).collect();
    assert_eq!(run(&(declared + &used)).len(), n);
    let skipped: String = (0..n).map(|i| format!(" ($v{i} := 1)")).collect();
    assert_eq!(run(&format!("{{{{$v0 := 2}}}}{{{{and 0{skipped}}}}}{{{{$v0}}}}")), "02");
}

#[test]
fn the_deepest_expression_fits_a_small_stack() {
    let source = format!("{{{{{}.m{}}}}}", "(print ".repeat(500), ")".repeat(500));
    let small = std::thread::Builder::new().stack_size(1 << 19);
    let parsed = small.spawn(move || parse("t", source, &FuncMap::new()).is_ok()).unwrap().join();
    assert!(parsed.unwrap());
}
