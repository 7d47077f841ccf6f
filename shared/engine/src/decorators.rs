//! Decorators: `@@name value` lines at the top of a lore entry (Character Card V3).
//!
//! Only reads them; what they do is [`crate::lore`]'s and the prompt's business.

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

/// An entry's text, apart from its decorators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decorated<'a> {
    decorators: Vec<(&'a str, &'a str)>,
    /// What goes into the prompt.
    pub content: &'a str,
}

impl<'a> Decorated<'a> {
    /// Reads the leading decorators of `text`. Unknown ones are dropped, the first of a name
    /// counts, and `@@@name value` stands in for the line above it where that one is unknown.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let mut decorators: Vec<(&str, &str)> = Vec::new();
        let mut rest = text;
        let mut settled = false;
        while let Some(line) = rest.strip_prefix("@@") {
            let (line, after) = line.split_once('\n').unwrap_or((line, ""));
            let (line, is_fallback) = line.strip_prefix('@').map_or((line, false), |line| (line, true));
            let line = line.trim();
            let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let takes_part = !(is_fallback && settled);
            let known = KNOWN.contains(&name);
            if takes_part && known && !decorators.iter().any(|(earlier, _)| *earlier == name) {
                decorators.push((name, value.trim()));
            }
            settled = known || (is_fallback && settled);
            rest = after;
        }
        let content = if rest.len() == text.len() {
            text
        } else {
            rest.trim_start_matches(['\r', '\n'])
        };
        Self { decorators, content }
    }

    /// The value of a decorator, empty where it takes none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.decorators
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// Whether it is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Its value as a number, where it is one.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }

    /// Its value as a list with commas, blank items left out.
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
