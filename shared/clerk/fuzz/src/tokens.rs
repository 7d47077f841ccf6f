//! The named tokens: some valid, each of the others invalid in one way.

use serde_json::{Map, Value, json};

use crate::instance::{Instance, NOW_S};
use crate::key::{KID, base64url};

/// The validity of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Signed by the instance, for this application, and valid now.
    Valid,
    /// Valid except for its dates, by less than a day. A handshake in development accepts it.
    DatesOff,
    /// Never accepted as a session's.
    Invalid,
}

/// A token with a name.
pub struct Token {
    /// The name in inputs.
    pub name: &'static str,
    /// The token itself.
    pub text: String,
    /// Its claims.
    pub claims: Map<String, Value>,
    /// Whether it is valid.
    pub validity: Validity,
    /// The `Set-Cookie` lines of a handshake token.
    pub lines: Vec<String>,
}

/// All tokens of an instance.
pub fn all(instance: &Instance) -> Vec<Token> {
    let mut tokens = sessions(instance);
    tokens.extend(invalid_headers(instance));
    let good = tokens.first().map(|token| token.text.clone()).unwrap_or_default();
    tokens.extend(handshakes(instance, &good));
    tokens
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": KID, "typ": "JWT", "cat": "cl_B7d4PD111AAA"})
}

fn claims(instance: &Instance, changes: Value) -> Map<String, Value> {
    let mut claims = json!({
        "azp": instance.origin, "iss": instance.issuer, "sub": "user_1", "sid": "sess_1", "sts": "active",
        "exp": NOW_S + 50, "nbf": NOW_S - 20, "iat": NOW_S - 10, "v": 2,
    });
    if let (Value::Object(claims), Value::Object(changes)) = (&mut claims, changes) {
        claims.extend(changes);
        return claims.clone();
    }
    Map::new()
}

fn signed(instance: &Instance, name: &'static str, validity: Validity, claims: Map<String, Value>) -> Token {
    let text = instance
        .key
        .sign(&header().to_string(), &Value::Object(claims.clone()).to_string());
    Token {
        name,
        text,
        claims,
        validity,
        lines: Vec::new(),
    }
}

/// Tokens with a valid signature.
fn sessions(instance: &Instance) -> Vec<Token> {
    let (day, hour) = (86_400, 3_600);
    let organization = json!({
        "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3,1"},
        "fea": "o:posts,ou:files",
    });
    [
        ("good", Validity::Valid, json!({})),
        (
            "other",
            Validity::Valid,
            json!({"sub": "user_2", "sid": "sess_2"}),
        ),
        ("pending", Validity::Valid, json!({"sts": "pending"})),
        ("template", Validity::Valid, json!({"sid": null})),
        ("organization", Validity::Valid, organization),
        (
            "expired",
            Validity::DatesOff,
            json!({"exp": NOW_S - hour, "nbf": NOW_S - 2 * hour, "iat": NOW_S - 2 * hour}),
        ),
        (
            "future",
            Validity::DatesOff,
            json!({"exp": NOW_S + 2 * hour, "nbf": NOW_S + hour, "iat": NOW_S + hour}),
        ),
        (
            "long_expired",
            Validity::Invalid,
            json!({"exp": NOW_S - 2 * day, "nbf": 0, "iat": 0}),
        ),
        (
            "other_party",
            Validity::Invalid,
            json!({"azp": "https://evil.example"}),
        ),
        (
            "other_issuer",
            Validity::Invalid,
            json!({"iss": "https://clerk.evil.example"}),
        ),
        ("no_subject", Validity::Invalid, json!({"sub": null})),
        ("machine", Validity::Invalid, json!({"sub": "mch_1", "azp": null})),
    ]
    .into_iter()
    .map(|(name, validity, changes)| signed(instance, name, validity, claims(instance, changes)))
    .collect()
}

/// The claims of the valid token with other headers and signatures.
fn invalid_headers(instance: &Instance) -> Vec<Token> {
    let claims = claims(instance, json!({}));
    let payload = Value::Object(claims.clone()).to_string();
    let with = |name: &str, value: Value| {
        let mut header = header();
        if let Value::Object(fields) = &mut header {
            fields.insert(name.to_owned(), value);
        }
        header.to_string()
    };
    let unsigned = format!(
        "{}.{}.",
        base64url(with("alg", json!("none")).as_bytes()),
        base64url(payload.as_bytes())
    );
    [
        ("forged", instance.other_key.sign(&header().to_string(), &payload)),
        ("unsigned", unsigned),
        (
            "symmetric",
            instance.key.sign(&with("alg", json!("HS256")), &payload),
        ),
        ("rs512", instance.key.sign(&with("alg", json!("RS512")), &payload)),
        (
            "rotated",
            instance.key.sign(&with("kid", json!("ins_other")), &payload),
        ),
        (
            "oauth",
            instance.key.sign(&with("typ", json!("at+jwt")), &payload),
        ),
        (
            "category",
            instance
                .key
                .sign(&with("cat", json!("cl_B7d4PD333AAA")), &payload),
        ),
    ]
    .into_iter()
    .map(|(name, text)| Token {
        name,
        text,
        claims: claims.clone(),
        validity: Validity::Invalid,
        lines: Vec::new(),
    })
    .collect()
}

/// The tokens of finished handshakes.
fn handshakes(instance: &Instance, session: &str) -> Vec<Token> {
    let into = vec![
        format!("__session={session}; Path=/; SameSite=Lax"),
        format!("__client_uat={}; Path=/", NOW_S - 60),
    ];
    let out = vec![
        "__session=; Path=/; Max-Age=0".to_owned(),
        "__client_uat=0; Path=/".to_owned(),
    ];
    [("handshake", into), ("handshake_out", out)]
        .into_iter()
        .map(|(name, lines)| {
            let mut claims = Map::new();
            claims.insert("handshake".to_owned(), json!(lines));
            Token {
                lines,
                ..signed(instance, name, Validity::Invalid, claims)
            }
        })
        .collect()
}
