//! `Set-Cookie` lines with the names, in both forms, and the attributes that ClerkJS and Clerk's
//! backend SDK use.

use url::Url;

use crate::clock::seconds;
use crate::context::Context;
use crate::state::{Client, Session};

const YEAR_S: i64 = 365 * 24 * 60 * 60;

/// The site that cookies are set for.
#[derive(Debug)]
pub struct Site<'a> {
    suffix: &'a str,
    secure: bool,
    domain: Option<String>,
}

impl<'a> Site<'a> {
    /// The site of a URL.
    pub fn of(context: &'a Context, url: &Url) -> Self {
        Self {
            suffix: &context.app.config.cookie_suffix,
            secure: url.scheme() == "https",
            domain: match url.host() {
                Some(url::Host::Domain(host)) => registrable(host),
                _ => None,
            },
        }
    }

    /// A cookie. An empty value removes it; `with_domain` sets it for the registrable domain.
    pub fn cookie(&self, name: &str, value: &str, http_only: bool, with_domain: bool) -> String {
        let age = if value.is_empty() { 0 } else { YEAR_S };
        let mut line = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax");
        if let Some(domain) = self.domain.as_ref().filter(|_| with_domain) {
            line.push_str("; Domain=");
            line.push_str(domain);
        }
        if self.secure {
            line.push_str("; Secure");
        }
        if http_only {
            line.push_str("; HttpOnly");
        }
        line
    }

    /// A cookie without and with the suffix in its name.
    fn both(&self, name: &str, value: &str, with_domain: bool) -> [String; 2] {
        [
            self.cookie(name, value, false, with_domain),
            self.cookie(&format!("{name}_{}", self.suffix), value, false, with_domain),
        ]
    }

    /// `__session`.
    pub fn session(&self, token: &str) -> [String; 2] {
        self.both("__session", token, false)
    }

    /// `__client_uat`: when a session last started or ended, 0 without a session. Set for the
    /// registrable domain, as in ClerkJS.
    pub fn client_uat(&self, uat_s: i64) -> [String; 2] {
        self.both("__client_uat", &uat_s.to_string(), true)
    }

    /// `__clerk_db_jwt`.
    pub fn dev_browser(&self, token: &str) -> [String; 2] {
        self.both("__clerk_db_jwt", token, false)
    }

    /// `__refresh`, which only servers read.
    pub fn refresh(&self, token: &str) -> String {
        self.cookie(&format!("__refresh_{}", self.suffix), token, true, false)
    }
}

/// The value of `__client_uat`.
pub fn client_uat(client: &Client, session: Option<&Session>) -> i64 {
    if session.is_some() {
        seconds(client.updated_at)
    } else {
        0
    }
}

/// The last two labels of a host with several, an approximation of the registrable domain.
fn registrable(host: &str) -> Option<String> {
    let mut labels = host.rsplitn(3, '.');
    let (last, second) = (labels.next()?, labels.next()?);
    Some(format!("{second}.{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrable_domain_has_two_labels() {
        assert_eq!(registrable("localhost"), None);
        assert_eq!(registrable("app.example.com").as_deref(), Some("example.com"));
        assert_eq!(registrable("example.com").as_deref(), Some("example.com"));
    }
}
