//! Every operation of the API. This list is the only one: the document, the client and the tests follow it.

use schemars::{Schema, SchemaGenerator};

use crate::{ProblemKind as Kind, *};

/// Where the schema of a type comes from.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// A method at an address.
pub struct Operation {
    pub method: &'static str,
    /// With `{id}` where an id stands.
    pub path: &'static str,
    /// The operation's name in generated clients.
    pub name: &'static str,
    /// The heading under which it stands.
    pub group: &'static str,
    /// The doc comment of the handler, behind its address: a test compares them.
    pub says: &'static str,
    /// Query parameters and headers.
    pub parameters: &'static [Parameter],
    pub takes: Takes,
    pub gives: Gives,
    /// Problems that do not follow from the rest: see [`Operation::problems`].
    pub problems: &'static [Kind],
}

/// A query parameter or a header, always optional.
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

/// The body of an answer that succeeds.
pub enum Gives {
    /// 204.
    Nothing,
    /// This status and JSON.
    Json(u16, SchemaOf),
    /// 200 and the [`EVENTS`] of a reply.
    Events,
    /// 200 and the bytes of a picture, or 304. The only answer that needs no session.
    Picture,
}

/// The events of a reply's stream and what each of them says.
pub const EVENTS: &[(&str, &str, SchemaOf)] = &[
    ("delta", "More of the reply.", of::<DeltaEvent>),
    ("reasoning", "More of the model's thinking.", of::<DeltaEvent>),
    ("error", "What went wrong. The end follows.", of::<Problem>),
    ("end", "The last event.", of::<EndEvent>),
];

/// Media types of pictures.
pub const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

fn of<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    /// Whether it wants a session.
    pub fn is_guarded(&self) -> bool {
        !matches!(self.gives, Gives::Picture)
    }

    /// Every problem that this operation may answer with.
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

const AFTER: Parameter = Parameter {
    place: "query",
    name: "after",
    says: "The `next` of the page before.",
    schema: of::<String>,
};

const OF_PERSONA: Parameter = Parameter {
    place: "query",
    name: "persona_id",
    says: "Only the conversations with this persona.",
    schema: of::<uuid::Uuid>,
};

const BEFORE: Parameter = Parameter {
    place: "query",
    name: "before",
    says: "Only messages older than this one.",
    schema: of::<uuid::Uuid>,
};

const LAST_EVENT_ID: Parameter = Parameter {
    place: "header",
    name: "Last-Event-ID",
    says: "The number of the last event that the reader has. Absent: from the beginning.",
    schema: of::<u32>,
};

const IF_NONE_MATCH: Parameter = Parameter {
    place: "header",
    name: "If-None-Match",
    says: "The `ETag` of the copy that the client has.",
    schema: of::<String>,
};

/// All of them, in the order in which the document shows them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: "GET",
        path: "/api/me",
        name: "getMe",
        group: "Dashboard",
        says: "Who is signed in.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<Me>),
        problems: &[],
    },
    Operation {
        method: "GET",
        path: "/api/dashboard",
        name: "getDashboard",
        group: "Dashboard",
        says: "All that the first page shows, in one answer.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<Dashboard>),
        problems: &[],
    },
    Operation {
        method: "GET",
        path: "/api/dashboard/personas",
        name: "listPersonas",
        group: "Dashboard",
        says: "The next page of personas.",
        parameters: &[AFTER],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<PersonaPage>),
        problems: &[],
    },
    Operation {
        method: "GET",
        path: "/api/dashboard/conversations",
        name: "listConversations",
        group: "Dashboard",
        says: "The next page of conversations.",
        parameters: &[AFTER, OF_PERSONA],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<ConversationPage>),
        problems: &[],
    },
    Operation {
        method: "POST",
        path: "/api/personas",
        name: "createPersona",
        group: "Personas",
        says: "Gives the caller a new persona. A repeated POST with the same id is the same POST; an id of somebody else is not found.",
        parameters: &[],
        takes: Takes::Json(of::<PersonaInput>),
        gives: Gives::Json(201, of::<Persona>),
        problems: &[Kind::Invalid, Kind::NotFound, Kind::LimitReached],
    },
    Operation {
        method: "GET",
        path: "/api/personas/{id}",
        name: "getPersona",
        group: "Personas",
        says: "One persona, whole.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<Persona>),
        problems: &[],
    },
    Operation {
        method: "PUT",
        path: "/api/personas/{id}",
        name: "updatePersona",
        group: "Personas",
        says: "A new version of a persona.",
        parameters: &[],
        takes: Takes::Json(of::<PersonaInput>),
        gives: Gives::Json(200, of::<Persona>),
        problems: &[Kind::Invalid, Kind::Stale],
    },
    Operation {
        method: "DELETE",
        path: "/api/personas/{id}",
        name: "deletePersona",
        group: "Personas",
        says: "Hides a persona; its conversations stay readable.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        problems: &[],
    },
    Operation {
        method: "POST",
        path: "/api/personas/{id}/restore",
        name: "restorePersona",
        group: "Personas",
        says: "Undoes a delete.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<Persona>),
        problems: &[Kind::LimitReached],
    },
    Operation {
        method: "POST",
        path: "/api/files",
        name: "uploadFile",
        group: "Pictures",
        says: "Stores a picture. The body is the picture itself; its content decides what it is.",
        parameters: &[],
        takes: Takes::Picture,
        gives: Gives::Json(201, of::<StoredFile>),
        problems: &[Kind::LimitReached, Kind::TooMany],
    },
    Operation {
        method: "GET",
        path: "/api/files/{id}",
        name: "getFile",
        group: "Pictures",
        says: "A picture, for an `<img>`, which cannot send a token. The id is the secret.",
        parameters: &[IF_NONE_MATCH],
        takes: Takes::Nothing,
        gives: Gives::Picture,
        problems: &[],
    },
    Operation {
        method: "POST",
        path: "/api/conversations",
        name: "openConversation",
        group: "Conversations",
        says: "Opens a conversation with the persona's greeting. A repeated POST is the same POST.",
        parameters: &[],
        takes: Takes::Json(of::<ConversationInput>),
        gives: Gives::Json(201, of::<Conversation>),
        problems: &[Kind::NotFound, Kind::LimitReached],
    },
    Operation {
        method: "GET",
        path: "/api/conversations/{id}",
        name: "getConversation",
        group: "Conversations",
        says: "The newest messages, or those before one.",
        parameters: &[BEFORE],
        takes: Takes::Nothing,
        gives: Gives::Json(200, of::<Conversation>),
        problems: &[],
    },
    Operation {
        method: "DELETE",
        path: "/api/conversations/{id}",
        name: "deleteConversation",
        group: "Conversations",
        says: "Hides a conversation.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        problems: &[],
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/restore",
        name: "restoreConversation",
        group: "Conversations",
        says: "Undoes a delete.",
        parameters: &[],
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        problems: &[Kind::LimitReached],
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/generations",
        name: "beginGeneration",
        group: "Replies",
        says: "A reply as `text/event-stream`. A repeated POST joins the same reply.",
        parameters: &[],
        takes: Takes::Json(of::<GenerationInput>),
        gives: Gives::Events,
        problems: &[
            Kind::Invalid,
            Kind::Conflict,
            Kind::Stale,
            Kind::Busy,
            Kind::Gone,
            Kind::TooMany,
        ],
    },
    Operation {
        method: "GET",
        path: "/api/generations/{id}/events",
        name: "followGeneration",
        group: "Replies",
        says: "The reply from where the reader left it (`Last-Event-ID`), on any device.",
        parameters: &[LAST_EVENT_ID],
        takes: Takes::Nothing,
        gives: Gives::Events,
        problems: &[],
    },
    Operation {
        method: "POST",
        path: "/api/generations/{id}/stop",
        name: "stopGeneration",
        group: "Replies",
        says: "Stops the reply at what the reader had seen. Stopping an ended reply is no error.",
        parameters: &[],
        takes: Takes::Json(of::<StopInput>),
        gives: Gives::Json(200, of::<EndEvent>),
        problems: &[],
    },
];
