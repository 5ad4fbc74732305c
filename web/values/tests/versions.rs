//! Another version of a chart: what becomes of an override, and what to do about it.

use std::fmt::Write as _;

use chartwright_values::{
    Advice, Form, FormSource, FormState, Model, Schema, Version, VersionNote, compare_versions, parse, to_text,
};

/// An override over an old version, and what the change to a new one means for it.
fn compare(old: (&str, &str), new: (&str, &str), text: &str) -> (Model, Vec<VersionNote>) {
    let read = |schema: &str| (!schema.is_empty()).then(|| Schema::read(schema).unwrap());
    let (old_values, new_values) = (parse(old.0).unwrap(), parse(new.0).unwrap());
    let (old_schema, new_schema) = (read(old.1), read(new.1));
    let mut model = Model::new(old.0).unwrap();
    model.set_text(text);
    let before = Version { defaults: &old_values, schema: old_schema.as_ref() };
    let after = Version { defaults: &new_values, schema: new_schema.as_ref() };
    let notes = compare_versions(&model, before, after);
    // It does not matter which version's defaults the model has.
    assert_eq!(compare_versions(&model.with_defaults(new.0).unwrap(), before, after), notes);
    // Nothing is said about a version and itself.
    assert_eq!(compare_versions(&model, after, after), []);
    (model, notes)
}

fn shown(notes: &[VersionNote]) -> String {
    let mut out = String::new();
    for note in notes {
        let advice = match &note.advice {
            Advice::Keep => "keep".to_owned(),
            Advice::Drop => "drop".to_owned(),
            Advice::Rename(to) => format!("rename to {to}"),
            Advice::Change => "change".to_owned(),
            advice => format!("{advice:?}"),
        };
        let default = |value: &Option<chartwright_values::Value>| value.as_ref().map_or("-".to_owned(), |v| v.shown());
        writeln!(
            out,
            "{} {note}: {} -> {}, yours {}; {advice}",
            note.path,
            default(&note.old),
            default(&note.new),
            note.yours.shown()
        )
        .unwrap();
    }
    out
}

#[test]
fn what_becomes_of_an_override() {
    let old = "a: 1\nb: {c: x}\nd: [1]\ne: y\nf: {}\ng: 1\nh: same\n";
    let new = "a: 2\nmoved: {c: x}\nd: {k: 1}\nf: {}\ng: 5\nh: same\n";
    let schema = r#"{"properties": {"h": {"enum": ["same"]}}}"#;
    let text = "a: 3\nb: {c: z}\nd: [2]\ne: z\nf: {any: 1}\ng: 5\nh: other\nunknown: 1\n";
    let (model, notes) = compare((old, ""), (new, schema), text);
    insta::assert_snapshot!(shown(&notes));
    let later = model.with_defaults(new).unwrap();
    assert_eq!(later.text(), model.text());
    let unknown = Form::draw(&later, &FormSource::default(), &FormState::default()).unknown;
    assert_eq!(unknown.iter().map(ToString::to_string).collect::<Vec<_>>(), ["b", "e", "unknown"]);
}

#[test]
fn where_values_went() {
    for (old, new, text, want) in [
        // Below a new parent, with all of its map.
        (
            "ingress: {host: a, tls: false}\n",
            "server: {ingress: {host: a, tls: false}}\n",
            "ingress: {host: b, tls: true}\n",
            "ingress.host server.ingress.host\ningress.tls server.ingress.tls\n",
        ),
        // Another spelling, or a word more.
        ("replicas: 1\n", "replicaCount: 1\n", "replicas: 2\n", "replicas replicaCount\n"),
        (
            "image: {pullpolicy: Always}\n",
            "image: {pullPolicy: Always}\n",
            "image: {pullpolicy: Never}\n",
            "image.pullpolicy image.pullPolicy\n",
        ),
        (
            "p: {storageclass: ''}\n",
            "p: {storageClassName: ''}\n",
            "p: {storageclass: fast}\n",
            "p.storageclass p.storageClassName\n",
        ),
        // A map that a person fills.
        (
            "annotations: {}\n",
            "pod: {annotations: {}}\n",
            "annotations: {a.b/c: d}\n",
            "annotations.\"a.b/c\" pod.annotations.\"a.b/c\"\n",
        ),
        // Lists go as a whole.
        ("hosts: [a]\n", "web: {hosts: [a]}\n", "hosts: [b, c]\n", "hosts web.hosts\n"),
        // The nearest of several.
        (
            "db: {auth: {password: ''}}\n",
            "cache: {password: ''}\ndb: {login: {password: ''}}\n",
            "db: {auth: {password: x}}\n",
            "db.auth.password db.login.password\n",
        ),
        // None that is clear, of another type, or of another name.
        ("port: 80\n", "a: {port: 80}\nb: {port: 80}\n", "port: 81\n", "port -\n"),
        ("port: 80\n", "a: {port: {number: 80}}\n", "port: 81\n", "port -\n"),
        ("user: a\n", "name: a\n", "user: b\n", "user -\n"),
        // What was there before is nothing new.
        ("port: 80\nweb: {port: 80}\n", "web: {port: 80}\n", "port: 81\n", "port -\n"),
    ] {
        let (_, notes) = compare((old, ""), (new, ""), text);
        let mut out = String::new();
        for note in &notes {
            let to = match &note.advice {
                Advice::Rename(to) => to.to_string(),
                advice => {
                    assert_eq!(*advice, Advice::Drop, "{text}");
                    "-".to_owned()
                }
            };
            writeln!(out, "{} {to}", note.path).unwrap();
        }
        assert_eq!(out, want, "{old} -> {new}");
    }
}

#[test]
fn types_schemas_and_defaults() {
    let old = "tls: false\nsize: 8\nresources: {cpu: 1}\nlevel: info\nport: 80\nname:\nkeep: 1\nhosts: [a]\ngone: {}\n";
    let new = "tls: {enabled: false}\nsize: 8Gi\nresources: small\nlevel: info\nport: 8080\nname: x\nkeep: 1\nhosts: [a, b]\n";
    let schema = r#"{"additionalProperties": false, "properties": {"tls": {"type": "object"}, "size": {"type": "string"}, "resources": {"type": "string"},
        "level": {"enum": ["info", "warn"]}, "port": {"minimum": 1024}, "name": {}, "keep": {"deprecated": true}, "hosts": {}}}"#;
    let text = "tls: true\nsize: 9\nresources: {cpu: 2, memory: 1Gi}\nlevel: trace\nport: 81\nname: y\nkeep: 2\nhosts: [c]\ngone: {a: 1}\n";
    insta::assert_snapshot!(shown(&compare((old, ""), (new, schema), text).1));
    // What has the new type already is not told of.
    assert_eq!(compare(("tls: false\n", ""), ("tls: {enabled: false}\n", ""), "tls: {enabled: true}\n").1, []);
    // A null, which takes away a default, goes on doing so.
    let (_, notes) = compare(("a: 1\n", ""), ("a: 2\n", ""), "a: null\n");
    assert_eq!(shown(&notes), "a had the default 1 and has 2 now: 1 -> 2, yours null; keep\n");
}

#[test]
fn advice_is_taken_step_by_step() {
    let old = "replicas: 1\nimage: {tag: a, old: 1}\ningress: {host: x}\nport: 80\nlevel: 1\n";
    let new = "replicaCount: 1\nimage: {tag: a}\nserver: {ingress: {host: x}}\nport: 81\nlevel: 1\n";
    let text = "# mine\nreplicas: 3 # three\nimage:\n  old: 2\n  tag: b # kept\ningress:\n  host: z\nport: 81 # same\n";
    let (mut model, notes) = compare((old, ""), (new, ""), text);
    let kept = notes.clone();
    for note in &notes {
        model.take_advice(note).unwrap();
    }
    assert_eq!(
        model.text(),
        "# mine\nreplicaCount: 3 # three\nimage:\n  tag: b # kept\nserver:\n  ingress:\n    host: z\n"
    );
    let later = model.with_defaults(new).unwrap();
    assert_eq!(Form::draw(&later, &FormSource::default(), &FormState::default()).unknown, []);
    for _ in &notes {
        assert!(model.undo());
    }
    assert_eq!(model.text(), text);
    // Where something is set already, nothing is lost.
    model.set_text("replicas: 3\nreplicaCount: 4\n");
    let refused = model.take_advice(&kept[0]).unwrap_err();
    assert_eq!(refused.to_string(), "there is a replicaCount already");
    assert_eq!(to_text(model.values()), "replicas: 3\nreplicaCount: 4\n");
    // A value that becomes a map of one.
    let (mut model, notes) = compare(("tls: true\n", ""), ("server: {tls: true}\n", ""), "tls: false\n");
    model.take_advice(&notes[0]).unwrap();
    assert_eq!(model.text(), "server:\n  tls: false\n");
}
