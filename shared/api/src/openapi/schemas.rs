//! Schemas of the types of this crate, as OpenAPI 3.1 takes them (JSON Schema 2020-12).

use std::borrow::Cow;

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operations::SchemaOf;
use crate::ProblemKind;

/// Makes schemas and keeps the named ones. What a request may leave out, an answer always holds, so each has its own generator.
pub struct Schemas {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Schemas {
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
        });
        let with = |contract| {
            settings
                .clone()
                .with(|settings| settings.contract = contract)
                .into_generator()
        };
        Self {
            taken: with(Contract::Deserialize),
            given: with(Contract::Serialize),
        }
    }

    /// The schema of what a request brings.
    pub fn taken(&mut self, schema: SchemaOf) -> Value {
        tidy(schema(&mut self.taken))
    }

    /// The schema of what an answer brings.
    pub fn given(&mut self, schema: SchemaOf) -> Value {
        tidy(schema(&mut self.given))
    }

    /// All named schemas.
    ///
    /// # Panics
    /// If a type stands in requests and in answers and is not the same in both: split it.
    pub fn named(mut self) -> Map<String, Value> {
        let definitions = |generator: &mut SchemaGenerator| generator.take_definitions(false);
        let mut named = definitions(&mut self.given);
        for (name, schema) in definitions(&mut self.taken) {
            let other = named.insert(name.clone(), schema.clone());
            assert!(
                other.is_none_or(|other| other == schema),
                "{name} is taken and given in two shapes"
            );
        }
        for schema in named.values_mut() {
            let whole = Schema::try_from(schema.take()).expect("a definition is a schema");
            *schema = tidy(whole);
        }
        named
    }
}

fn tidy(mut schema: Schema) -> Value {
    Tidy.transform(&mut schema);
    schema.to_value()
}

/// Closes objects, says the range of numbers, and writes enumerations and texts as readers of OpenAPI expect them.
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        close(schema);
        date(schema);
        limit(schema);
        enumerate(schema);
        if let Some(Value::String(text)) = schema.get_mut("description") {
            // Links of rustdoc mean nothing elsewhere.
            *text = text
                .replace("[`crate::", "`")
                .replace("[`", "`")
                .replace("`]", "`");
        }
    }
}

/// An object of ours has no property that is not written here, unless its type keeps unknown ones.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".into(), false.into());
    }
}

/// Properties whose names end with `_at` are points in time.
fn date(schema: &mut Schema) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if name.ends_with("_at") {
            property["format"] = "date-time".into();
        }
    }
}

/// schemars names the width of a number and leaves out its ends.
fn limit(schema: &mut Schema) {
    let ends = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        Some("uint16") => (0, i64::from(u16::MAX)),
        _ => return,
    };
    schema.remove("format");
    for (name, end) in [("minimum", ends.0), ("maximum", ends.1)] {
        if schema.get(name).is_none() {
            schema.insert(name.into(), end.into());
        }
    }
}

/// `oneOf` constants with a description each becomes one `enum` with a list in its description.
fn enumerate(schema: &mut Schema) {
    let Some(Value::Array(variants)) = schema.get("oneOf") else {
        return;
    };
    let Some(values) = variants
        .iter()
        .map(|variant| variant.get("const").cloned())
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let mut lines = vec![String::new()];
    lines.extend(variants.iter().map(|variant| {
        let text = |name: &str| variant.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("- `{}`: {}", text("const"), text("description"))
    }));
    let head = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let description = format!("{head}\n{}", lines.join("\n"));
    schema.remove("oneOf");
    schema.insert("type".into(), "string".into());
    schema.insert("enum".into(), Value::Array(values));
    schema.insert("description".into(), description.into());
}

impl JsonSchema for ProblemKind {
    fn schema_name() -> Cow<'static, str> {
        "ProblemType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let schema = json!({
            "type": "string",
            "description": "Which kind of problem this is. Stable.",
            "enum": Self::ALL,
        });
        Schema::try_from(schema).expect("an object is a schema")
    }
}
