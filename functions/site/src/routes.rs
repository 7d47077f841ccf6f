//! The route table: which function handles which path, for dispatch and for zone routes.

/// A function that `site` dispatches to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// `/auth/*`
    AuthCallback,
    /// `/api/dashboard`, `/api/me`, …
    DashboardData,
    /// `/api/personas`, `/api/files`, …
    PersonaCreate,
    /// `/api/conversations`, `/api/generations`, …
    PersonaTalk,
}

/// The path prefixes of all functions except `site`, which handles all other paths.
pub const PREFIXES: &[(&str, Service)] = &[
    ("/auth", Service::AuthCallback),
    ("/api/dashboard", Service::DashboardData),
    ("/api/me", Service::DashboardData),
    ("/api/personas", Service::PersonaCreate),
    ("/api/files", Service::PersonaCreate),
    ("/api/conversations", Service::PersonaTalk),
    ("/api/generations", Service::PersonaTalk),
];

/// The function that handles a path, or `None` for `site`. A prefix matches whole path segments.
pub fn service(path: &str) -> Option<Service> {
    PREFIXES.iter().find_map(|&(prefix, service)| {
        let rest = path.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(service)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_matches_whole_segments() {
        for (path, expected) in [
            ("/api/personas", Some(Service::PersonaCreate)),
            ("/api/personas/1/restore", Some(Service::PersonaCreate)),
            ("/api/personas-of-others", None),
            ("/api/me", Some(Service::DashboardData)),
            ("/auth/callback", Some(Service::AuthCallback)),
            ("/authors", None),
            ("/", None),
        ] {
            assert_eq!(service(path), expected, "{path}");
        }
    }
}
