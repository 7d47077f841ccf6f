//! Expands the macros of card texts (Character Card V1 to V3, and common ones of SillyTavern):
//! names, random choices, comments.
//!
//! Names and other values are data: they are never parsed as macros or as punctuation of macros.
//! Unknown macros stay unchanged. Time and variables are not supported.

mod call;
mod frame;
mod random;
#[cfg(test)]
mod tests;

use call::Expansion;
use frame::Frame;

/// The nesting limit. Deeper macros are plain text.
const DEPTH_MAX: usize = 16;

/// The names for `{{char}}` and `{{user}}`.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// `{{char}}`, `<BOT>`: the persona's nickname, or its name.
    pub char: &'a str,
    /// `{{user}}`, `<USER>`.
    pub user: &'a str,
}

/// The seeds of random macros. The same seeds give the same text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeds {
    /// For `{{random}}` and `{{roll}}`. Change it for another outcome.
    pub roll: u64,
    /// For `{{pick}}`. Keep it for a whole conversation.
    pub pick: u64,
}

impl Seeds {
    /// Both seeds from a text, for instance a conversation id.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let seed = random::hash(0, text.as_bytes());
        Self {
            roll: seed,
            pick: seed,
        }
    }
}

/// Expands the macros in `text`. `{{original}}` stays unchanged.
#[must_use]
pub fn expand(text: &str, names: &Names<'_>, seeds: Seeds) -> String {
    Expander {
        names,
        original: None,
        random: random::Random::new(seeds.roll),
        pick: seeds.pick,
        picks: 0,
    }
    .run(text)
}

/// Like [`expand`], for a text that replaces another one: the first `{{original}}` becomes
/// `original` verbatim, further ones become empty (Character Card V2, `system_prompt`).
#[must_use]
pub fn expand_override(text: &str, original: &str, names: &Names<'_>, seeds: Seeds) -> String {
    let random = random::Random::new(seeds.roll);
    Expander {
        names,
        original: Some(original),
        random,
        pick: seeds.pick,
        picks: 0,
    }
    .run(text)
}

/// A number below 100, determined by `seed` and `index`.
pub(crate) fn percentile(seed: u64, index: usize) -> u64 {
    random::Random::new(random::hash(seed, &index.to_le_bytes())).below(100)
}

/// Removes comments, which are for neither models nor lore keys. Hidden keys stay.
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
    random: random::Random,
    pick: u64,
    /// The number of `{{pick}}`s so far, so that two with the same list choose independently.
    picks: u64,
}

impl Expander<'_> {
    /// Expands innermost macros first, with one frame for each open `{{`.
    fn run(mut self, text: &str) -> String {
        let mut open: Vec<Frame> = Vec::new();
        let mut here = Frame::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            // In `{{{` the last two braces open the macro.
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
            Expansion::Value(value) => outer.push_value(&value),
            Expansion::Trim => outer.trim_newlines(),
            Expansion::Unknown => {
                outer.push_text("{{");
                outer.push_frame(body);
                outer.push_text("}}");
            }
        }
    }

    /// The names in angle brackets of Character Card V1, in any case.
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
