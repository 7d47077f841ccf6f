//! Detects browser and device from request headers, for the list of active devices.

use axum::http::HeaderMap;

use crate::state::Activity;

/// Product tokens in `User-Agent`, the most specific first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "Macintosh"),
    ("Windows", "Windows"),
    ("Linux", "Linux"),
];

/// The activity described by the headers.
pub fn activity(headers: &HeaderMap) -> Activity {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let agent = text("user-agent");
    let browser = BROWSERS.iter().find_map(|(mark, name)| {
        let (_, rest) = agent.split_once(mark)?;
        Some((
            (*name).to_owned(),
            rest.chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect(),
        ))
    });
    let (browser_name, browser_version) = browser.unzip();
    let address = text("x-forwarded-for")
        .split(',')
        .next()
        .unwrap_or_default()
        .trim();
    Activity {
        id: crate::id::new("sess_activity"),
        browser_name,
        browser_version,
        device_type: SYSTEMS
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| (*name).to_owned()),
        is_mobile: agent.contains("Mobile"),
        ip_address: Some(if address.is_empty() { "127.0.0.1" } else { address }.to_owned()),
    }
}
