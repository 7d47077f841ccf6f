//! The signed-in user and the dashboard.

use serde::{Deserialize, Serialize};

use crate::{ConversationSummary, PersonaSummary};

/// The signed-in user. `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Me {
    /// Clerk's id, `user_…`.
    pub id: String,
    /// The name that personas use, possibly empty.
    pub name: String,
    /// The primary e-mail address, if there is one.
    pub email: Option<String>,
    /// The URL of the account's picture at Clerk.
    pub picture_url: Option<String>,
}

/// `GET /api/dashboard`: the data of the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// The signed-in user.
    pub me: Me,
    /// The user's personas, newest change first, at most 100.
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
