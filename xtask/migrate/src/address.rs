//! Parses `DATABASE_URL` and chooses the TLS mode.
//!
//! `sslmode` has the meaning of libpq. Without it, certificate and host name are verified, except for
//! the loopback and for hosts of a private network, whose names have no dot. Messages never contain
//! the address, because it contains the password.

use anyhow::{Context as _, Result, anyhow, bail};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

const ENCODE: &str = "In a user name or password, write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25.";
const TLS: &str = "The address requires TLS with a verified server. In it, sslrootcert=FILE sets the certificate of a private \
                   authority, sslmode=require encrypts without verifying the server, sslmode=disable does not encrypt.";
/// The parameters that sqlx supports.
const PARAMETERS: [&str; 11] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "application_name",
    "options",
];

/// A parsed address.
#[derive(Debug)]
pub struct Address {
    pub options: PgConnectOptions,
    /// Warnings: ignored parameters and unverified TLS.
    pub notes: Vec<String>,
    /// The hint when the connection fails because of TLS.
    pub help: Option<&'static str>,
}

/// Parses an address.
///
/// # Errors
/// It is not a Postgres URL, or a part of it must be percent-encoded.
pub fn parse(text: &str) -> Result<Address> {
    let text = text.trim();
    if text.starts_with(['"', '\'']) {
        bail!("DATABASE_URL begins with a quotation mark: remove the quotes");
    }
    let mut url =
        Url::parse(text).map_err(|error| anyhow!("DATABASE_URL is not a URL ({error}). {ENCODE}"))?;
    if !["postgres", "postgresql"].contains(&url.scheme()) {
        bail!("DATABASE_URL does not begin with postgres://");
    }
    // An unencoded character in the password ends the user info early, so the host is wrong.
    if text.contains('@') && url.username().is_empty() || url.fragment().is_some() {
        bail!("DATABASE_URL has no user name or contains a #. {ENCODE}");
    }
    let mut notes = remove_unknown_parameters(&mut url);
    let mut options = PgConnectOptions::from_url(&url).context("DATABASE_URL has an invalid part")?;
    if let Some(Host::Ipv6(host)) = url.host() {
        options = options.host(&host.to_string());
    }
    if !url.query_pairs().any(|(name, _)| name == "sslmode") {
        let mode = if is_private(&url, &options) {
            PgSslMode::Prefer
        } else {
            PgSslMode::VerifyFull
        };
        options = options.ssl_mode(mode);
    }
    match options.get_ssl_mode() {
        PgSslMode::Require => {
            notes.push("sslmode=require does not verify the server; verify-full does".to_owned());
        }
        PgSslMode::Allow => notes.push("sslmode=allow does not encrypt; require does".to_owned()),
        _ => {}
    }
    let help = match options.get_ssl_mode() {
        PgSslMode::VerifyCa | PgSslMode::VerifyFull => Some(TLS),
        _ => None,
    };
    Ok(Address { options, notes, help })
}

/// Removes parameters of other libraries and returns a note for each.
fn remove_unknown_parameters(url: &mut Url) -> Vec<String> {
    let all: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    // `sslrootcert=system` of libpq selects the public authorities, which is the default here.
    let is_known = |(name, value): &&(String, String)| {
        PARAMETERS.contains(&name.as_str()) && (name.as_str(), value.as_str()) != ("sslrootcert", "system")
    };
    let (known, others): (Vec<_>, Vec<_>) = all.iter().partition(is_known);
    url.set_query(None);
    if !known.is_empty() {
        url.query_pairs_mut().extend_pairs(known);
    }
    let others = others.into_iter().filter(|(name, _)| name != "sslrootcert");
    others
        .map(|(name, _)| format!("{name} in the address is ignored"))
        .collect()
}

/// Whether the server is the loopback, a socket or a host of a private network.
fn is_private(url: &Url, options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_loopback = match url.host() {
        Some(Host::Ipv4(host)) => host.is_loopback(),
        Some(Host::Ipv6(host)) => host.is_loopback(),
        _ => host
            .parse()
            .is_ok_and(|host: std::net::IpAddr| host.is_loopback()),
    };
    is_loopback || options.get_socket().is_some() || !host.contains(['.', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> String {
        format!("{:?}", parse(url).unwrap().options.get_ssl_mode())
    }

    #[test]
    fn tls_is_verified_by_default() {
        assert_eq!(mode("postgres://u:p@db.example/app"), "VerifyFull");
        assert_eq!(
            mode("postgres://u:p@db.example/app?sslmode=verify-full"),
            "VerifyFull"
        );
        assert_eq!(
            mode("postgres://u:p@db.example/app?sslmode=verify-ca&sslrootcert=system"),
            "VerifyCa"
        );
        assert_eq!(
            mode("postgres://u:p@ep-x.example/app?sslmode=require&channel_binding=require"),
            "Require"
        );
        assert_eq!(mode("postgres://u:p@db.example/app?sslmode=disable"), "Disable");
        assert_eq!(mode("postgres://u:p@127.0.0.1:5432/app"), "Prefer");
        assert_eq!(mode("postgres://u:p@db:5432/app"), "Prefer");
        assert!(parse("postgres://u:p@db.example/app?sslmode=verify_full").is_err());
    }

    #[test]
    fn every_part_of_an_address_is_parsed() {
        let options = |url: &str| parse(url).unwrap().options;
        let plain = options("postgres://u.tenant:p%40ss%2Fw%23rd%3F@aws-0.pooler.example:6543/postgres\r\n");
        assert_eq!(
            (
                plain.get_host(),
                plain.get_port(),
                plain.get_username(),
                plain.get_database()
            ),
            ("aws-0.pooler.example", 6543, "u.tenant", Some("postgres"))
        );
        assert_eq!(
            options("postgres://u:p@[2001:db8::1]:5432/app").get_host(),
            "2001:db8::1"
        );
        assert_eq!(options("postgres://u:p@db.example").get_database(), None);
        assert!(parse("postgres://u:100%@db.example/app").is_ok());
        let socket = options("postgres://u@localhost/app?host=/var/run/postgresql");
        assert!(socket.get_socket().is_some());
    }

    #[test]
    fn parameters_of_other_libraries_are_reported_and_ignored() {
        let address =
            parse("postgres://u:p@db.example:6543/app?pgbouncer=true&connection_limit=1&sslmode=verify-full");
        let expected =
            ["pgbouncer", "connection_limit"].map(|name| format!("{name} in the address is ignored"));
        assert_eq!(address.unwrap().notes, expected);
    }

    #[test]
    fn errors_do_not_contain_the_password() {
        for url in [
            "postgres://u:sec#ret@db.example:5432/app",
            "postgres://u:?secret@db.example:5432/app",
            "postgres://u:sec/ret@db.example:5432/app",
            "postgres://u:12#secret@db.example:5432/app",
            "postgres://u:secret@[fe80::1%25eth0]:5432/app",
            "postgres://u:secret@db.example:port/app",
            "postgres://u:secret@/app?host=/var/run/postgresql",
            "\"postgres://u:secret@db.example:5432/app\"",
            "mysql://u:secret@db.example/app",
            "secret",
        ] {
            let message = format!("{:#}", parse(url).unwrap_err());
            assert!(!message.contains("ret"), "{url}: {message}");
        }
    }
}
