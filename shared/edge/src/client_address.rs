//! The client's address, from trusted sources only.

use std::net::{IpAddr, SocketAddr};

use crate::{Request, request::header_text};

/// Cloudflare's header with the client's address. Cloudflare overwrites a value sent by the client.
const CLOUDFLARE_HEADER: &str = "cf-connecting-ip";
/// The header to which each proxy appends the address of its client.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// The limit of trusted proxies in a row.
const PROXIES_MAX: usize = 8;

/// The peer address of the connection, which the runtime puts into the request's extensions if it is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The proxies whose address headers are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustedProxies {
    /// Cloudflare's network and its header.
    Cloudflare,
    /// This many proxies in front of the site, each of which appends to `X-Forwarded-For`. With 0, the client is the
    /// peer of the connection.
    Count(usize),
}

impl Default for TrustedProxies {
    fn default() -> Self {
        Self::Count(0)
    }
}

impl TrustedProxies {
    /// `cloudflare`, or a number up to 8.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "cloudflare" => Some(Self::Cloudflare),
            number => number
                .parse()
                .ok()
                .filter(|count| *count <= PROXIES_MAX)
                .map(Self::Count),
        }
    }
}

/// The client's address, or `None` if no trusted source has one.
///
/// With n proxies it is the nth entry of `X-Forwarded-For` from the right. Entries to the left of it come from the client.
/// A request with fewer entries did not pass all proxies.
pub fn client_address(request: &Request, trusted: TrustedProxies) -> Option<IpAddr> {
    let peer = request.extensions().get::<Peer>();
    match trusted {
        // Cloudflare does not expose the peer. With a peer, this is not Cloudflare.
        TrustedProxies::Cloudflare if peer.is_some() => None,
        TrustedProxies::Cloudflare => address(header_text(request.headers(), CLOUDFLARE_HEADER)?),
        TrustedProxies::Count(0) => peer.map(|peer| peer.0),
        TrustedProxies::Count(count) => {
            let mut entries = Vec::new();
            for line in request.headers().get_all(FORWARDED_FOR) {
                entries.extend(line.to_str().ok()?.split(','));
            }
            address(entries.get(entries.len().checked_sub(count)?)?)
        }
    }
}

/// Parses an address with or without a port.
pub fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(text)
        .parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    fn found(trusted: &str, peer: Option<&str>, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::new(Body::Empty);
        for (name, value) in headers {
            request.headers_mut().append(
                http::HeaderName::try_from(*name).unwrap(),
                http::HeaderValue::try_from(*value).unwrap(),
            );
        }
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(address(peer).unwrap()));
        }
        client_address(&request, TrustedProxies::parse(trusted).unwrap()).map(|address| address.to_string())
    }

    #[test]
    fn headers_of_the_client_are_ignored() {
        let claims = [
            ("cf-connecting-ip", "6.6.6.6"),
            ("x-forwarded-for", "6.6.6.6"),
            ("x-real-ip", "6.6.6.6"),
            ("forwarded", "for=6.6.6.6"),
        ];
        assert_eq!(found("0", None, &claims), None);
        assert_eq!(
            found("0", Some("10.0.0.1:5000"), &claims).as_deref(),
            Some("10.0.0.1")
        );
        assert_eq!(found("cloudflare", Some("10.0.0.1:5000"), &claims), None);
    }

    #[test]
    fn proxies_are_counted_from_the_right() {
        let peer = Some("10.0.0.9");
        let list = [
            ("x-forwarded-for", "6.6.6.6, 1.2.3.4"),
            ("x-forwarded-for", "10.0.0.1"),
        ];
        for (count, expected) in [
            ("1", Some("10.0.0.1")),
            ("2", Some("1.2.3.4")),
            ("3", Some("6.6.6.6")),
            ("4", None),
        ] {
            assert_eq!(found(count, peer, &list).as_deref(), expected, "{count}");
        }
        assert_eq!(found("1", peer, &[]), None);
        assert_eq!(found("1", peer, &[("x-forwarded-for", "unknown")]), None);
        assert_eq!(
            found("1", peer, &[("x-forwarded-for", "[2001:db8::1]:443")]).as_deref(),
            Some("2001:db8::1")
        );
    }

    #[test]
    fn cloudflares_header_has_the_address() {
        let headers = [
            ("cf-connecting-ip", "2001:db8::1"),
            ("x-forwarded-for", "6.6.6.6"),
        ];
        assert_eq!(
            found("cloudflare", None, &headers).as_deref(),
            Some("2001:db8::1")
        );
    }
}
