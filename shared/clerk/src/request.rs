//! The request that is judged, as much of it as matters.

use url::Url;

/// A request, without its body.
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    url: Url,
    headers: Vec<(String, String)>,
}

/// The URL of a request is not absolute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The URL of the request is not absolute.")]
pub struct UrlError;

impl Request {
    /// A request as it arrived. Header names may have any case; of several headers of one name
    /// the first counts.
    ///
    /// # Errors
    /// [`UrlError`].
    pub fn new<N: AsRef<str>, V: AsRef<str>>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, UrlError> {
        let url = Url::parse(url).map_err(|_| UrlError)?;
        let headers = headers
            .into_iter()
            .map(|(name, value)| {
                (
                    name.as_ref().to_ascii_lowercase(),
                    value.as_ref().trim().to_owned(),
                )
            })
            .collect();
        Ok(Self {
            method: method.to_ascii_uppercase(),
            url,
            headers,
        })
    }

    /// The method, in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL as it arrived.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A header by its lower-case name; empty ones count as none.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.raw_header(name).filter(|value| !value.is_empty())
    }

    /// All headers, names in lower case.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    fn raw_header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The URL that the visitor sees, as `X-Forwarded-Proto`, `X-Forwarded-Host` and `Host` tell.
    /// The first of several values counts; what makes no URL is ignored.
    pub fn forwarded_url(&self) -> Url {
        let first = |name| {
            self.raw_header(name)
                .map(|value| value.split(',').next().unwrap_or_default())
        };
        let host = first("x-forwarded-host")
            .or_else(|| self.raw_header("host"))
            .filter(|host| !host.is_empty());
        let scheme = first("x-forwarded-proto").unwrap_or(self.url.scheme());
        let Some(host) = host.filter(|_| !scheme.is_empty()) else {
            return self.url.clone();
        };
        let origin = format!("{scheme}://{host}");
        if origin == origin_of(&self.url) {
            return self.url.clone();
        }
        let Ok(mut url) = Url::parse(&origin) else {
            return self.url.clone();
        };
        if !url.has_host()
            || url.cannot_be_a_base()
            || url.set_username("").is_err()
            || url.set_password(None).is_err()
        {
            return self.url.clone();
        }
        // Not joined as a relative reference, as Clerk's SDK does: a path of `//host` would win.
        url.set_path(self.url.path());
        url.set_query(self.url.query());
        url.set_fragment(None);
        url
    }
}

/// `scheme://host[:port]`, or `null`.
pub(crate) fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The first value of a query parameter.
pub(crate) fn query_param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The URL without some query parameters; the others are written anew, as `URLSearchParams` does.
pub(crate) fn without_params(url: &Url, names: &[&str]) -> Url {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !names.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    if kept.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(url: &str, headers: &[(&str, &str)]) -> String {
        Request::new("get", url, headers.iter().copied())
            .unwrap()
            .forwarded_url()
            .to_string()
    }

    #[test]
    fn a_path_of_two_slashes_does_not_become_the_host() {
        let headers = [
            ("X-Forwarded-Host", "app.example"),
            ("X-Forwarded-Proto", "https"),
        ];
        assert_eq!(
            forwarded("http://localhost//evil.example/x", &headers),
            "https://app.example//evil.example/x"
        );
    }

    #[test]
    fn a_forwarded_host_brings_no_credentials_path_or_fragment() {
        for host in ["user:pass@app.example", "app.example/a?b#c"] {
            assert_eq!(
                forwarded("http://localhost/p?q=1#f", &[("x-forwarded-host", host)]),
                "http://app.example/p?q=1"
            );
        }
    }

    #[test]
    fn what_makes_no_url_is_ignored() {
        for header in [
            ("x-forwarded-host", "a b"),
            ("x-forwarded-proto", ""),
            ("host", ""),
        ] {
            assert_eq!(forwarded("http://localhost/p", &[header]), "http://localhost/p");
        }
        assert_eq!(
            forwarded(
                "http://localhost/p",
                &[("host", "h"), ("x-forwarded-proto", "1x")]
            ),
            "http://localhost/p"
        );
    }

    #[test]
    fn parameters_are_taken_out_and_the_rest_is_written_anew() {
        let url = Url::parse("http://a/?x=1%202&t=secret&y&t=again#f").unwrap();
        assert_eq!(without_params(&url, &["t"]).as_str(), "http://a/?x=1+2&y=#f");
        assert_eq!(without_params(&url, &["t", "x", "y"]).as_str(), "http://a/#f");
    }
}
