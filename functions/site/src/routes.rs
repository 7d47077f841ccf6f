//! Which function answers which address: one list for dispatch and for the zone routes of a deployment.

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

/// Path prefixes of every function but `site`, which answers all that is not here.
pub const PREFIXES: &[(&str, Service)] = &[
    ("/auth", Service::AuthCallback),
    ("/api/dashboard", Service::DashboardData),
    ("/api/me", Service::DashboardData),
    ("/api/personas", Service::PersonaCreate),
    ("/api/files", Service::PersonaCreate),
    ("/api/conversations", Service::PersonaTalk),
    ("/api/generations", Service::PersonaTalk),
];

/// The function that answers a path, unless `site` does. A prefix matches whole path segments.
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
    fn a_prefix_ends_where_a_segment_ends() {
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
