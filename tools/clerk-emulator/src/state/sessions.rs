//! Creation, end and removal of sessions.

use super::{ABANDON_MS, Activity, Data, Event, KEEP_MS, SESSION_MS, Session, SessionStatus};
use crate::id;

impl Data {
    /// Creates a session of a user in a client.
    pub fn begin_session(
        &mut self,
        client_id: &str,
        user_id: &str,
        strategy: &str,
        activity: Activity,
        now: i64,
    ) -> String {
        let session = Session {
            id: id::new("sess"),
            client_id: client_id.to_owned(),
            user_id: user_id.to_owned(),
            refresh_token: id::new("rt"),
            activity,
            proved_at: now,
            last_active_at: now,
            expire_at: now.saturating_add(SESSION_MS),
            abandon_at: now.saturating_add(ABANDON_MS),
            created_at: now,
            updated_at: now,
            ..Session::default()
        };
        let id = session.id.clone();
        if let Some(client) = self.clients.get_mut(client_id) {
            client.last_active_session_id = Some(id.clone());
            client.last_strategy = Some(strategy.to_owned());
            client.updated_at = now;
        }
        if let Some(user) = self.users.get_mut(user_id) {
            user.last_sign_in_at = Some(now);
            user.last_active_at = Some(now);
        }
        self.sessions.insert(id.clone(), session);
        self.emit_session_event("session.created", &id);
        id
    }

    /// Ends a session if it is active.
    pub fn end_session(&mut self, session_id: &str, how: SessionStatus, now: i64) -> bool {
        let Some(session) = self.sessions.get_mut(session_id) else {
            return false;
        };
        if session.status != SessionStatus::Active {
            return false;
        }
        session.status = how;
        session.updated_at = now;
        let client_id = session.client_id.clone();
        let next = self
            .active_sessions(&client_id)
            .next()
            .map(|session| session.id.clone());
        if let Some(client) = self.clients.get_mut(&client_id) {
            if client.last_active_session_id.as_deref() == Some(session_id) {
                client.last_active_session_id = next;
            }
            client.updated_at = now;
        }
        self.emit_session_event(
            match how {
                SessionStatus::Removed => "session.removed",
                SessionStatus::Revoked => "session.revoked",
                SessionStatus::Active | SessionStatus::Ended | SessionStatus::Expired => "session.ended",
            },
            session_id,
        );
        true
    }

    /// The active sessions of a client.
    pub fn active_sessions(&self, client_id: &str) -> impl Iterator<Item = &Session> {
        self.sessions
            .values()
            .filter(move |session| session.client_id == client_id && session.status == SessionStatus::Active)
    }

    /// Ends expired and abandoned sessions.
    pub fn expire_sessions(&mut self, now: i64) {
        let over: Vec<String> = self
            .sessions
            .values()
            .filter(|s| s.status == SessionStatus::Active && (s.expire_at <= now || s.abandon_at <= now))
            .map(|session| session.id.clone())
            .collect();
        for id in over {
            self.end_session(&id, SessionStatus::Expired, now);
        }
    }

    /// Removes expired data.
    pub fn sweep(&mut self, now: i64) {
        let old = now.saturating_sub(KEEP_MS);
        self.handshakes.retain(|_, handshake| handshake.expire_at > now);
        self.oauth.retain(|_, attempt| attempt.created_at > old);
        self.sessions
            .retain(|_, session| session.status == SessionStatus::Active || session.updated_at > old);
        let busy: std::collections::BTreeSet<&str> = self
            .sessions
            .values()
            .map(|session| session.client_id.as_str())
            .collect();
        self.clients
            .retain(|id, client| client.updated_at > old || busy.contains(id.as_str()));
        self.browsers
            .retain(|_, client| client.is_empty() || self.clients.contains_key(client));
    }

    fn emit_session_event(&mut self, kind: &'static str, session_id: &str) {
        self.changes = self.changes.wrapping_add(1);
        if let Some(session) = self.sessions.get(session_id) {
            let data = crate::wire::backend_session(session);
            self.events.push(Event { kind, data });
        }
    }
}
