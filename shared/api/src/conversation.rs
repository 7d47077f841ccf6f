//! Conversations, messages and replies.

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
    /// Chosen by the client (UUIDv7), which makes POST idempotent.
    pub id: Uuid,
    /// The persona.
    pub persona_id: Uuid,
}

/// A conversation with its newest messages.
/// `GET /api/conversations/{id}` and, for older messages, `?before=<message id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Conversation {
    /// UUIDv7.
    pub id: Uuid,
    /// The persona, which can be deleted.
    pub persona: ConversationPersona,
    /// When it was opened.
    pub created_at: Timestamp,
    /// At most 50 messages and 2 MiB of text, but at least one message; oldest first, along the current branch.
    #[cfg_attr(test, schemars(length(max = MESSAGES_PAGE)))]
    pub messages: Vec<Message>,
    /// Whether older messages exist: request them with `?before=<id of the first message>`.
    pub has_earlier: bool,
    /// The running reply, if there is one: follow it at `/api/generations/{id}/events`.
    pub running: Option<RunningGeneration>,
}

/// The persona of a conversation.
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
    /// Whether the persona is deleted. Its conversations are read-only.
    pub deleted: bool,
}

/// A conversation in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConversationSummary {
    /// UUIDv7.
    pub id: Uuid,
    /// The persona.
    pub persona: ConversationPersona,
    /// The beginning of the newest message, at most 160 characters; empty when there is none.
    #[cfg_attr(test, schemars(length(max = PREVIEW_CHARS_MAX)))]
    pub preview: String,
    /// The number of messages on all branches.
    pub messages: i32,
    /// The time of the newest message.
    pub last_message_at: Timestamp,
}

/// The author of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The user.
    User,
    /// The persona.
    Assistant,
}

/// The status of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// The reply is running: see [`Conversation::running`].
    Streaming,
    /// Complete.
    Done,
    /// Stopped by the user. The seen text is kept.
    Stopped,
    /// Interrupted by a failure. The partial text is kept.
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
    /// The author.
    pub role: Role,
    /// The status.
    pub status: MessageStatus,
    /// Markdown; never HTML.
    pub content: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A running reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunningGeneration {
    /// For `/api/generations/{id}/events` and `/stop`.
    pub id: Uuid,
    /// Its message.
    pub message_id: Uuid,
    /// The number of the last event in the message's `content`, 0 for none. Send it as `Last-Event-ID` to follow the
    /// reply, and append the deltas.
    pub seq: u32,
}

/// The kind of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GenerationKind {
    /// Appends the user's message and a reply to it.
    Send,
    /// Replies to the newest message of the user again, on a new branch.
    Retry,
    /// Continues the newest reply.
    Continue,
}

/// The body of `POST /api/conversations/{id}/generations`, answered by `text/event-stream`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GenerationInput {
    /// Chosen by the client (UUIDv7). A repeated POST joins the same reply.
    pub id: Uuid,
    /// The kind.
    pub kind: GenerationKind,
    /// The newest message that the client shows. If it is not the newest stored one: 409 `stale`.
    /// Absent in an empty conversation.
    #[serde(default)]
    pub after: Option<Uuid>,
    /// `send` only: the user's message.
    #[serde(default)]
    pub message: Option<MessageInput>,
    /// The reply's message id (UUIDv7); for `continue` the id of the message to continue.
    pub reply_id: Uuid,
}

/// A message of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MessageInput {
    /// UUIDv7.
    pub id: Uuid,
    /// The text, stored unchanged.
    #[cfg_attr(test, schemars(length(min = 1, max = MESSAGE_CHARS_MAX)))]
    pub content: String,
}

impl GenerationInput {
    /// Validates the fields.
    ///
    /// # Errors
    /// One [`FieldError`] for each invalid field.
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
                    "Only `send` has a message.",
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
    /// The number of Unicode code points of the message that the reader has seen. The rest is dropped.
    pub seen_chars: u32,
}

/// `event: delta` of a reply's stream. `id` counts from 1 without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeltaEvent {
    /// To be appended.
    pub text: String,
}

/// `event: end`, the last event of every stream. Also the response of `/stop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndEvent {
    /// The status, never `streaming`.
    pub status: MessageStatus,
    /// The reply's message.
    pub message_id: Uuid,
    /// The stored text of the message.
    pub content: String,
}
