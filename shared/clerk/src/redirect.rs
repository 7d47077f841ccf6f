//! Validation of redirect targets after signing in or out.

use url::Url;

/// The longest accepted target, in bytes. Browsers and proxies have similar limits.
pub const REDIRECT_BYTES_MAX: usize = 4096;

/// An origin that is allowed as a redirect target.
pub enum AllowedOrigin {
    /// An origin in which `*` matches any text: `https://*.example.com`.
    Glob(String),
    /// A predicate over the origin.
    Rule(Box<dyn Fn(&str) -> bool>),
}

impl AllowedOrigin {
    fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Glob(glob) => glob_matches(glob.strip_suffix('/').unwrap_or(glob), origin),
            Self::Rule(rule) => rule(origin),
        }
    }
}

/// Whether a URL could bypass an origin check: a `javascript:` URL, or a path that begins with two
/// slashes or contains control characters. Clerk's `isProblematicUrl`.
pub fn is_problematic_url(url: &Url) -> bool {
    let path = url.path();
    url.scheme() == "javascript" || path.starts_with("//") || path.chars().any(|c| c < ' ')
}

/// Whether a target is on this origin or an allowed one; `None` allows every origin. Clerk's
/// `isAllowedRedirect`. Prefer [`safe_redirect`], which is stricter.
pub fn is_allowed_redirect(target: &str, origin: &str, allowed: Option<&[AllowedOrigin]>) -> bool {
    let Some(url) = absolute(target, origin) else {
        return false;
    };
    let Some(allowed) = allowed else { return true };
    let target_origin = url.origin().ascii_serialization();
    !is_problematic_url(&url)
        && (target_origin == origin || allowed.iter().any(|rule| rule.allows(&target_origin)))
}

/// The absolute URL to redirect to, if the target is safe: on `origin` or an allowed origin,
/// http(s), without credentials, and without characters that browsers parse differently
/// (backslashes, control characters, a leading `//`, surrounding blanks).
///
/// `origin` is this site's own, `https://app.example`, without a trailing slash.
pub fn safe_redirect(target: &str, origin: &str, allowed: &[AllowedOrigin]) -> Option<String> {
    let readable = !target.is_empty()
        && target.len() <= REDIRECT_BYTES_MAX
        && target == target.trim()
        && !target.starts_with("//")
        && !target.chars().any(|c| c == '\\' || c.is_control());
    if !readable {
        return None;
    }
    let url = absolute(target, origin)?;
    let plain =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (plain && is_allowed_redirect(target, origin, Some(allowed))).then(|| url.to_string())
}

fn absolute(target: &str, origin: &str) -> Option<Url> {
    Url::parse(target)
        .ok()
        .or_else(|| Url::parse(origin).ok()?.join(target).ok())
}

/// `*` matches any text, every other character itself.
fn glob_matches(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut rest = rest;
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            match rest.split_once(middle) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |last: &str| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://app.example";

    #[test]
    fn targets_on_this_origin_are_safe() {
        for (target, url) in [
            ("/dashboard", "https://app.example/dashboard"),
            (
                "/a?redirect=https://evil.example#//x",
                "https://app.example/a?redirect=https://evil.example#//x",
            ),
            ("talk/1", "https://app.example/talk/1"),
            ("https://app.example", "https://app.example/"),
            ("https://app.example:443/x", "https://app.example/x"),
        ] {
            assert_eq!(
                safe_redirect(target, ORIGIN, &[]).as_deref(),
                Some(url),
                "{target}"
            );
        }
    }

    #[test]
    fn targets_that_could_lead_to_another_origin_are_rejected() {
        let long = format!("/{}", "a".repeat(REDIRECT_BYTES_MAX));
        for target in [
            "",
            " /x",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/x\ty",
            "/x\n",
            "/\u{0}",
            "/\u{7f}",
            "https:evil.example",
            "http:evil.example",
            "https://evil.example",
            "..//evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://app.example/",
            "https://app.example@evil.example/",
            "https://user@app.example/",
            "https://app.example.evil.example/",
            "http://app.example/",
            "https://",
            "/..//evil.example",
            &long,
        ] {
            assert_eq!(safe_redirect(target, ORIGIN, &[]), None, "{target:?}");
        }
    }

    #[test]
    fn only_allowed_origins_are_safe() {
        let allowed = [
            AllowedOrigin::Glob("https://*.example.com/".into()),
            AllowedOrigin::Glob("http://b.example".into()),
        ];
        assert!(safe_redirect("https://www.example.com/x", ORIGIN, &allowed).is_some());
        assert!(safe_redirect("http://b.example/", ORIGIN, &allowed).is_some());
        for target in [
            "https://example.com/",
            "https://www.example.com.evil.example/",
            "http://www.example.com/",
        ] {
            assert_eq!(safe_redirect(target, ORIGIN, &allowed), None, "{target}");
        }
    }

    #[test]
    fn globs_match_whole_texts() {
        for (glob, text, matches) in [
            ("*", "", true),
            ("a*", "ab", true),
            ("a*b", "ab", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "acb", false),
            ("ab", "ab", true),
            ("ab", "abc", false),
            ("*ab", "ab", true),
            ("a*a", "a", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(glob_matches(glob, text), matches, "{glob} {text}");
        }
    }
}
