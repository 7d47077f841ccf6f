//! What a verified token says.

use crate::reason::{TokenError, TokenReason};
use crate::time::numeric_date_ms;
use serde_json::{Map, Value};

/// The claims of a token whose signature and dates have been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    claims: Map<String, Value>,
}

/// A session that may act: it has an id and nothing is left to do for its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Clerk's id of the user, `user_…`.
    pub user_id: String,
    /// Clerk's id of the session, `sess_…`.
    pub session_id: String,
    /// When the token was made, in milliseconds since 1970, if it says so.
    pub issued_at_ms: Option<i64>,
    /// When the token expires, in milliseconds since 1970, before any leeway.
    pub expires_at_ms: i64,
}

/// Why a valid token is no session that may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASession {
    /// `sts` is pending: the user must finish a task first, which counts as signed out.
    #[error("The session is pending.")]
    Pending,
    /// `sid` is missing: made by a custom template, not by a session.
    #[error("The token names no session.")]
    WithoutId,
}

/// The organization that is active in a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// `org_…`
    pub id: Option<String>,
    /// Its name in URLs.
    pub slug: Option<String>,
    /// The user's role in it, with its `org:`.
    pub role: Option<String>,
    /// The user's permissions in it, `org:<feature>:<permission>`. `None` where the token names none.
    pub permissions: Option<Vec<String>>,
}

impl Claims {
    /// Claims of a payload that has passed [`crate::check_claims`].
    pub(crate) fn new(payload: Value) -> Result<Self, TokenError> {
        match payload {
            Value::Object(claims) => Ok(Self { claims }),
            _ => Err(TokenError::new(TokenReason::Unexpected, "Invalid JWT payload.")),
        }
    }

    /// Any claim.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// All claims.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.claims
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    fn date_ms(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_f64).and_then(numeric_date_ms)
    }

    /// `sub`: the user.
    pub fn user_id(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// `sid`: the session; custom templates lack it.
    pub fn session_id(&self) -> Option<&str> {
        self.text("sid")
    }

    /// `sts`: `active` or `pending`; older tokens lack it.
    pub fn status(&self) -> Option<&str> {
        self.text("sts")
    }

    /// Whether the session waits for its user to finish a task.
    pub fn is_pending(&self) -> bool {
        self.status() == Some("pending")
    }

    /// `iat` in milliseconds.
    pub fn issued_at_ms(&self) -> Option<i64> {
        self.date_ms("iat")
    }

    /// `exp` in milliseconds, before any leeway.
    pub fn expires_at_ms(&self) -> i64 {
        self.date_ms("exp").unwrap_or(i64::MIN)
    }

    /// The session behind these claims, if it may act.
    ///
    /// # Errors
    /// A pending session and a token without a session count as signed out.
    pub fn session(&self) -> Result<Session, NotASession> {
        if self.is_pending() {
            return Err(NotASession::Pending);
        }
        let session_id = self
            .session_id()
            .filter(|id| !id.is_empty())
            .ok_or(NotASession::WithoutId)?;
        Ok(Session {
            user_id: self.user_id().to_owned(),
            session_id: session_id.to_owned(),
            issued_at_ms: self.issued_at_ms(),
            expires_at_ms: self.expires_at_ms(),
        })
    }

    /// The active organization, of either version of Clerk's tokens; empty where there is none.
    pub fn organization(&self) -> Organization {
        if self.get("v").and_then(Value::as_f64) == Some(2.0) {
            self.organization_v2()
        } else {
            self.organization_v1()
        }
    }

    fn organization_v1(&self) -> Organization {
        let text = |name| self.text(name).map(str::to_owned);
        Organization {
            id: text("org_id"),
            slug: text("org_slug"),
            role: text("org_role"),
            permissions: self
                .get("org_permissions")
                .and_then(Value::as_array)
                .map(|permissions| {
                    permissions
                        .iter()
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect()
                }),
        }
    }

    fn organization_v2(&self) -> Organization {
        let Some(organization) = self.get("o").and_then(Value::as_object) else {
            return Organization::default();
        };
        let text = |name: &str| organization.get(name).and_then(Value::as_str);
        let permissions = permissions_v2(
            self.text("fea").unwrap_or_default(),
            text("per").unwrap_or_default(),
            text("fpm").unwrap_or_default(),
        );
        Organization {
            id: text("id").map(str::to_owned),
            slug: text("slg").map(str::to_owned),
            role: text("rol")
                .filter(|role| !role.is_empty())
                .map(|role| format!("org:{role}")),
            permissions: Some(permissions),
        }
    }
}

/// Version 2 packs permissions: `fea` lists features with their scope (`o:`, `u:`, `ou:`), `per`
/// the permissions, and `fpm` holds one decimal bit mask over `per` for each organization feature.
fn permissions_v2(fea: &str, per: &str, fpm: &str) -> Vec<String> {
    if per.is_empty() || fpm.is_empty() {
        return Vec::new();
    }
    let features = fea.split(',').filter_map(|entry| {
        let (scope, feature) = entry.trim().split_once(':')?;
        matches!(scope, "o" | "ou" | "uo").then_some(feature)
    });
    let permissions: Vec<&str> = per.split(',').map(str::trim).collect();
    // A mask beyond 128 permissions is not understood and grants nothing.
    let masks = fpm.split(',').map(|mask| {
        let mask = mask.trim();
        let digits = !mask.is_empty() && mask.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            mask.parse::<u128>().unwrap_or(0)
        } else {
            0
        }
    });
    let mut granted = Vec::new();
    for (feature, mask) in features.zip(masks) {
        for (bit, permission) in (0_u32..128).zip(&permissions) {
            if mask >> bit & 1 == 1 {
                granted.push(format!("org:{feature}:{permission}"));
            }
        }
    }
    granted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(payload: Value) -> Claims {
        Claims::new(payload).unwrap()
    }

    #[test]
    fn version_2_unpacks_role_and_permissions() {
        let claims = claims(json!({
            "sub": "user_1", "v": 2, "fea": "o:posts,u:mail,ou:files",
            "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3,2"},
        }));
        assert_eq!(
            claims.organization(),
            Organization {
                id: Some("org_1".into()),
                slug: Some("acme".into()),
                role: Some("org:admin".into()),
                permissions: Some(vec![
                    "org:posts:read".into(),
                    "org:posts:manage".into(),
                    "org:files:manage".into()
                ]),
            }
        );
    }

    #[test]
    fn masks_that_are_not_numbers_grant_nothing() {
        for fpm in [
            "",
            "x",
            "-1",
            "+1",
            "1e9",
            "999999999999999999999999999999999999999999",
        ] {
            assert_eq!(
                permissions_v2("o:posts", "read", fpm),
                Vec::<String>::new(),
                "{fpm}"
            );
        }
        assert_eq!(
            permissions_v2("o:posts,broken", "read", "1,1"),
            ["org:posts:read"]
        );
    }

    #[test]
    fn a_pending_session_and_a_template_token_may_not_act() {
        let base = json!({"sub": "user_1", "sid": "sess_1", "exp": 60, "iat": 1});
        let with = |name: &str, value: Value| {
            let mut payload = base.clone();
            payload[name] = value;
            claims(payload).session()
        };
        assert_eq!(with("sts", json!("pending")), Err(NotASession::Pending));
        assert_eq!(with("sid", Value::Null), Err(NotASession::WithoutId));
        assert_eq!(
            with("sts", json!("active")),
            Ok(Session {
                user_id: "user_1".into(),
                session_id: "sess_1".into(),
                issued_at_ms: Some(1000),
                expires_at_ms: 60_000
            })
        );
    }
}
