//! The data model, serialized to the state file. Times are milliseconds since 1970. Clerk's wire
//! format is in [`crate::wire`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    pub id: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub emails: Vec<Contact>,
    pub phones: Vec<Contact>,
    pub external_accounts: Vec<ExternalAccount>,
    pub primary_email_id: Option<String>,
    pub primary_phone_id: Option<String>,
    pub public_metadata: Map<String, Value>,
    pub private_metadata: Map<String, Value>,
    pub unsafe_metadata: Map<String, Value>,
    /// The media type of the uploaded picture, which is stored in a file.
    pub image_type: Option<String>,
    pub image_version: u32,
    pub banned: bool,
    pub last_sign_in_at: Option<i64>,
    pub last_active_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// An email address or a phone number of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub id: String,
    pub value: String,
    pub verification: Verification,
    /// The external accounts that verified this address.
    pub linked_to: Vec<String>,
    pub created_at: i64,
}

impl Contact {
    pub fn is_verified(&self) -> bool {
        self.verification.status == Status::Verified
    }
}

/// An account at the emulated provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalAccount {
    pub id: String,
    pub identification_id: String,
    pub profile: Profile,
    pub verification: Verification,
    pub created_at: i64,
}

/// A profile from the emulated provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// The status of a verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Unverified,
    Verified,
    Failed,
    Expired,
    Transferable,
}

/// The verification of an address or an external account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Verification {
    pub status: Status,
    /// None until it is prepared: a set strategy makes Clerk's components skip `prepare`.
    pub strategy: Option<String>,
    pub expire_at: Option<i64>,
    pub code: Option<String>,
    pub wrong_codes: u32,
    pub error: Option<Value>,
    pub redirect_url: Option<String>,
}

/// A browser.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Client {
    pub id: String,
    pub sign_in: Option<SignIn>,
    pub sign_up: Option<SignUp>,
    pub last_active_session_id: Option<String>,
    pub last_strategy: Option<String>,
    pub created_at: i64,
    /// Changes only when a session starts or ends: ClerkJS sets `__client_uat` from it.
    pub updated_at: i64,
}

/// An attempt to sign in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignIn {
    pub id: String,
    pub identifier: Option<String>,
    pub user_id: Option<String>,
    pub first_factor: Option<Verification>,
    /// The address that the first factor verifies.
    pub contact_id: Option<String>,
    pub external: Option<Profile>,
    pub created_session_id: Option<String>,
}

/// An attempt to sign up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUp {
    pub id: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub email_proof: Option<Verification>,
    pub phone_proof: Option<Verification>,
    pub external_proof: Option<Verification>,
    pub external: Option<Profile>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub unsafe_metadata: Map<String, Value>,
    pub created_session_id: Option<String>,
    pub created_user_id: Option<String>,
}

/// The status of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    #[default]
    Active,
    Ended,
    Removed,
    Revoked,
    Expired,
}

/// A session of one user in one browser.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub id: String,
    pub client_id: String,
    pub user_id: String,
    pub status: SessionStatus,
    pub refresh_token: String,
    pub activity: Activity,
    /// When the first factor was verified, for the `fva` claim.
    pub proved_at: i64,
    pub last_active_at: i64,
    pub expire_at: i64,
    pub abandon_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Browser and device of the last request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Activity {
    pub id: String,
    pub browser_name: Option<String>,
    pub browser_version: Option<String>,
    pub device_type: Option<String>,
    pub is_mobile: bool,
    pub ip_address: Option<String>,
}

/// A redirect to the emulated provider and back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OauthAttempt {
    pub client_id: String,
    pub purpose: OauthPurpose,
    /// The id of the sign-in, sign-up or external account.
    pub target_id: String,
    pub user_id: Option<String>,
    pub redirect_url: String,
    /// The code issued by the account page, with the chosen profile.
    pub grant: Option<(String, Profile)>,
    pub created_at: i64,
}

/// The purpose of an OAuth attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OauthPurpose {
    #[default]
    SignIn,
    SignUp,
    Connect,
}

/// A webhook endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookTarget {
    pub url: String,
    pub secret: String,
}

/// A code that Clerk would send to an address.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub to: String,
    pub code: String,
    pub at: i64,
}

/// A webhook event.
#[derive(Clone, Debug)]
pub struct Event {
    pub kind: &'static str,
    pub data: Value,
}

/// The `Set-Cookie` lines for `GET /v1/clients/handshake_payload`.
#[derive(Clone, Debug)]
pub struct Handshake {
    pub directives: Vec<String>,
    pub expire_at: i64,
}

/// The whole state.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Data {
    pub users: BTreeMap<String, User>,
    pub clients: BTreeMap<String, Client>,
    pub sessions: BTreeMap<String, Session>,
    /// Dev browser (`dvb_…`) or `__client` token → client id.
    pub browsers: BTreeMap<String, String>,
    pub oauth: BTreeMap<String, OauthAttempt>,
    pub webhooks: Vec<WebhookTarget>,
    #[serde(skip)]
    pub handshakes: BTreeMap<String, Handshake>,
    #[serde(skip)]
    pub messages: Vec<Message>,
    #[serde(skip)]
    pub events: Vec<Event>,
    #[serde(skip)]
    pub changes: u64,
}
