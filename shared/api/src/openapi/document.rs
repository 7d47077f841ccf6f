//! Builds the document from the operations and schemas.

use serde_json::{Map, Value, json};

use super::operation::{Gives, Operation, PICTURES, Parameter, Takes};
use super::operations::{EVENTS, OPERATIONS};
use super::schemas::Schemas;
use crate::{ProblemKind, limits};

const ABOUT: &str = "Personas and conversations with them.\n\n\
    Requests need one of Clerk's session tokens as a bearer token. A token is valid for a minute. \
    Errors are `application/problem+json` (RFC 9457); distinguish them by `type`. \
    Unsupported methods are 405. HEAD is supported wherever GET is. \
    For navigations of a browser, errors are pages.";

/// The whole document.
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        methods[operation.method.to_lowercase()] = self::operation(operation, &mut schemas);
    }
    let events = events(&mut schemas);
    let problems: Map<String, Value> = ProblemKind::ALL
        .iter()
        .filter(|kind| OPERATIONS.iter().any(|one| one.problems().contains(kind)))
        .map(|kind| (format!("{kind:?}"), response(&[*kind])))
        .collect();
    let mut named = schemas.named();
    named.insert("ReplyEvents".into(), events);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Persona", "version": "1", "description": ABOUT },
        "tags": groups(),
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": named,
            "responses": problems,
            "securitySchemes": {
                "session": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A session token from Clerk." },
            },
        },
        "x-limits": limits(),
    })
}

/// The groups, in the order of the operations.
fn groups() -> Vec<Value> {
    let mut names: Vec<_> = OPERATIONS.iter().map(|operation| operation.group).collect();
    names.dedup();
    names.iter().map(|name| json!({ "name": name })).collect()
}

fn operation(operation: &Operation, schemas: &mut Schemas) -> Value {
    let (summary, rest) = operation.says.split_once(". ").unwrap_or((operation.says, ""));
    let mut value = json!({
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": summary.trim_end_matches('.'),
        "responses": responses(operation, schemas),
    });
    if !rest.is_empty() {
        value["description"] = rest.into();
    }
    let parameters = parameters(operation, schemas);
    if !parameters.is_empty() {
        value["parameters"] = parameters.into();
    }
    if let Some(body) = body(operation, schemas) {
        value["requestBody"] = body;
    }
    if !operation.is_guarded() {
        value["security"] = json!([]);
    }
    value
}

fn parameters(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let id = operation.path.contains("{id}").then(|| {
        let schema = schemas.taken(|generator| generator.subschema_for::<uuid::Uuid>());
        json!({ "in": "path", "name": "id", "required": true, "schema": schema })
    });
    let others = operation.parameters.iter().map(
        |Parameter {
             place,
             name,
             says,
             schema,
         }| {
            json!({ "in": place, "name": name, "description": says, "schema": schemas.taken(*schema) })
        },
    );
    id.into_iter().chain(others).collect()
}

fn body(operation: &Operation, schemas: &mut Schemas) -> Option<Value> {
    let content = match operation.takes {
        Takes::Nothing => return None,
        Takes::Json(schema) => json!({ "application/json": { "schema": schemas.taken(schema) } }),
        Takes::Picture => pictures(),
    };
    Some(json!({ "required": true, "content": content }))
}

fn pictures() -> Value {
    PICTURES
        .iter()
        .map(|kind| ((*kind).to_owned(), json!({})))
        .collect::<Map<_, _>>()
        .into()
}

fn responses(operation: &Operation, schemas: &mut Schemas) -> Map<String, Value> {
    let mut responses = Map::new();
    let (status, mut success) = match operation.gives {
        Gives::Nothing => (204, json!({ "description": "Done." })),
        Gives::Json(status, schema) => {
            let content = json!({ "application/json": { "schema": schemas.given(schema) } });
            (status, json!({ "description": "Done.", "content": content }))
        }
        Gives::Events => {
            // OpenAPI 3.1 cannot describe server-sent events; 3.2 can.
            let stream = json!({
                "schema": { "type": "string" },
                "x-events": { "$ref": "#/components/schemas/ReplyEvents" },
            });
            (
                200,
                json!({ "description": "The events of the reply.", "content": { "text/event-stream": stream } }),
            )
        }
        Gives::Document => {
            responses.insert("304".into(), unchanged());
            let content = json!({ "application/json": { "schema": { "type": "object" } } });
            (200, json!({ "description": "The document.", "content": content }))
        }
        Gives::Picture => {
            responses.insert("304".into(), unchanged());
            (
                200,
                json!({ "description": "The picture.", "content": pictures() }),
            )
        }
    };
    let links = links(operation);
    if !links.is_empty() {
        success["links"] = links.into();
    }
    responses.insert(status.to_string(), success);
    let mut problems = operation.problems();
    problems.sort_by_key(|kind| kind.status());
    problems.dedup();
    for alike in problems.chunk_by(|one, other| one.status() == other.status()) {
        let response = match alike {
            [kind] => json!({ "$ref": format!("#/components/responses/{kind:?}") }),
            several => response(several),
        };
        responses.insert(alike[0].status().to_string(), response);
    }
    responses
}

/// Links to the operations on a created resource.
fn links(operation: &Operation) -> Map<String, Value> {
    let (below, id) = match operation.gives {
        Gives::Json(201, _) => (format!("{}/{{id}}", operation.path), "$response.body#/id"),
        Gives::Events if operation.method == "POST" => ("/api/generations/{id}".into(), "$request.body#/id"),
        _ => return Map::new(),
    };
    let linked = OPERATIONS.iter().filter(|other| other.path.starts_with(&below));
    linked
        .map(|other| {
            let link = json!({ "operationId": other.name, "parameters": { "id": id } });
            (other.name.into(), link)
        })
        .collect()
}

fn unchanged() -> Value {
    json!({ "description": "The client's copy is current." })
}

/// The response for these kinds of problems, which have the same status.
fn response(kinds: &[ProblemKind]) -> Value {
    let titles: Vec<_> = kinds.iter().map(|kind| kind.title()).collect();
    let narrowed = json!({
        "properties": { "type": { "enum": kinds }, "status": { "const": kinds[0].status() } },
    });
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, narrowed] });
    let mut response = json!({
        "description": format!("{}.", titles.join(", or: ")),
        "content": { "application/problem+json": { "schema": schema } },
    });
    if kinds
        .iter()
        .any(|kind| matches!(kind, ProblemKind::Unavailable | ProblemKind::TooMany))
    {
        let header = json!({ "description": "Seconds until a retry.", "schema": { "type": "integer" } });
        response["headers"] = json!({ "Retry-After": header });
    }
    response
}

/// An object with the `data` of each event as a property.
fn events(schemas: &mut Schemas) -> Value {
    let mut properties = Map::new();
    for (name, says, schema) in EVENTS {
        let mut schema = schemas.given(*schema);
        schema["description"] = (*says).into();
        properties.insert((*name).into(), schema);
    }
    let names: Vec<_> = EVENTS.iter().map(|(name, ..)| name).collect();
    json!({
        "type": "object",
        "description": "The `data` of the events of a reply's stream, by `event`. `id` counts events from 1.",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

/// The limits for clients.
fn limits() -> Map<String, Value> {
    macro_rules! limits {
        ($($name:ident),* $(,)?) => { [$( (stringify!($name).to_owned(), limits::$name.into()) ),*] };
    }
    limits![
        CARD_JSON_BYTES_MAX,
        CARD_DEPTH_MAX,
        LORE_ENTRIES_MAX,
        NAME_CHARS_MAX,
        TAGLINE_CHARS_MAX,
        DEFINITION_CHARS_MAX,
        GREETING_CHARS_MAX,
        TAGS_MAX,
        TAG_CHARS_MAX,
        MESSAGE_CHARS_MAX,
        AVATAR_BYTES_MAX,
        AVATAR_SIDE_PX_MAX,
        PERSONAS_MAX,
        CONVERSATIONS_MAX,
        FILES_BYTES_MAX,
        UPLOADS_A_DAY_MAX,
        REPLIES_AT_ONCE_MAX,
    ]
    .into_iter()
    .collect()
}
