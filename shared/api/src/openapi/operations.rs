//! Every operation of the API. This list is the only one: the document, the client and the tests follow it.

use super::operation::{Gives, Operation, Parameter, READ, SchemaOf, Takes, of};
use crate::{ProblemKind as Kind, *};

/// The events of a reply's stream and what each of them says.
pub const EVENTS: &[(&str, &str, SchemaOf)] = &[
    ("delta", "More of the reply.", of::<DeltaEvent>),
    ("reasoning", "More of the model's thinking.", of::<DeltaEvent>),
    ("error", "What went wrong. The end follows.", of::<Problem>),
    ("end", "The last event.", of::<EndEvent>),
];

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

/// Every operation, in the order in which the document shows them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: "GET",
        path: "/api/me",
        name: "getMe",
        group: "Dashboard",
        says: "Who is signed in.",
        gives: Gives::Json(200, of::<Me>),
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/dashboard",
        name: "getDashboard",
        group: "Dashboard",
        says: "All that the first page shows, in one answer.",
        gives: Gives::Json(200, of::<Dashboard>),
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/dashboard/personas",
        name: "listPersonas",
        group: "Dashboard",
        says: "The next page of personas.",
        parameters: &[AFTER],
        gives: Gives::Json(200, of::<PersonaPage>),
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/dashboard/conversations",
        name: "listConversations",
        group: "Dashboard",
        says: "The next page of conversations.",
        parameters: &[AFTER, OF_PERSONA],
        gives: Gives::Json(200, of::<ConversationPage>),
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/personas",
        name: "createPersona",
        group: "Personas",
        says: "Gives the caller a new persona. A repeated POST with the same id is the same POST; an id of somebody else is not found.",
        takes: Takes::Json(of::<PersonaInput>),
        gives: Gives::Json(201, of::<Persona>),
        problems: &[Kind::Invalid, Kind::NotFound, Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/personas/{id}",
        name: "getPersona",
        group: "Personas",
        says: "One persona, whole.",
        gives: Gives::Json(200, of::<Persona>),
        ..READ
    },
    Operation {
        method: "PUT",
        path: "/api/personas/{id}",
        name: "updatePersona",
        group: "Personas",
        says: "A new version of a persona.",
        takes: Takes::Json(of::<PersonaInput>),
        gives: Gives::Json(200, of::<Persona>),
        problems: &[Kind::Invalid, Kind::Stale],
        ..READ
    },
    Operation {
        method: "DELETE",
        path: "/api/personas/{id}",
        name: "deletePersona",
        group: "Personas",
        says: "Hides a persona; its conversations stay readable.",
        gives: Gives::Nothing,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/personas/{id}/restore",
        name: "restorePersona",
        group: "Personas",
        says: "Undoes a delete.",
        gives: Gives::Json(200, of::<Persona>),
        problems: &[Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/files",
        name: "uploadFile",
        group: "Pictures",
        says: "Stores a picture. The body is the picture itself; its content decides what it is.",
        takes: Takes::Picture,
        gives: Gives::Json(201, of::<StoredFile>),
        problems: &[Kind::LimitReached, Kind::TooMany],
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/files/{id}",
        name: "getFile",
        group: "Pictures",
        says: "A picture, for an `<img>`, which cannot send a token. The id is the secret.",
        parameters: &[IF_NONE_MATCH],
        gives: Gives::Picture,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations",
        name: "openConversation",
        group: "Conversations",
        says: "Opens a conversation with the persona's greeting. A repeated POST is the same POST.",
        takes: Takes::Json(of::<ConversationInput>),
        gives: Gives::Json(201, of::<Conversation>),
        problems: &[Kind::NotFound, Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/conversations/{id}",
        name: "getConversation",
        group: "Conversations",
        says: "The newest messages, or those before one.",
        parameters: &[BEFORE],
        gives: Gives::Json(200, of::<Conversation>),
        ..READ
    },
    Operation {
        method: "DELETE",
        path: "/api/conversations/{id}",
        name: "deleteConversation",
        group: "Conversations",
        says: "Hides a conversation.",
        gives: Gives::Nothing,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/restore",
        name: "restoreConversation",
        group: "Conversations",
        says: "Undoes a delete.",
        gives: Gives::Nothing,
        problems: &[Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/generations",
        name: "beginGeneration",
        group: "Replies",
        says: "A reply as `text/event-stream`. A repeated POST joins the same reply.",
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
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/generations/{id}/events",
        name: "followGeneration",
        group: "Replies",
        says: "The reply from where the reader left it (`Last-Event-ID`), on any device.",
        parameters: &[LAST_EVENT_ID],
        gives: Gives::Events,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/generations/{id}/stop",
        name: "stopGeneration",
        group: "Replies",
        says: "Stops the reply at what the reader had seen. Stopping an ended reply is no error.",
        takes: Takes::Json(of::<StopInput>),
        gives: Gives::Json(200, of::<EndEvent>),
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/openapi.json",
        name: "getDocument",
        group: "About",
        says: "This document.",
        parameters: &[IF_NONE_MATCH],
        gives: Gives::Document,
        ..READ
    },
];
