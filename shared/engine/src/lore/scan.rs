//! The scan itself.

use super::{
    Book, Entry, SCAN_DEPTH_DEFAULT,
    keys::{Haystack, Rules},
};
use crate::{
    decorators::Decorated,
    macros::{self, Names, Seeds},
    tokens,
};

/// Rounds of entries activating entries; a real chain is two or three long.
const ROUNDS_MAX: usize = 16;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The conversation, oldest first.
    pub messages: &'a [&'a str],
    /// Replies so far.
    pub assistant_count: usize,
    /// Which greeting the conversation began with, from 0.
    pub greeting: Option<usize>,
    /// Entries (by their place in the book) that were active earlier in this conversation.
    pub active_before: &'a [usize],
    /// For macros in keys.
    pub names: Names<'a>,
    /// For `probability` and macros.
    pub seeds: Seeds,
}

/// An entry that goes into the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active<'a> {
    /// Its place in the book.
    pub index: usize,
    /// What to insert, and the decorators that say where.
    pub text: Decorated<'a>,
}

struct Candidate<'a> {
    index: usize,
    entry: &'a Entry,
    text: Decorated<'a>,
}

/// The entries that belong into the prompt: by `insertion_order`, those of one order as in the book.
#[must_use]
pub fn activate<'a>(book: &'a Book, scan: &Scan<'_>) -> Vec<Active<'a>> {
    let mut waiting: Vec<Candidate<'a>> = book
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| Candidate {
            index,
            entry,
            text: Decorated::parse(&entry.content),
        })
        .filter(|candidate| candidate.may_be_active(scan))
        .collect();
    let mut active: Vec<Candidate<'a>> = Vec::new();
    let mut told: Vec<&'a str> = Vec::new();
    for round in 0..ROUNDS_MAX {
        let mut texts = Texts::new(scan, &told);
        let (found, others): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|candidate| candidate.is_called(book, scan, &mut texts, round));
        waiting = others;
        if found.is_empty() {
            break;
        }
        let speaking = found
            .iter()
            .filter(|candidate| !candidate.entry.extension("prevent_recursion"));
        told.extend(speaking.map(|candidate| candidate.text.content));
        active.extend(found);
        if !book.recursive_scanning {
            break;
        }
    }
    let mut kept = within_budget(active, book.token_budget);
    kept.sort_by_key(|candidate| (candidate.entry.insertion_order, candidate.index));
    kept.into_iter()
        .map(|Candidate { index, text, .. }| Active { index, text })
        .collect()
}

/// What is scanned in one round, prepared once for each depth that an entry asks for.
struct Texts<'a> {
    scan: &'a Scan<'a>,
    told: &'a [&'a str],
    prepared: Vec<(usize, bool, Haystack)>,
}

impl<'a> Texts<'a> {
    fn new(scan: &'a Scan<'a>, told: &'a [&'a str]) -> Self {
        Self {
            scan,
            told,
            prepared: Vec::new(),
        }
    }

    /// The newest `depth` messages and, where wanted, what other entries tell.
    fn of(&mut self, depth: usize, with_told: bool) -> &Haystack {
        let depth = depth.min(self.scan.messages.len());
        let is_it = |(other, told, _): &(usize, bool, Haystack)| *other == depth && *told == with_told;
        let at = self
            .prepared
            .iter()
            .position(is_it)
            .unwrap_or(self.prepared.len());
        if at == self.prepared.len() {
            let mut haystack = Haystack::default();
            let messages = self.scan.messages.iter().rev().take(depth);
            for text in messages.chain(self.told.iter().filter(|_| with_told)) {
                haystack.push(&macros::strip_comments(text));
            }
            self.prepared.push((depth, with_told, haystack));
        }
        self.prepared
            .get(at)
            .map_or(Haystack::empty(), |(_, _, haystack)| haystack)
    }
}

/// Drops the entries of the lowest priority until the rest fits.
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
    /// What no key can overrule.
    fn may_be_active(&self, scan: &Scan<'_>) -> bool {
        if !self.entry.enabled || self.text.content.trim().is_empty() {
            return false;
        }
        if self.text.has("activate") {
            return true;
        }
        let before = scan.active_before.contains(&self.index);
        let number = |name| self.text.number(name);
        let barred = self.text.has("dont_activate") || before && self.text.has("dont_activate_after_match");
        !barred
            && number("activate_only_after").is_none_or(|replies| scan.assistant_count >= replies)
            && number("activate_only_every").is_none_or(|every| scan.assistant_count.is_multiple_of(every))
            && number("is_greeting").is_none_or(|greeting| scan.greeting == Some(greeting))
            && self.is_lucky(scan.seeds)
    }

    fn is_lucky(&self, seeds: Seeds) -> bool {
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

    /// Whether it is active without a key, or one of its keys is in the text.
    fn is_called(&self, book: &Book, scan: &Scan<'_>, texts: &mut Texts<'_>, round: usize) -> bool {
        let entry = self.entry;
        let kept = self.text.has("keep_activate_after_match") && scan.active_before.contains(&self.index);
        if round == 0 && (entry.constant || kept || self.text.has("activate")) {
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
        let haystack = texts.of(depth, !entry.extension("exclude_recursion"));
        self.is_in(haystack, scan)
    }

    fn is_in(&self, haystack: &Haystack, scan: &Scan<'_>) -> bool {
        let entry = self.entry;
        let rules = Rules {
            regex: entry.use_regex,
            case_sensitive: entry.case_sensitive,
            whole_words: entry.extension("match_whole_words"),
        };
        let has = |key: &str| haystack.has(&macros::expand(key, &scan.names, scan.seeds), rules);
        let plain = Rules {
            regex: false,
            ..rules
        };
        let listed = |name| {
            self.text
                .list(name)
                .map(|key| haystack.has(key, plain))
                .collect::<Vec<_>>()
        };
        let additional = listed("additional_keys");
        entry.keys.iter().any(|key| has(key))
            && self.secondary_agrees(has)
            && (additional.is_empty() || additional.contains(&true))
            && !listed("exclude_keys").contains(&true)
    }

    /// V2's `selective`, with SillyTavern's four ways to combine.
    fn secondary_agrees(&self, has: impl Fn(&str) -> bool) -> bool {
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
