//! Fills in the macros of a card's texts (Character Card V1 to V3, and the common ones of
//! SillyTavern): names, chance, comments.
//!
//! Names and other values are data: what they contain is never read as a macro or as a macro's
//! punctuation. Unknown macros stay as they are. Time and variables are not offered.

mod call;
mod chance;
mod frame;
#[cfg(test)]
mod tests;

use call::Called;
use frame::Frame;

/// Deeper nesting is taken as plain text.
const DEPTH_MAX: usize = 16;

/// Who is who.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// `{{char}}`, `<BOT>`: the persona's nickname, or its name.
    pub char: &'a str,
    /// `{{user}}`, `<USER>`.
    pub user: &'a str,
}

/// Seeds: the same seeds give the same text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeds {
    /// For `{{random}}` and `{{roll}}`: change it whenever another outcome is welcome.
    pub roll: u64,
    /// For `{{pick}}`: keep it for the life of a conversation.
    pub pick: u64,
}

impl Seeds {
    /// Both seeds from some text, for instance a conversation's id.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let seed = chance::hash(0, text.as_bytes());
        Self {
            roll: seed,
            pick: seed,
        }
    }
}

/// `text` with its macros filled in. `{{original}}` stays.
#[must_use]
pub fn expand(text: &str, names: &Names<'_>, seeds: Seeds) -> String {
    Expander {
        names,
        original: None,
        random: chance::Random::new(seeds.roll),
        pick: seeds.pick,
        picks: 0,
    }
    .run(text)
}

/// Like [`expand`], for a text that replaces another one: the first `{{original}}` becomes
/// `original` as it is, any further one nothing (Character Card V2, `system_prompt`).
#[must_use]
pub fn expand_override(text: &str, original: &str, names: &Names<'_>, seeds: Seeds) -> String {
    let random = chance::Random::new(seeds.roll);
    Expander {
        names,
        original: Some(original),
        random,
        pick: seeds.pick,
        picks: 0,
    }
    .run(text)
}

/// A number under 100 that `seed` and `index` decide.
pub(crate) fn percentile(seed: u64, index: usize) -> u64 {
    chance::Random::new(chance::hash(seed, &index.to_le_bytes())).below(100)
}

/// `text` without its comments, which neither a model nor a lore key shall see. Hidden keys stay.
#[must_use]
pub fn strip_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find("{{").and_then(|at| rest.split_at_checked(at)) {
        kept.push_str(before);
        let body = from.get(2..).unwrap_or_default();
        if !call::is_comment(body) {
            kept.push('{');
            rest = from.get(1..).unwrap_or_default();
        } else if let Some((_, after)) = body.split_once("}}") {
            rest = after;
        } else {
            rest = from;
            break;
        }
    }
    kept.push_str(rest);
    kept
}

struct Expander<'a> {
    names: &'a Names<'a>,
    original: Option<&'a str>,
    random: chance::Random,
    pick: u64,
    /// `{{pick}}`s so far: two of the same list choose for themselves.
    picks: u64,
}

impl Expander<'_> {
    /// Innermost macros first: a frame for each `{{` that is still open.
    fn run(mut self, text: &str) -> String {
        let mut open: Vec<Frame> = Vec::new();
        let mut here = Frame::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            // Of three braces the last two open a macro.
            if rest.starts_with("{{") && !rest.starts_with("{{{") && open.len() < DEPTH_MAX {
                open.push(std::mem::take(&mut here));
                rest = rest.get(2..).unwrap_or_default();
            } else if rest.starts_with("}}")
                && let Some(outer) = open.pop()
            {
                let inner = std::mem::replace(&mut here, outer);
                self.close(inner, &mut here);
                rest = rest.get(2..).unwrap_or_default();
            } else if let Some((name, length)) = self.bracketed(rest) {
                here.push_value(name);
                rest = rest.get(length..).unwrap_or_default();
            } else {
                here.push_char(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
        while let Some(mut outer) = open.pop() {
            outer.push_text("{{");
            outer.push_frame(here);
            here = outer;
        }
        here.into_text()
    }

    fn close(&mut self, body: Frame, outer: &mut Frame) {
        match self.call(&body) {
            Called::Value(value) => outer.push_value(&value),
            Called::Trim => outer.trim_newlines(),
            Called::Unknown => {
                outer.push_text("{{");
                outer.push_frame(body);
                outer.push_text("}}");
            }
        }
    }

    /// V1's names in angle brackets, any case.
    fn bracketed(&self, rest: &str) -> Option<(&str, usize)> {
        let starts = |tag: &str| {
            rest.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        };
        [
            ("<bot>", self.names.char),
            ("<char>", self.names.char),
            ("<user>", self.names.user),
        ]
        .into_iter()
        .find(|(tag, _)| starts(tag))
        .map(|(tag, name)| (name, tag.len()))
    }
}
