//! Schemas of this crate's types in JSON Schema 2020-12, the dialect of OpenAPI 3.1.

use std::borrow::Cow;

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operation::SchemaOf;
use crate::ProblemKind;

/// Generates schemas and collects the named ones. A property that is optional in a request is always present
/// in a response, so each direction has its own generator.
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

    /// The schema of a request's part.
    pub fn taken(&mut self, schema: SchemaOf) -> Value {
        tidy(schema(&mut self.taken))
    }

    /// The schema of a response's part.
    pub fn given(&mut self, schema: SchemaOf) -> Value {
        tidy(schema(&mut self.given))
    }

    /// All named schemas.
    ///
    /// # Panics
    /// If the schemas of one type differ between requests and responses. Split such a type.
    pub fn named(mut self) -> Map<String, Value> {
        let definitions = |generator: &mut SchemaGenerator| generator.take_definitions(false);
        let mut named = definitions(&mut self.given);
        for (name, schema) in definitions(&mut self.taken) {
            let other = named.insert(name.clone(), schema.clone());
            assert!(
                other.is_none_or(|other| other == schema),
                "{name} differs between requests and responses"
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

/// Closes objects, adds ranges of numbers, and rewrites enumerations and descriptions for OpenAPI readers.
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        close(schema);
        date(schema);
        limit(schema);
        enumerate(schema);
        if let Some(Value::String(text)) = schema.get_mut("description") {
            // rustdoc links do not work outside rustdoc.
            *text = text
                .replace("[`crate::", "`")
                .replace("[`", "`")
                .replace("`]", "`");
        }
    }
}

/// Objects have no unknown properties, unless their type keeps them.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".into(), false.into());
    }
}

/// Properties whose names end with `_at` are timestamps.
fn date(schema: &mut Schema) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if name.ends_with("_at") {
            property["format"] = "date-time".into();
        }
    }
}

/// schemars gives an integer's width as `format`, without its range.
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

/// Replaces a `oneOf` of described constants by one `enum` with a list in its description.
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
