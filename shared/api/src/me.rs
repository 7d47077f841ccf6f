//! The signed-in person, and the page that greets them.

use serde::{Deserialize, Serialize};

use crate::{ConversationSummary, PersonaSummary};

/// The signed-in person as the product knows them. `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Me {
    /// Clerk's id, `user_…`.
    pub id: String,
    /// What personas call this person; empty until known.
    pub name: String,
    /// The primary e-mail address, where there is one.
    pub email: Option<String>,
    /// The account's picture, as Clerk serves it.
    pub picture_url: Option<String>,
}

/// `GET /api/dashboard`: all that the first page shows, in one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// Who is signed in.
    pub me: Me,
    /// The person's personas, newest change first, at most 100.
    pub personas: PersonaPage,
    /// Conversations, newest message first, at most 30.
    pub conversations: ConversationPage,
}

/// A page of personas. `GET /api/dashboard/personas?after=<cursor>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PersonaPage {
    /// Newest change first.
    #[cfg_attr(test, schemars(length(max = crate::limits::PERSONAS_PAGE)))]
    pub items: Vec<PersonaSummary>,
    /// Pass as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

/// A page of conversations. `GET /api/dashboard/conversations?after=<cursor>&persona_id=<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConversationPage {
    /// Newest message first.
    #[cfg_attr(test, schemars(length(max = crate::limits::CONVERSATIONS_PAGE)))]
    pub items: Vec<ConversationSummary>,
    /// Pass as `after` for the next page; null on the last one.
    pub next: Option<String>,
}
