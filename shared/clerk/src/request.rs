//! The head of the request to authenticate: method, URL and headers.

use url::Url;

/// A request without its body.
#[derive(Debug, Clone)]
pub struct RequestHead {
    method: String,
    url: Url,
    headers: Vec<(String, String)>,
}

/// The URL of a request is not absolute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The URL of the request is not absolute.")]
pub struct UrlError;

impl RequestHead {
    /// A received request. Header names may have any case; of several headers with one name the
    /// first is used.
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

    /// The method, in upper case.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL of the request.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A header by its lower-case name. An empty value counts as absent.
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

    /// The public URL by `X-Forwarded-Proto`, `X-Forwarded-Host` and `Host`. The first of several
    /// values is used; values that do not form a URL are ignored.
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
        // Clerk's SDK joins the path as a relative reference, in which `//host` would replace the host.
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

/// The URL without some query parameters. The others are re-encoded, as by `URLSearchParams`.
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
        RequestHead::new("get", url, headers.iter().copied())
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
    fn credentials_path_and_fragment_of_a_forwarded_host_are_dropped() {
        for host in ["user:pass@app.example", "app.example/a?b#c"] {
            assert_eq!(
                forwarded("http://localhost/p?q=1#f", &[("x-forwarded-host", host)]),
                "http://app.example/p?q=1"
            );
        }
    }

    #[test]
    fn values_that_do_not_form_a_url_are_ignored() {
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
    fn parameters_are_removed_and_the_others_re_encoded() {
        let url = Url::parse("http://a/?x=1%202&t=secret&y&t=again#f").unwrap();
        assert_eq!(without_params(&url, &["t"]).as_str(), "http://a/?x=1+2&y=#f");
        assert_eq!(without_params(&url, &["t", "x", "y"]).as_str(), "http://a/#f");
    }
}
