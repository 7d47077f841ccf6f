//! The type of operations.

use schemars::{Schema, SchemaGenerator};

use crate::ProblemKind as Kind;

/// Generates the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// An operation of the API.
pub struct Operation {
    pub method: &'static str,
    /// The path, with `{id}` for an id.
    pub path: &'static str,
    /// The operation's name in generated clients.
    pub name: &'static str,
    /// Its group in the document.
    pub group: &'static str,
    /// The text of the handler's doc comment after the path. A test compares them.
    pub says: &'static str,
    /// Query parameters and headers.
    pub parameters: &'static [Parameter],
    pub takes: Takes,
    pub gives: Gives,
    /// Problems in addition to the common ones: see [`Operation::problems`].
    pub problems: &'static [Kind],
}

/// An optional query parameter or header.
pub struct Parameter {
    /// `query` or `header`.
    pub place: &'static str,
    pub name: &'static str,
    pub says: &'static str,
    pub schema: SchemaOf,
}

/// The body of a request.
pub enum Takes {
    Nothing,
    Json(SchemaOf),
    Picture,
}

/// The body of a successful response.
pub enum Gives {
    /// 204.
    Nothing,
    /// This status and JSON.
    Json(u16, SchemaOf),
    /// 200 and the [`EVENTS`] of a reply.
    Events,
    /// 200 and the bytes of a picture, or 304. Needs no session.
    Picture,
    /// 200 and this document, or 304. Needs no session.
    Document,
}

/// Media types of pictures.
pub const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// The schema of a type.
pub fn of<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    /// Whether it requires a session.
    pub fn is_guarded(&self) -> bool {
        !matches!(self.gives, Gives::Picture | Gives::Document)
    }

    /// Every problem that this operation can return.
    pub fn problems(&self) -> Vec<Kind> {
        let mut kinds = vec![Kind::Unavailable, Kind::Internal];
        if self.is_guarded() {
            kinds.push(Kind::Unauthenticated);
        }
        if self.path.contains('{') {
            kinds.push(Kind::NotFound);
        }
        if !matches!(self.takes, Takes::Nothing) {
            kinds.extend([
                Kind::Malformed,
                Kind::TooLarge,
                Kind::TooSlow,
                Kind::UnsupportedMediaType,
            ]);
        } else if self.is_guarded() && !self.parameters.is_empty() {
            kinds.push(Kind::Malformed);
        }
        kinds.extend(self.problems);
        kinds
    }
}

/// Default fields for operations.
pub const READ: Operation = Operation {
    method: "GET",
    path: "",
    name: "",
    group: "",
    says: "",
    parameters: &[],
    takes: Takes::Nothing,
    gives: Gives::Nothing,
    problems: &[],
};
