//! Decorators: `@@name value` lines at the top of a lore entry (Character Card V3).
//!
//! Parses decorators only; [`crate::lore`] and the prompt apply them.

#[cfg(test)]
mod tests;

/// Every decorator of the specification.
const KNOWN: [&str; 20] = [
    "activate_only_after",
    "activate_only_every",
    "keep_activate_after_match",
    "dont_activate_after_match",
    "depth",
    "instruct_depth",
    "reverse_depth",
    "reverse_instruct_depth",
    "role",
    "scan_depth",
    "instruct_scan_depth",
    "is_greeting",
    "position",
    "ignore_on_max_context",
    "additional_keys",
    "exclude_keys",
    "is_user_icon",
    "activate",
    "dont_activate",
    "disable_ui_prompt",
];

/// The text of an entry, split into decorators and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decorated<'a> {
    decorators: Vec<(&'a str, &'a str)>,
    /// The text for the prompt.
    pub content: &'a str,
}

impl<'a> Decorated<'a> {
    /// Parses the leading decorators of `text`. Unknown ones are dropped, the first of a name is
    /// used, and `@@@name value` is a fallback for the line above if that line is unknown.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let mut decorators: Vec<(&str, &str)> = Vec::new();
        let mut rest = text;
        // Whether this group of fallbacks already has a known decorator.
        let mut resolved = false;
        while let Some(line) = rest.strip_prefix("@@") {
            let (line, after) = line.split_once('\n').unwrap_or((line, ""));
            let (line, is_fallback) = line.strip_prefix('@').map_or((line, false), |line| (line, true));
            let line = line.trim();
            let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let is_candidate = !(is_fallback && resolved);
            let known = KNOWN.contains(&name);
            if is_candidate && known && !decorators.iter().any(|(earlier, _)| *earlier == name) {
                decorators.push((name, value.trim()));
            }
            resolved = known || (is_fallback && resolved);
            rest = after;
        }
        let content = if rest.len() == text.len() {
            text
        } else {
            rest.trim_start_matches(['\r', '\n'])
        };
        Self { decorators, content }
    }

    /// The value of a decorator, empty if it takes none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.decorators
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// Whether a decorator is present.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of a decorator as a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }

    /// The value of a decorator as a comma-separated list, without blank items.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let items = self.get(name).unwrap_or_default().split(',');
        items.map(str::trim).filter(|item| !item.is_empty())
    }

    /// Names and values in order.
    #[must_use]
    pub fn all(&self) -> &[(&'a str, &'a str)] {
        &self.decorators
    }
}
