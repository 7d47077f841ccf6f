//! The tokens that exist: some genuine, each of the others wrong in one way.

use serde_json::{Map, Value, json};

use crate::key::{KID, base64url};
use crate::world::{NOW_S, World};

/// What a token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Signed by the instance, for this application, and valid now.
    Genuine,
    /// Genuine but for its dates, by less than a day: a handshake in development forgives that.
    Misdated,
    /// Never accepted as a session's.
    Nothing,
}

/// A token with a name.
pub struct Token {
    /// As inputs call it.
    pub name: &'static str,
    /// The token itself.
    pub text: String,
    /// What it says.
    pub claims: Map<String, Value>,
    /// What it is worth.
    pub worth: Worth,
    /// `Set-Cookie` lines it brings, if it is a handshake's.
    pub lines: Vec<String>,
}

/// All tokens of an instance.
pub fn all(world: &World) -> Vec<Token> {
    let mut tokens = sessions(world);
    tokens.extend(disguises(world));
    let good = tokens.first().map(|token| token.text.clone()).unwrap_or_default();
    tokens.extend(handshakes(world, &good));
    tokens
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": KID, "typ": "JWT", "cat": "cl_B7d4PD111AAA"})
}

fn claims(world: &World, changes: Value) -> Map<String, Value> {
    let mut claims = json!({
        "azp": world.origin, "iss": world.issuer, "sub": "user_1", "sid": "sess_1", "sts": "active",
        "exp": NOW_S + 50, "nbf": NOW_S - 20, "iat": NOW_S - 10, "v": 2,
    });
    if let (Value::Object(claims), Value::Object(changes)) = (&mut claims, changes) {
        claims.extend(changes);
        return claims.clone();
    }
    Map::new()
}

fn signed(world: &World, name: &'static str, worth: Worth, claims: Map<String, Value>) -> Token {
    let text = world
        .key
        .sign(&header().to_string(), &Value::Object(claims.clone()).to_string());
    Token {
        name,
        text,
        claims,
        worth,
        lines: Vec::new(),
    }
}

/// Tokens whose signature holds.
fn sessions(world: &World) -> Vec<Token> {
    let (day, hour) = (86_400, 3_600);
    let organization = json!({
        "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3,1"},
        "fea": "o:posts,ou:files",
    });
    [
        ("good", Worth::Genuine, json!({})),
        ("other", Worth::Genuine, json!({"sub": "user_2", "sid": "sess_2"})),
        ("pending", Worth::Genuine, json!({"sts": "pending"})),
        ("template", Worth::Genuine, json!({"sid": null})),
        ("organization", Worth::Genuine, organization),
        (
            "expired",
            Worth::Misdated,
            json!({"exp": NOW_S - hour, "nbf": NOW_S - 2 * hour, "iat": NOW_S - 2 * hour}),
        ),
        (
            "future",
            Worth::Misdated,
            json!({"exp": NOW_S + 2 * hour, "nbf": NOW_S + hour, "iat": NOW_S + hour}),
        ),
        (
            "ancient",
            Worth::Nothing,
            json!({"exp": NOW_S - 2 * day, "nbf": 0, "iat": 0}),
        ),
        ("stranger", Worth::Nothing, json!({"azp": "https://evil.example"})),
        (
            "foreign",
            Worth::Nothing,
            json!({"iss": "https://clerk.evil.example"}),
        ),
        ("nobody", Worth::Nothing, json!({"sub": null})),
        ("machine", Worth::Nothing, json!({"sub": "mch_1", "azp": null})),
    ]
    .into_iter()
    .map(|(name, worth, changes)| signed(world, name, worth, claims(world, changes)))
    .collect()
}

/// The claims of the genuine token under other headers and signatures.
fn disguises(world: &World) -> Vec<Token> {
    let claims = claims(world, json!({}));
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
        ("forged", world.stranger.sign(&header().to_string(), &payload)),
        ("unsigned", unsigned),
        (
            "symmetric",
            world.key.sign(&with("alg", json!("HS256")), &payload),
        ),
        ("longer", world.key.sign(&with("alg", json!("RS512")), &payload)),
        (
            "rotated",
            world.key.sign(&with("kid", json!("ins_other")), &payload),
        ),
        ("oauth", world.key.sign(&with("typ", json!("at+jwt")), &payload)),
        (
            "category",
            world.key.sign(&with("cat", json!("cl_B7d4PD333AAA")), &payload),
        ),
    ]
    .into_iter()
    .map(|(name, text)| Token {
        name,
        text,
        claims: claims.clone(),
        worth: Worth::Nothing,
        lines: Vec::new(),
    })
    .collect()
}

/// What a browser brings back from a handshake.
fn handshakes(world: &World, session: &str) -> Vec<Token> {
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
                ..signed(world, name, Worth::Nothing, claims)
            }
        })
        .collect()
}
