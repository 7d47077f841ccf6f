//! Users and browsers.

use serde_json::json;

use super::{
    Client, Contact, Data, Event, ExternalAccount, MESSAGES_MAX, Message, Profile, SessionStatus, Status,
    User, Verification,
};
use crate::id;

/// The fields of a new user.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub external: Option<Profile>,
    pub unsafe_metadata: serde_json::Map<String, serde_json::Value>,
}

impl User {
    /// All email addresses and phone numbers.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.emails.iter().chain(&self.phones)
    }

    /// The contact with this id.
    pub fn contact_mut(&mut self, id: &str) -> Option<&mut Contact> {
        self.emails
            .iter_mut()
            .chain(&mut self.phones)
            .find(|contact| contact.id == id)
    }

    /// The primary address, or else the id.
    pub fn identifier(&self) -> &str {
        let primary = |contacts: &'_ [Contact], id: &Option<String>| {
            contacts
                .iter()
                .position(|contact| Some(&contact.id) == id.as_ref())
                .unwrap_or(0)
        };
        self.emails
            .get(primary(&self.emails, &self.primary_email_id))
            .or_else(|| self.phones.get(primary(&self.phones, &self.primary_phone_id)))
            .map_or(self.id.as_str(), |contact| contact.value.as_str())
    }

    /// Adds an external account and its verified address.
    pub fn connect(&mut self, profile: Profile, now: i64) {
        let account = ExternalAccount {
            id: id::new("eac"),
            identification_id: id::new("idn"),
            verification: verified("oauth_google", now),
            created_at: now,
            profile,
        };
        let email = account.profile.email.clone();
        match self.emails.iter_mut().find(|contact| contact.value == email) {
            Some(contact) => {
                contact.verification.status = Status::Verified;
                contact.linked_to.push(account.identification_id.clone());
            }
            None => {
                let mut contact = contact(&email, "from_oauth_google", now);
                contact.linked_to.push(account.identification_id.clone());
                self.primary_email_id.get_or_insert_with(|| contact.id.clone());
                self.emails.push(contact);
            }
        }
        self.first_name = self
            .first_name
            .take()
            .or_else(|| account.profile.first_name.clone());
        self.last_name = self
            .last_name
            .take()
            .or_else(|| account.profile.last_name.clone());
        self.external_accounts
            .retain(|other| other.profile.email != email);
        self.external_accounts.push(account);
        self.updated_at = now;
    }
}

impl Data {
    /// The user with this verified address or number.
    pub fn user_by_identifier(&self, value: &str) -> Option<&User> {
        self.users.values().find(|user| {
            user.contacts()
                .any(|contact| contact.value == value && contact.is_verified())
        })
    }

    /// The user with this account at the provider.
    pub fn user_by_external(&self, profile: &Profile) -> Option<&User> {
        self.users.values().find(|user| {
            user.external_accounts
                .iter()
                .any(|account| account.profile.email == profile.email)
        })
    }

    /// Creates a user whose addresses count as verified.
    pub fn create_user(&mut self, new: NewUser, now: i64) -> String {
        let mut user = User {
            id: id::new("user"),
            first_name: new.first_name,
            last_name: new.last_name,
            unsafe_metadata: new.unsafe_metadata,
            created_at: now,
            updated_at: now,
            ..User::default()
        };
        if let Some(email) = new.email {
            let contact = contact(&email, "email_code", now);
            user.primary_email_id = Some(contact.id.clone());
            user.emails.push(contact);
        }
        if let Some(phone) = new.phone {
            let contact = contact(&phone, "phone_code", now);
            user.primary_phone_id = Some(contact.id.clone());
            user.phones.push(contact);
        }
        if let Some(profile) = new.external {
            user.connect(profile, now);
        }
        let id = user.id.clone();
        self.users.insert(id.clone(), user);
        self.emit_user_event("user.created", &id);
        id
    }

    /// Removes a user and ends all their sessions.
    pub fn delete_user(&mut self, user_id: &str, now: i64) -> bool {
        let sessions: Vec<String> = self
            .sessions
            .values()
            .filter(|session| session.user_id == user_id)
            .map(|s| s.id.clone())
            .collect();
        for session in sessions {
            self.end_session(&session, SessionStatus::Revoked, now);
            self.sessions.remove(&session);
        }
        for client in self.clients.values_mut() {
            client
                .sign_in
                .take_if(|attempt| attempt.user_id.as_deref() == Some(user_id));
        }
        let found = self.users.remove(user_id).is_some();
        if found {
            let data = json!({ "deleted": true, "id": user_id, "object": "user" });
            self.events.push(Event {
                kind: "user.deleted",
                data,
            });
            self.changes = self.changes.wrapping_add(1);
        }
        found
    }

    /// Creates a client identified by `token`.
    pub fn create_client(&mut self, token: &str, now: i64) -> String {
        let client = Client {
            id: id::new("client"),
            created_at: now,
            updated_at: now,
            ..Client::default()
        };
        let id = client.id.clone();
        self.browsers.insert(token.to_owned(), id.clone());
        self.clients.insert(id.clone(), client);
        self.changes = self.changes.wrapping_add(1);
        id
    }

    /// Records a code for `GET /_emulator/messages`.
    pub fn record_message(&mut self, to: &str, code: &str, now: i64) {
        if self.messages.len() >= MESSAGES_MAX {
            self.messages.remove(0);
        }
        self.messages.push(Message {
            to: to.to_owned(),
            code: code.to_owned(),
            at: now,
        });
    }

    /// Queues an event with the user's current data.
    pub fn emit_user_event(&mut self, kind: &'static str, user_id: &str) {
        self.changes = self.changes.wrapping_add(1);
        if let Some(user) = self.users.get(user_id) {
            let data = crate::wire::backend_user(user);
            self.events.push(Event { kind, data });
        }
    }
}

/// A completed verification.
pub fn verified(strategy: &str, now: i64) -> Verification {
    Verification {
        status: Status::Verified,
        strategy: Some(strategy.to_owned()),
        expire_at: Some(now.saturating_add(crate::codes::CODE_MS)),
        ..Verification::default()
    }
}

/// A verified address.
pub fn contact(value: &str, strategy: &str, now: i64) -> Contact {
    Contact {
        id: id::new("idn"),
        value: value.to_owned(),
        verification: verified(strategy, now),
        created_at: now,
        ..Contact::default()
    }
}
