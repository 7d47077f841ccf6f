//! What the emulator remembers, as it is written to the state file. Times are
//! milliseconds since 1970. Nothing here knows Clerk's wire format: see [`crate::wire`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person.
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
    /// Media type of the uploaded picture; its bytes are a file beside the state.
    pub image_type: Option<String>,
    pub image_version: u32,
    pub banned: bool,
    pub last_sign_in_at: Option<i64>,
    pub last_active_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// An e-mail address or a phone number of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub id: String,
    pub value: String,
    pub verification: Verification,
    /// External accounts that vouch for this address.
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

/// What the emulated provider tells of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// How far a proof has come.
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

/// One proof that an address or an account is the person's own.
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
    /// Moves when a session begins or ends and then only: ClerkJS makes `__client_uat` of it.
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
    /// The address that the first factor proves.
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

/// How a session stands.
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

/// A signed-in stay of one user in one browser.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub id: String,
    pub client_id: String,
    pub user_id: String,
    pub status: SessionStatus,
    pub refresh_token: String,
    pub activity: Activity,
    /// When the first factor was proved, for the `fva` claim.
    pub proved_at: i64,
    pub last_active_at: i64,
    pub expire_at: i64,
    pub abandon_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// What was seen of the browser at its last request.
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

/// A round trip to the emulated provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OauthAttempt {
    pub client_id: String,
    pub purpose: OauthPurpose,
    /// Sign-in, sign-up or external account that waits for the answer.
    pub target_id: String,
    pub user_id: Option<String>,
    pub redirect_url: String,
    /// Code handed out by the consent page and what it stands for.
    pub grant: Option<(String, Profile)>,
    pub created_at: i64,
}

/// What a round trip to the provider is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OauthPurpose {
    #[default]
    SignIn,
    SignUp,
    Connect,
}

/// A place that wants to hear of changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookTarget {
    pub url: String,
    pub secret: String,
}

/// A message that the emulator did not send: the code of an address outside the test credentials.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub to: String,
    pub code: String,
    pub at: i64,
}

/// A change to tell the webhook targets of.
#[derive(Clone, Debug)]
pub struct Event {
    pub kind: &'static str,
    pub data: Value,
}

/// Set-Cookie lines waiting for `GET /v1/clients/handshake_payload`.
#[derive(Clone, Debug)]
pub struct Handshake {
    pub directives: Vec<String>,
    pub expire_at: i64,
}

/// Everything.
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
