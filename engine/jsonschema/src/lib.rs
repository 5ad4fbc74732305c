//! JSON Schema validation with the messages of santhosh-tekuri/jsonschema v6.
