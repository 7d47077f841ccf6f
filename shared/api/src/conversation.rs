//! Conversations, their messages, and the replies being written.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(test)]
use crate::limits::{MESSAGES_PAGE, PREVIEW_CHARS_MAX};
use crate::{FieldError, Timestamp, limits::MESSAGE_CHARS_MAX, persona::check_text};

/// The body of `POST /api/conversations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConversationInput {
    /// Chosen by the client (UUIDv7), so that a repeated POST is the same POST.
    pub id: Uuid,
    /// Whom to talk to.
    pub persona_id: Uuid,
}

/// A conversation with its newest messages.
/// `GET /api/conversations/{id}` and, for older messages, `?before=<message id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Conversation {
    /// UUIDv7.
    pub id: Uuid,
    /// Whom it is with. The conversation outlives the persona.
    pub persona: ConversationPersona,
    /// When it was opened.
    pub created_at: Timestamp,
    /// At most 50 and 2 MiB of text, but one at least; oldest first, along the shown branch.
    #[cfg_attr(test, schemars(length(max = MESSAGES_PAGE)))]
    pub messages: Vec<Message>,
    /// Whether older messages exist: ask with `?before=<id of the first message here>`.
    pub has_earlier: bool,
    /// The reply being written right now, if any: follow it at `/api/generations/{id}/events`.
    pub running: Option<RunningGeneration>,
}

/// The persona as a conversation shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConversationPersona {
    /// UUIDv7.
    pub id: Uuid,
    /// The name, also of a deleted persona.
    pub name: String,
    /// One line, possibly empty.
    pub tagline: String,
    /// Readable at `/api/files/<id>`.
    pub avatar_id: Option<Uuid>,
    /// A deleted persona can be read, not talked to.
    pub deleted: bool,
}

/// A conversation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConversationSummary {
    /// UUIDv7.
    pub id: Uuid,
    /// Whom it is with.
    pub persona: ConversationPersona,
    /// The beginning of the newest message, at most 160 characters; empty when there is none.
    #[cfg_attr(test, schemars(length(max = PREVIEW_CHARS_MAX)))]
    pub preview: String,
    /// Messages on every branch.
    pub messages: i32,
    /// When somebody last spoke.
    pub last_message_at: Timestamp,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person.
    User,
    /// The persona.
    Assistant,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Being written: see [`Conversation::running`].
    Streaming,
    /// Complete.
    Done,
    /// Stopped by the person; what they had seen is kept.
    Stopped,
    /// Broken off by the model or the network; the partial is kept.
    Interrupted,
    /// The model declined (`finish_reason: content_filter`).
    Refused,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Message {
    /// UUIDv7.
    pub id: Uuid,
    /// Who speaks.
    pub role: Role,
    /// How it stands.
    pub status: MessageStatus,
    /// Markdown; never HTML.
    pub content: String,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// A reply being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunningGeneration {
    /// For `/api/generations/{id}/events` and `/stop`.
    pub id: Uuid,
    /// The message it is writing.
    pub message_id: Uuid,
    /// The last event in the message's `content` as it stands here, 0 for none: follow from here on, with this as
    /// `Last-Event-ID`, and append what comes.
    pub seq: u32,
}

/// What to do with the tail of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GenerationKind {
    /// Append the person's message, then a reply to it.
    Send,
    /// Answer the newest message of the person once more, beside the earlier reply.
    Retry,
    /// Write on at the end of the newest reply.
    Continue,
}

/// The body of `POST /api/conversations/{id}/generations`, answered by `text/event-stream`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GenerationInput {
    /// Chosen by the client (UUIDv7): a repeated POST joins the same reply.
    pub id: Uuid,
    /// What to do.
    pub kind: GenerationKind,
    /// The newest message that the client shows; another one is stored: 409 `stale`.
    /// Absent in a conversation with no message.
    #[serde(default)]
    pub after: Option<Uuid>,
    /// `send` only: the person's message.
    #[serde(default)]
    pub message: Option<MessageInput>,
    /// The reply's message id (UUIDv7); for `continue` the id of the message to write on.
    pub reply_id: Uuid,
}

/// A message that a person sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MessageInput {
    /// UUIDv7.
    pub id: Uuid,
    /// What was typed, kept as it is.
    #[cfg_attr(test, schemars(length(min = 1, max = MESSAGE_CHARS_MAX)))]
    pub content: String,
}

impl GenerationInput {
    /// Checks everything at once.
    ///
    /// # Errors
    /// One [`FieldError`] for each field that needs another look.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        match (self.kind, &self.message) {
            (GenerationKind::Send, None) => {
                errors.push(FieldError::new("message", "required", "Write something first."));
            }
            (GenerationKind::Send, Some(message)) => {
                if message.content.trim().is_empty() {
                    errors.push(FieldError::new(
                        "message.content",
                        "required",
                        "Write something first.",
                    ));
                }
                errors.extend(check_text("message.content", &message.content, MESSAGE_CHARS_MAX));
                if message.id == self.reply_id {
                    errors.push(FieldError::new(
                        "reply_id",
                        "invalid",
                        "Two messages cannot share an id.",
                    ));
                }
            }
            (_, Some(_)) => {
                errors.push(FieldError::new(
                    "message",
                    "unknown",
                    "Only `send` takes a message.",
                ));
            }
            (_, None) => {}
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// The body of `POST /api/generations/{id}/stop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StopInput {
    /// How much of the message the reader had seen, in Unicode code points, from its beginning: the rest is dropped.
    pub seen_chars: u32,
}

/// `event: delta` of a reply's stream; `id` counts from 1 with no gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeltaEvent {
    /// Goes behind what is there.
    pub text: String,
}

/// `event: end`, the last event of every stream. Also the answer to `/stop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndEvent {
    /// How the reply ended; never `streaming`.
    pub status: MessageStatus,
    /// The message that was written.
    pub message_id: Uuid,
    /// The whole text of the message as stored.
    pub content: String,
}
