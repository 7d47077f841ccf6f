//! Paths that require an organization, in the syntax of path-to-regexp 6.

use std::collections::BTreeMap;

/// The longest path that is matched, in bytes.
const PATH_BYTES_MAX: usize = 2048;

/// The organization or account that a path requires to be active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationTarget {
    /// An organization by its id.
    Id(String),
    /// An organization by its slug.
    Slug(String),
    /// No organization: the user's own account.
    PersonalAccount,
}

impl OrganizationTarget {
    /// The `organization_id` parameter of the handshake.
    pub(crate) fn parameter(&self) -> &str {
        match self {
            Self::Id(name) | Self::Slug(name) => name,
            Self::PersonalAccount => "",
        }
    }
}

/// A path pattern: literal text, `:name` for one segment, `(.*)` or `:name(.*)` for any text, each
/// with an optional `?`. Matching ignores case and a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
}

/// A pattern uses unsupported syntax.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid pattern \"{0}\"")]
pub struct PatternError(String);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(char),
    Param {
        name: Option<String>,
        slash: bool,
        any: bool,
        optional: bool,
    },
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// [`PatternError`] for unsupported syntax: other groups, repetition, braces.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let error = || PatternError(text.to_owned());
        let mut tokens: Vec<Token> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == ':' || rest.starts_with('(') {
                let after_colon = rest.strip_prefix(':').unwrap_or(rest);
                let end = after_colon
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(after_colon.len());
                let (name, after) = after_colon.split_at_checked(end).ok_or_else(error)?;
                let (any, after) = match after.strip_prefix("(.*)") {
                    Some(after) => (true, after),
                    None => (false, after),
                };
                if name.is_empty() && (c == ':' || !any) || after.starts_with(['(', '*', '+']) {
                    return Err(error());
                }
                let (optional, after) = match after.strip_prefix('?') {
                    Some(after) => (true, after),
                    None => (false, after),
                };
                // A slash before a parameter belongs to it, so that it is optional with it.
                let slash = tokens.last() == Some(&Token::Literal('/')) && tokens.pop().is_some();
                let name = (!name.is_empty()).then(|| name.to_owned());
                tokens.push(Token::Param {
                    name,
                    slash,
                    any,
                    optional,
                });
                rest = after;
                continue;
            }
            let literal = if c == '\\' {
                rest.chars().nth(1).ok_or_else(error)?
            } else {
                c
            };
            if c != '\\' && matches!(c, '{' | '}' | '*' | '+' | '?') {
                return Err(error());
            }
            tokens.push(Token::Literal(literal));
            let taken = if c == '\\' { 2 } else { 1 };
            rest = rest
                .char_indices()
                .nth(taken)
                .and_then(|(at, _)| rest.get(at..))
                .unwrap_or_default();
        }
        Ok(Self { tokens })
    }

    /// The named parameters, if the path matches.
    fn matches(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let mut params = BTreeMap::new();
        (path.len() <= PATH_BYTES_MAX && matches(&self.tokens, path, &mut params)).then_some(params)
    }
}

fn matches(tokens: &[Token], path: &str, params: &mut BTreeMap<String, String>) -> bool {
    let Some((token, following)) = tokens.split_first() else {
        return matches!(path, "" | "/" | "#" | "?");
    };
    match token {
        Token::Literal(literal) => path.chars().next().is_some_and(|c| {
            let same = c == *literal || c.to_lowercase().eq(literal.to_lowercase());
            same && path
                .get(c.len_utf8()..)
                .is_some_and(|rest| matches(following, rest, params))
        }),
        Token::Param {
            name,
            slash,
            any,
            optional,
        } => {
            let start = if *slash {
                path.strip_prefix('/')
            } else {
                Some(path)
            };
            let found = start.is_some_and(|text| {
                lengths(text, *any).into_iter().any(|length| {
                    let Some((value, rest)) = text.split_at_checked(length) else {
                        return false;
                    };
                    let found = matches(following, rest, params);
                    if let (true, Some(name)) = (found, name) {
                        params.insert(name.clone(), value.to_owned());
                    }
                    found
                })
            });
            found || *optional && matches(following, path, params)
        }
    }
}

/// The lengths that a parameter may match, in the order to try: shortest first within one segment,
/// longest first for any text.
fn lengths(text: &str, any: bool) -> Vec<usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    if any {
        let mut all: Vec<usize> = std::iter::once(0).chain(ends).collect();
        all.reverse();
        return all;
    }
    let segment = text.find(['/', '#', '?']).unwrap_or(text.len());
    ends.take_while(|end| *end <= segment).collect()
}

/// The target of a path. Organization patterns are tried first; the first match wins.
pub(crate) fn find_target(
    organizations: &[Pattern],
    personal: &[Pattern],
    path: &str,
) -> Option<OrganizationTarget> {
    let named = organizations
        .iter()
        .find_map(|pattern| pattern.matches(path))
        .and_then(|mut params| {
            let id = params
                .remove("id")
                .filter(|id| !id.is_empty())
                .map(OrganizationTarget::Id);
            id.or_else(|| {
                params
                    .remove("slug")
                    .filter(|slug| !slug.is_empty())
                    .map(OrganizationTarget::Slug)
            })
        });
    named.or_else(|| {
        personal
            .iter()
            .any(|pattern| pattern.matches(path).is_some())
            .then_some(OrganizationTarget::PersonalAccount)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(pattern: &str, path: &str) -> Option<OrganizationTarget> {
        find_target(
            &[Pattern::parse(pattern).unwrap()],
            &[Pattern::parse("/me/(.*)?").unwrap()],
            path,
        )
    }

    #[test]
    fn organizations_are_read_from_paths() {
        let id = |name: &str| Some(OrganizationTarget::Id(name.into()));
        assert_eq!(target("/orgs/:id", "/orgs/org_a"), id("org_a"));
        assert_eq!(target("/orgs/:id", "/ORGS/org_a/"), id("org_a"));
        assert_eq!(target("/orgs/:id", "/orgs/org_a/x"), None);
        assert_eq!(target("/orgs/:id", "/orgs/"), None);
        assert_eq!(target("/orgs/:id/(.*)", "/orgs/org_a/x/y"), id("org_a"));
        assert_eq!(target("/orgs/:id/(.*)", "/orgs/org_a"), None);
        assert_eq!(target("/orgs/:id/:page?", "/orgs/org_a"), id("org_a"));
        assert_eq!(target("/o-:id-x", "/o-a-b-x"), id("a-b"));
        assert_eq!(
            target("/orgs/:slug", "/orgs/acme"),
            Some(OrganizationTarget::Slug("acme".into()))
        );
        assert_eq!(target("/orgs/:name", "/orgs/acme"), None);
        assert_eq!(
            target("/orgs/:id", "/me"),
            Some(OrganizationTarget::PersonalAccount)
        );
        assert_eq!(target("i am literal", "/orgs/org_a"), None);
        assert_eq!(
            target("/orgs/:id", &format!("/orgs/{}", "a".repeat(PATH_BYTES_MAX))),
            None
        );
    }

    #[test]
    fn unsupported_syntax_is_rejected() {
        for pattern in ["/:", "/(a|b)", "/(", "/:id*", "/:id(\\d+)", "{/a}?", "/*", "\\"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
