//! Scans messages and activates entries.

use super::{
    Book, Entry, SCAN_DEPTH_DEFAULT,
    keys::{Haystack, MatchOptions},
};
use crate::{
    decorators::Decorated,
    macros::{self, Names, Seeds},
    tokens,
};

/// The number of recursive scans. Real books need two or three.
const ROUNDS_MAX: usize = 16;

/// The input of a scan.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The conversation, oldest first.
    pub messages: &'a [&'a str],
    /// The number of replies so far.
    pub assistant_count: usize,
    /// The index of the conversation's greeting.
    pub greeting: Option<usize>,
    /// The indices of entries that were active earlier in this conversation.
    pub active_before: &'a [usize],
    /// Names for macros in keys.
    pub names: Names<'a>,
    /// Seeds for `probability` and macros.
    pub seeds: Seeds,
}

/// An entry selected for the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveEntry<'a> {
    /// Its index in the book.
    pub index: usize,
    /// The text to insert, with the decorators that place it.
    pub text: Decorated<'a>,
}

struct Candidate<'a> {
    index: usize,
    entry: &'a Entry,
    text: Decorated<'a>,
}

/// The entries for the prompt, sorted by `insertion_order` and then by index.
#[must_use]
pub fn activate<'a>(book: &'a Book, scan: &Scan<'_>) -> Vec<ActiveEntry<'a>> {
    let mut pending: Vec<Candidate<'a>> = book
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| Candidate {
            index,
            entry,
            text: Decorated::parse(&entry.content),
        })
        .filter(|candidate| candidate.is_eligible(scan))
        .collect();
    let mut active: Vec<Candidate<'a>> = Vec::new();
    let mut recursive_texts: Vec<&'a str> = Vec::new();
    for round in 0..ROUNDS_MAX {
        let mut texts = ScanTexts::new(scan, &recursive_texts);
        let (found, others): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|candidate| candidate.is_activated(book, scan, &mut texts, round));
        pending = others;
        if found.is_empty() {
            break;
        }
        let recursive = found
            .iter()
            .filter(|candidate| !candidate.entry.extension("prevent_recursion"));
        recursive_texts.extend(recursive.map(|candidate| candidate.text.content));
        active.extend(found);
        if !book.recursive_scanning {
            break;
        }
    }
    let mut kept = within_budget(active, book.token_budget);
    kept.sort_by_key(|candidate| (candidate.entry.insertion_order, candidate.index));
    kept.into_iter()
        .map(|Candidate { index, text, .. }| ActiveEntry { index, text })
        .collect()
}

/// The texts of one scan round, cached by depth.
struct ScanTexts<'a> {
    scan: &'a Scan<'a>,
    recursive: &'a [&'a str],
    prepared: Vec<(usize, bool, Haystack)>,
}

impl<'a> ScanTexts<'a> {
    fn new(scan: &'a Scan<'a>, recursive: &'a [&'a str]) -> Self {
        Self {
            scan,
            recursive,
            prepared: Vec::new(),
        }
    }

    /// The newest `depth` messages and, if requested, the texts of active entries.
    fn get(&mut self, depth: usize, with_recursive: bool) -> &Haystack {
        let depth = depth.min(self.scan.messages.len());
        let is_it =
            |(other, recursive, _): &(usize, bool, Haystack)| *other == depth && *recursive == with_recursive;
        let at = self
            .prepared
            .iter()
            .position(is_it)
            .unwrap_or(self.prepared.len());
        if at == self.prepared.len() {
            let mut haystack = Haystack::default();
            let messages = self.scan.messages.iter().rev().take(depth);
            for text in messages.chain(self.recursive.iter().filter(|_| with_recursive)) {
                haystack.push(&macros::strip_comments(text));
            }
            self.prepared.push((depth, with_recursive, haystack));
        }
        self.prepared
            .get(at)
            .map_or(Haystack::empty(), |(_, _, haystack)| haystack)
    }
}

/// Drops entries of the lowest priority until the others fit.
fn within_budget(mut active: Vec<Candidate<'_>>, budget: Option<usize>) -> Vec<Candidate<'_>> {
    let Some(mut left) = budget else { return active };
    active.sort_by_key(|candidate| {
        let dispensable = candidate.text.has("ignore_on_max_context");
        (
            dispensable,
            std::cmp::Reverse(candidate.entry.priority),
            candidate.entry.insertion_order,
        )
    });
    active.retain(
        |candidate| match left.checked_sub(tokens::estimate(candidate.text.content)) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        },
    );
    active
}

impl Candidate<'_> {
    /// Whether the entry may become active at all, before its keys are matched.
    fn is_eligible(&self, scan: &Scan<'_>) -> bool {
        if !self.entry.enabled || self.text.content.trim().is_empty() {
            return false;
        }
        if self.text.has("activate") {
            return true;
        }
        let before = scan.active_before.contains(&self.index);
        let number = |name| self.text.number(name);
        let is_excluded =
            self.text.has("dont_activate") || before && self.text.has("dont_activate_after_match");
        !is_excluded
            && number("activate_only_after").is_none_or(|replies| scan.assistant_count >= replies)
            && number("activate_only_every").is_none_or(|every| scan.assistant_count.is_multiple_of(every))
            && number("is_greeting").is_none_or(|greeting| scan.greeting == Some(greeting))
            && self.passes_probability(scan.seeds)
    }

    fn passes_probability(&self, seeds: Seeds) -> bool {
        let extensions = &self.entry.extensions;
        let percent = extensions
            .get("probability")
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(100);
        let used = extensions
            .get("useProbability")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(true);
        !used || percent >= 100 || macros::percentile(seeds.roll, self.index) < percent
    }

    /// Whether the entry is active without a key, or one of its keys matches.
    fn is_activated(&self, book: &Book, scan: &Scan<'_>, texts: &mut ScanTexts<'_>, round: usize) -> bool {
        let entry = self.entry;
        let stays_active =
            self.text.has("keep_activate_after_match") && scan.active_before.contains(&self.index);
        if round == 0 && (entry.constant || stays_active || self.text.has("activate")) {
            return true;
        }
        let depth = self
            .text
            .number("scan_depth")
            .or(book.scan_depth)
            .unwrap_or(SCAN_DEPTH_DEFAULT);
        if depth == 0 || (round == 0 && entry.extension("delay_until_recursion")) {
            return false;
        }
        let haystack = texts.get(depth, !entry.extension("exclude_recursion"));
        self.matches(haystack, scan)
    }

    fn matches(&self, haystack: &Haystack, scan: &Scan<'_>) -> bool {
        let entry = self.entry;
        let options = MatchOptions {
            regex: entry.use_regex,
            case_sensitive: entry.case_sensitive,
            whole_words: entry.extension("match_whole_words"),
        };
        let has = |key: &str| haystack.contains(&macros::expand(key, &scan.names, scan.seeds), options);
        let plain = MatchOptions {
            regex: false,
            ..options
        };
        let listed = |name| {
            self.text
                .list(name)
                .map(|key| haystack.contains(key, plain))
                .collect::<Vec<_>>()
        };
        let additional = listed("additional_keys");
        entry.keys.iter().any(|key| has(key))
            && self.matches_secondary_keys(has)
            && (additional.is_empty() || additional.contains(&true))
            && !listed("exclude_keys").contains(&true)
    }

    /// `selective` of Character Card V2, with SillyTavern's four `selectiveLogic` modes.
    fn matches_secondary_keys(&self, has: impl Fn(&str) -> bool) -> bool {
        let entry = self.entry;
        let mut keys = entry
            .secondary_keys
            .iter()
            .filter(|key| !key.trim().is_empty())
            .peekable();
        if !entry.selective || entry.use_regex || keys.peek().is_none() {
            return true;
        }
        match entry
            .extensions
            .get("selectiveLogic")
            .and_then(serde_json::Value::as_u64)
        {
            Some(1) => !keys.all(|key| has(key)),
            Some(2) => !keys.any(|key| has(key)),
            Some(3) => keys.all(|key| has(key)),
            _ => keys.any(|key| has(key)),
        }
    }
}
