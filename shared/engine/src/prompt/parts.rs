//! The texts of a prompt except messages.

use super::{
    Character, DEFAULT_POST_HISTORY, DEFAULT_SYSTEM_PROMPT, Mode, PartName, Trace, message_tokens, names,
    token_budget::TokenBudget,
};
use crate::{
    macros::{self, Names, Seeds},
    tokens,
};

/// The separator of example blocks, in any case.
const START: &str = "<START>";
const EXAMPLES_TITLE: &str = "Examples of how {{char}} writes. They are not part of this conversation.";
const NUDGE: &str = "[Your last message was cut off. Write only what comes next, starting exactly where it stopped. \
Do not repeat any of it, do not start over and do not mention this note.]";

/// The texts. An absent text is empty.
#[derive(Debug)]
pub(super) struct Parts {
    system: String,
    description: String,
    personality: String,
    scenario: String,
    pub(super) post_history: String,
    examples_title: String,
    /// Oldest first, at least one line each.
    pub(super) examples: Vec<String>,
    pub(super) nudge: String,
}

impl Parts {
    pub(super) fn of(character: &Character<'_>, user_name: &str, mode: Mode) -> Self {
        let names = names(character, user_name);
        // The start of the prompt must not change during a conversation, so its random macros are
        // seeded with the names of persona and user.
        let seeds = Seeds::from_text(&format!("{}\n{}", names.char, names.user));
        let expand = |text: &str| macros::expand(text, &names, seeds).trim().to_owned();
        let labelled = |label: &str, text: &str| {
            let text = expand(text);
            if text.is_empty() {
                text
            } else {
                format!("{} {text}", expand(label))
            }
        };
        Self {
            system: override_default(&character.system_prompt, DEFAULT_SYSTEM_PROMPT, &names, seeds),
            description: expand(&character.description),
            personality: labelled("{{char}}'s personality:", &character.personality),
            scenario: labelled("The scenario:", &character.scenario),
            post_history: override_default(
                &character.post_history_instructions,
                DEFAULT_POST_HISTORY,
                &names,
                seeds,
            ),
            examples_title: expand(EXAMPLES_TITLE),
            examples: blocks(&expand(&character.example_dialogue)),
            nudge: if mode == Mode::Continue {
                NUDGE.to_owned()
            } else {
                String::new()
            },
        }
    }

    /// In the order in which the token budget is allocated.
    fn by_priority(&mut self) -> [(PartName, &mut String); 5] {
        [
            (PartName::System, &mut self.system),
            (PartName::PostHistory, &mut self.post_history),
            (PartName::Description, &mut self.description),
            (PartName::Personality, &mut self.personality),
            (PartName::Scenario, &mut self.scenario),
        ]
    }

    pub(super) fn fixed_tokens(&self) -> usize {
        [
            &self.system,
            &self.description,
            &self.personality,
            &self.scenario,
            &self.post_history,
        ]
        .into_iter()
        .fold(0, |sum, text| sum.saturating_add(text_tokens(text)))
    }

    pub(super) fn examples_tokens(&self) -> usize {
        self.examples
            .iter()
            .fold(0, |sum, block| sum.saturating_add(text_tokens(block)))
    }

    pub(super) fn nudge_tokens(&self) -> usize {
        if self.nudge.is_empty() {
            0
        } else {
            message_tokens(&self.nudge)
        }
    }

    /// Allocates tokens to each part and cuts parts that do not fit at their end.
    pub(super) fn cut_to_fit(&mut self, budget: &mut TokenBudget, trace: &mut Trace) {
        for (name, text) in self.by_priority() {
            let needed = text_tokens(text);
            if needed > budget.remaining() {
                let fitting = tokens::fit_start(text, budget.remaining().saturating_sub(SEPARATOR_TOKENS));
                *text = fitting.trim_end().to_owned();
            }
            let taken = text_tokens(text);
            budget.spend(taken);
            trace.text(name, needed, taken);
        }
    }

    /// The system message at the start.
    pub(super) fn system_message(&self, examples: &[String]) -> String {
        let title = if examples.is_empty() {
            ""
        } else {
            &self.examples_title
        };
        let texts = [&self.system, &self.description, &self.personality, &self.scenario]
            .into_iter()
            .map(String::as_str)
            .chain([title])
            .chain(examples.iter().map(String::as_str));
        texts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// The tokens of the line above the examples.
    pub(super) fn title_tokens(&self) -> usize {
        text_tokens(&self.examples_title)
    }
}

/// The overhead of a text: an empty line before the next text, or that of a short message.
const SEPARATOR_TOKENS: usize = 4;

/// The tokens that a text adds to the prompt.
pub(super) fn text_tokens(text: &str) -> usize {
    if text.is_empty() {
        0
    } else {
        tokens::estimate(text).saturating_add(SEPARATOR_TOKENS)
    }
}

/// The persona's text, in which `{{original}}` is the default, or else the default (Character Card V2).
fn override_default(own: &str, default: &str, names: &Names<'_>, seeds: Seeds) -> String {
    let default = macros::expand(default, names, seeds);
    if own.trim().is_empty() {
        return default;
    }
    macros::expand_override(own, &default, names, seeds)
        .trim()
        .to_owned()
}

/// The blocks between `<START>` markers. Text before the first marker is a block too.
fn blocks(examples: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = examples;
    loop {
        let marker = rest.char_indices().map(|(at, _)| at).find(|at| {
            let end = at.saturating_add(START.len());
            rest.get(*at..end)
                .is_some_and(|here| here.eq_ignore_ascii_case(START))
        });
        let block = rest
            .get(..marker.unwrap_or(rest.len()))
            .unwrap_or_default()
            .trim();
        if !block.is_empty() {
            blocks.push(block.to_owned());
        }
        match marker {
            Some(at) => rest = rest.get(at.saturating_add(START.len())..).unwrap_or_default(),
            None => return blocks,
        }
    }
}
