//! Set-Cookie lines: the names, in both forms, and the attributes that ClerkJS and Clerk's edge use.

use url::Url;

use crate::clock::seconds;
use crate::scope::Scope;
use crate::state::{Client, Session};

const YEAR_S: i64 = 365 * 24 * 60 * 60;

/// Where cookies are for: the site that the browser shows.
#[derive(Debug)]
pub struct Site<'a> {
    suffix: &'a str,
    secure: bool,
    domain: Option<String>,
}

impl<'a> Site<'a> {
    /// The site of an address.
    pub fn of(scope: &'a Scope, url: &Url) -> Self {
        Self {
            suffix: &scope.app.config.cookie_suffix,
            secure: url.scheme() == "https",
            domain: match url.host() {
                Some(url::Host::Domain(host)) => registrable(host),
                _ => None,
            },
        }
    }

    /// One cookie; an empty value removes it.
    pub fn cookie(&self, name: &str, value: &str, http_only: bool, wide: bool) -> String {
        let age = if value.is_empty() { 0 } else { YEAR_S };
        let mut line = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax");
        if let Some(domain) = self.domain.as_ref().filter(|_| wide) {
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

    /// A cookie without and with the suffix.
    fn both(&self, name: &str, value: &str, wide: bool) -> [String; 2] {
        [
            self.cookie(name, value, false, wide),
            self.cookie(&format!("{name}_{}", self.suffix), value, false, wide),
        ]
    }

    /// `__session`.
    pub fn session(&self, token: &str) -> [String; 2] {
        self.both("__session", token, false)
    }

    /// `__client_uat`: when sessions last began or ended, 0 if there is none. As wide as ClerkJS makes it.
    pub fn client_uat(&self, uat_s: i64) -> [String; 2] {
        self.both("__client_uat", &uat_s.to_string(), true)
    }

    /// `__clerk_db_jwt`.
    pub fn dev_browser(&self, token: &str) -> [String; 2] {
        self.both("__clerk_db_jwt", token, false)
    }

    /// `__refresh`, which only the edge reads.
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

/// The last two labels of a host of several, as ClerkJS finds them by trying.
fn registrable(host: &str) -> Option<String> {
    let mut labels = host.rsplitn(3, '.');
    let (last, second) = (labels.next()?, labels.next()?);
    Some(format!("{second}.{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_one_label_has_no_domain_and_longer_ones_share_two() {
        assert_eq!(registrable("localhost"), None);
        assert_eq!(registrable("app.example.com").as_deref(), Some("example.com"));
        assert_eq!(registrable("example.com").as_deref(), Some("example.com"));
    }
}
