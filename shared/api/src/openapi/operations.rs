//! Every operation of the API: the source of the document and the client. Tests compare it with the handlers.

use super::operation::{Gives, Operation, Parameter, READ, SchemaOf, Takes, of};
use crate::{ProblemKind as Kind, *};

/// The events of a reply's stream.
pub const EVENTS: &[(&str, &str, SchemaOf)] = &[
    ("delta", "Text to append to the reply.", of::<DeltaEvent>),
    (
        "reasoning",
        "Text to append to the model's reasoning.",
        of::<DeltaEvent>,
    ),
    ("error", "A failure. The end follows.", of::<Problem>),
    ("end", "The last event.", of::<EndEvent>),
];

const AFTER: Parameter = Parameter {
    place: "query",
    name: "after",
    says: "The `next` of the previous page.",
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
    says: "The number of the last received event. Absent: from the start.",
    schema: of::<u32>,
};

const IF_NONE_MATCH: Parameter = Parameter {
    place: "header",
    name: "If-None-Match",
    says: "The `ETag` of the client's copy.",
    schema: of::<String>,
};

/// Every operation, in the order of the document.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: "GET",
        path: "/api/me",
        name: "getMe",
        group: "Dashboard",
        says: "The signed-in user.",
        gives: Gives::Json(200, of::<Me>),
        ..READ
    },
    Operation {
        method: "GET",
        path: "/api/dashboard",
        name: "getDashboard",
        group: "Dashboard",
        says: "The data of the first page.",
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
        says: "Creates a persona. Idempotent by `id`. Another user's id is not found.",
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
        says: "One persona with its card.",
        gives: Gives::Json(200, of::<Persona>),
        ..READ
    },
    Operation {
        method: "PUT",
        path: "/api/personas/{id}",
        name: "updatePersona",
        group: "Personas",
        says: "Stores a new version of a persona.",
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
        says: "Deletes a persona. Its conversations stay readable.",
        gives: Gives::Nothing,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/personas/{id}/restore",
        name: "restorePersona",
        group: "Personas",
        says: "Restores a deleted persona.",
        gives: Gives::Json(200, of::<Persona>),
        problems: &[Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/files",
        name: "uploadFile",
        group: "Pictures",
        says: "Stores a picture. The body is the picture. Its type is detected from the content.",
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
        says: "A picture. It needs no session, because an `<img>` cannot send a token. The id is the secret.",
        parameters: &[IF_NONE_MATCH],
        gives: Gives::Picture,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations",
        name: "openConversation",
        group: "Conversations",
        says: "Opens a conversation with the persona's greeting. Idempotent by `id`.",
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
        says: "A conversation with its newest messages, or those before `before`.",
        parameters: &[BEFORE],
        gives: Gives::Json(200, of::<Conversation>),
        ..READ
    },
    Operation {
        method: "DELETE",
        path: "/api/conversations/{id}",
        name: "deleteConversation",
        group: "Conversations",
        says: "Deletes a conversation.",
        gives: Gives::Nothing,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/restore",
        name: "restoreConversation",
        group: "Conversations",
        says: "Restores a deleted conversation.",
        gives: Gives::Nothing,
        problems: &[Kind::LimitReached],
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/conversations/{id}/generations",
        name: "beginGeneration",
        group: "Replies",
        says: "Starts a reply, streamed as `text/event-stream`. A repeated POST joins the same reply.",
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
        says: "Follows a reply from `Last-Event-ID` on, on any device.",
        parameters: &[LAST_EVENT_ID],
        gives: Gives::Events,
        ..READ
    },
    Operation {
        method: "POST",
        path: "/api/generations/{id}/stop",
        name: "stopGeneration",
        group: "Replies",
        says: "Stops a reply at the seen text. Stopping an ended reply is not an error.",
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
