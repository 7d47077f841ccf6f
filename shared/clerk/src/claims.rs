//! The claims of a verified token.

use crate::reason::{TokenError, TokenReason};
use crate::time::numeric_date_ms;
use serde_json::{Map, Value};

/// The claims of a token whose signature and dates have been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    claims: Map<String, Value>,
}

/// An active session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Clerk's id of the user, `user_…`.
    pub user_id: String,
    /// Clerk's id of the session, `sess_…`.
    pub session_id: String,
    /// When the token was issued, in milliseconds since 1970, if it has an `iat`.
    pub issued_at_ms: Option<i64>,
    /// When the token expires, in milliseconds since 1970, without clock skew.
    pub expires_at_ms: i64,
}

/// Why a valid token has no active session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// `sts` is `pending`: the user must finish a task first. Counts as signed out.
    #[error("The session is pending.")]
    Pending,
    /// `sid` is missing: the token comes from a custom template.
    #[error("The token names no session.")]
    MissingId,
}

/// The active organization of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// `org_…`
    pub id: Option<String>,
    /// Its name in URLs.
    pub slug: Option<String>,
    /// The user's role in it, with its `org:`.
    pub role: Option<String>,
    /// The user's permissions in it, `org:<feature>:<permission>`. `None` if the token has no list.
    pub permissions: Option<Vec<String>>,
}

impl Claims {
    /// The claims of a payload that has passed [`crate::check_claims`].
    pub(crate) fn new(payload: Value) -> Result<Self, TokenError> {
        match payload {
            Value::Object(claims) => Ok(Self { claims }),
            _ => Err(TokenError::new(TokenReason::Unexpected, "Invalid JWT payload.")),
        }
    }

    /// A claim by its name.
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

    /// `sub`: the user id.
    pub fn user_id(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// `sid`: the session id; absent in tokens of custom templates.
    pub fn session_id(&self) -> Option<&str> {
        self.text("sid")
    }

    /// `sts`: `active` or `pending`; absent in older tokens.
    pub fn status(&self) -> Option<&str> {
        self.text("sts")
    }

    /// Whether the user must finish a task before the session becomes active.
    pub fn is_pending(&self) -> bool {
        self.status() == Some("pending")
    }

    /// `iat` in milliseconds.
    pub fn issued_at_ms(&self) -> Option<i64> {
        self.date_ms("iat")
    }

    /// `exp` in milliseconds, without clock skew.
    pub fn expires_at_ms(&self) -> i64 {
        self.date_ms("exp").unwrap_or(i64::MIN)
    }

    /// The session, if it is active.
    ///
    /// # Errors
    /// [`SessionError`] for a pending session and a token without a session id; both count as signed out.
    pub fn session(&self) -> Result<Session, SessionError> {
        if self.is_pending() {
            return Err(SessionError::Pending);
        }
        let session_id = self
            .session_id()
            .filter(|id| !id.is_empty())
            .ok_or(SessionError::MissingId)?;
        Ok(Session {
            user_id: self.user_id().to_owned(),
            session_id: session_id.to_owned(),
            issued_at_ms: self.issued_at_ms(),
            expires_at_ms: self.expires_at_ms(),
        })
    }

    /// The active organization, from version 1 or 2 of Clerk's tokens; empty if there is none.
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
    // A mask wider than 128 bits is not supported and grants nothing.
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
    fn invalid_masks_grant_nothing() {
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
    fn pending_sessions_and_template_tokens_are_not_active() {
        let base = json!({"sub": "user_1", "sid": "sess_1", "exp": 60, "iat": 1});
        let with = |name: &str, value: Value| {
            let mut payload = base.clone();
            payload[name] = value;
            claims(payload).session()
        };
        assert_eq!(with("sts", json!("pending")), Err(SessionError::Pending));
        assert_eq!(with("sid", Value::Null), Err(SessionError::MissingId));
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
