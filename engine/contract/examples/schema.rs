//! Prints what is generated from the types as JSON, by the names of the files from `engine/contract/schema` on:
//! `cargo xtask schema` writes them.
#![allow(clippy::print_stdout, reason = "an example prints")]

fn main() {
    let files = serde_json::json!({
        "contract.schema.json": contract::generate_schema(),
        "../../../docs/src/problem-codes.md": contract::generate_codes(),
    });
    println!("{files}");
}
