//! Prints the generated schemas as JSON, name by name: `cargo xtask schema` writes them to their files.
#![allow(clippy::print_stdout, reason = "an example prints")]

fn main() {
    let files: serde_json::Map<String, serde_json::Value> =
        descriptor::schema::generate().into_iter().map(|file| (file.name, file.text.into())).collect();
    println!("{}", serde_json::Value::Object(files));
}
