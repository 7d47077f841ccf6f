//! Builds prompts, for the server and for the preview in the browser.
//!
//! Order: system prompt, description, personality, scenario, examples (in one system message that
//! stays the same during a conversation, for the provider's prompt cache), history, post-history
//! instructions, and for Continue an instruction. History is added from newest to oldest until a
//! message does not fit; then whole example blocks are added while they fit. Macros are expanded in
//! the persona's fields only, not in messages.

mod parts;
#[cfg(test)]
mod tests;
mod token_budget;
mod trace;

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    card::{Card, field},
    macros::{self, Names, Seeds},
    tokens::{self, MESSAGE_TOKENS, PRIMER_TOKENS},
};
use parts::Parts;
use token_budget::TokenBudget;
pub use trace::{PartName, Trace, TracePart};

/// The system prompt of personas without their own, and `{{original}}` in those with one.
pub const DEFAULT_SYSTEM_PROMPT: &str = "You are {{char}}, in a conversation with {{user}}. Stay in character: \
think, speak and act as {{char}} would, knowing only what {{char}} knows. Answer {{user}}'s last message \
directly, in your own words and at a natural length, and keep to what was said before. Write only \
{{char}}'s next message; never write {{user}}'s words, thoughts or actions.";

/// The post-history instructions of personas without their own.
pub const DEFAULT_POST_HISTORY: &str = "";

/// The bytes of a card's field that are used. Larger than the context of most models; limits the expansion of macros.
pub const FIELD_BYTES_MAX: usize = 262_144;

/// The part of a card that goes into a prompt. Empty texts are left out.
#[derive(Debug, Clone, Default)]
pub struct Character<'a> {
    /// Also `{{char}}`.
    pub name: Cow<'a, str>,
    /// The persona's description.
    pub description: Cow<'a, str>,
    /// The persona's personality.
    pub personality: Cow<'a, str>,
    /// The setting of the conversation.
    pub scenario: Cow<'a, str>,
    /// Example exchanges, blocks separated by `<START>`.
    pub example_dialogue: Cow<'a, str>,
    /// Replaces [`DEFAULT_SYSTEM_PROMPT`].
    pub system_prompt: Cow<'a, str>,
    /// Replaces [`DEFAULT_POST_HISTORY`].
    pub post_history_instructions: Cow<'a, str>,
}

impl<'a> Character<'a> {
    /// Reads a card's fields, the first [`FIELD_BYTES_MAX`] of each.
    #[must_use]
    pub fn of(card: &'a Card) -> Self {
        let text = |field| match card.text(field) {
            Cow::Borrowed(text) => Cow::Borrowed(truncated(text)),
            Cow::Owned(text) => Cow::Owned(truncated(&text).to_owned()),
        };
        Self {
            name: card.char_name().into(),
            description: text(field::DESCRIPTION),
            personality: text(field::PERSONALITY),
            scenario: text(field::SCENARIO),
            example_dialogue: text(field::MES_EXAMPLE),
            system_prompt: text(field::SYSTEM_PROMPT),
            post_history_instructions: text(field::POST_HISTORY_INSTRUCTIONS),
        }
    }
}

/// The first [`FIELD_BYTES_MAX`] bytes, up to a character boundary.
fn truncated(text: &str) -> &str {
    text.get(..text.floor_char_boundary(FIELD_BYTES_MAX))
        .unwrap_or(text)
}

/// A card's first message with expanded macros, at most `bytes_max` long. Empty if the card has none.
#[must_use]
pub fn greeting(card: &Card, user_name: &str, seeds: Seeds, bytes_max: usize) -> String {
    let text = card.text(field::FIRST_MES);
    let char = card.char_name();
    let names = Names {
        char: &char,
        user: user_name,
    };
    let mut greeting = macros::expand(truncated(&text), &names, seeds);
    greeting.truncate(greeting.floor_char_boundary(bytes_max));
    greeting
}

/// The author of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnRole {
    /// The user.
    User,
    /// The persona.
    Assistant,
}

/// A message of the conversation. Blank messages are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn<'a> {
    /// The author.
    pub role: TurnRole,
    /// The text, with expanded macros in greetings.
    pub content: &'a str,
}

/// What the model should write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A reply to the newest message, which is the user's.
    Reply,
    /// The continuation of the newest message, which is the persona's.
    Continue,
}

/// The model's limits, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Prompt and reply together.
    pub context_tokens: usize,
    /// Reserved for the reply; send it as `max_tokens`.
    pub reply_tokens: usize,
}

/// `role` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptRole {
    /// Instructions.
    System,
    /// The user.
    User,
    /// The persona.
    Assistant,
}

/// An entry of `messages` on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromptMessage {
    /// The author.
    pub role: PromptRole,
    /// Plain text.
    pub content: String,
}

/// A prompt and its composition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// Adjacent messages never share the role `user` or `assistant`, which some models require.
    pub messages: Vec<PromptMessage>,
    /// The composition, for the token meter.
    pub trace: Trace,
}

/// The size of a persona in a prompt, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PersonaTokens {
    /// Present in every prompt.
    pub fixed: usize,
    /// Examples, which are dropped as the history grows.
    pub prunable: usize,
}

/// The size of a persona, with the default system prompt if it has none.
#[must_use]
pub fn persona_tokens(character: &Character<'_>) -> PersonaTokens {
    let parts = Parts::of(character, "", Mode::Reply);
    PersonaTokens {
        fixed: parts.fixed_tokens(),
        prunable: parts.examples_tokens(),
    }
}

/// Builds the prompt for a reply or its continuation. `history` is oldest first.
///
/// The newest messages, from the user's last message on, are always included. They are shortened if
/// they need more than three quarters of the budget and the persona needs the rest: the user's
/// message is cut in the middle (a question is at the start or the end of a long paste), a reply to
/// be continued at its start. The rest of the budget goes, in this order, to system prompt,
/// post-history instructions, description, personality and scenario, each cut at its end if
/// necessary, then to history and examples.
#[must_use]
pub fn assemble(
    character: &Character<'_>,
    user_name: &str,
    history: &[Turn<'_>],
    mode: Mode,
    budget: Budget,
) -> Prompt {
    let mut parts = Parts::of(character, user_name, mode);
    let turns: Vec<Turn<'_>> = history
        .iter()
        .filter(|turn| !turn.content.trim().is_empty())
        .copied()
        .collect();
    let newest_at = turns.iter().rposition(|turn| turn.role == TurnRole::User);
    let (older, newest) = turns
        .split_at_checked(newest_at.unwrap_or(turns.len().saturating_sub(1)))
        .unwrap_or((&[], &turns));

    let mut trace = Trace::new(budget);
    let mut tokens = TokenBudget::new(trace.budget_tokens);
    tokens.spend(PRIMER_TOKENS.saturating_add(MESSAGE_TOKENS));
    tokens.spend(parts.nudge_tokens());
    trace.nudge(parts.nudge_tokens());

    let share = tokens
        .remaining()
        .saturating_sub(parts.fixed_tokens())
        .max(tokens.remaining() / 4 * 3);
    let sent = tokens.fit_newest(newest, share);
    parts.cut_to_fit(&mut tokens, &mut trace);
    let older_kept = tokens.fit_history(older);
    let examples_kept = tokens.fit_examples(&parts.examples, parts.title_tokens());
    trace.history((older, older_kept), (newest, &sent));
    trace.examples(&parts.examples, examples_kept.len());

    let mut messages = Messages::default();
    messages.push(PromptRole::System, &parts.system_message(examples_kept));
    for turn in older
        .get(older.len().saturating_sub(older_kept)..)
        .unwrap_or_default()
    {
        messages.push(turn.role.into(), turn.content.trim());
    }
    for turn in &sent {
        messages.push(turn.role.into(), turn.content.trim());
    }
    messages.push(PromptRole::System, &parts.post_history);
    messages.push(PromptRole::User, &parts.nudge);
    trace.prompt_tokens = messages.tokens();
    Prompt {
        messages: messages.0,
        trace,
    }
}

impl From<TurnRole> for PromptRole {
    fn from(role: TurnRole) -> Self {
        match role {
            TurnRole::User => Self::User,
            TurnRole::Assistant => Self::Assistant,
        }
    }
}

#[derive(Default)]
struct Messages(Vec<PromptMessage>);

impl Messages {
    fn push(&mut self, role: PromptRole, content: &str) {
        if content.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.role == role => {
                last.content.push_str("\n\n");
                last.content.push_str(content);
            }
            _ => self.0.push(PromptMessage {
                role,
                content: content.to_owned(),
            }),
        }
    }

    fn tokens(&self) -> usize {
        let weights = self.0.iter().map(|message| message_tokens(&message.content));
        weights.fold(PRIMER_TOKENS, usize::saturating_add)
    }
}

fn message_tokens(content: &str) -> usize {
    tokens::estimate(content.trim()).saturating_add(MESSAGE_TOKENS)
}

/// The names for macros. A user without a name is `User`.
fn names<'a>(character: &'a Character<'_>, user_name: &'a str) -> Names<'a> {
    let user = if user_name.trim().is_empty() {
        "User"
    } else {
        user_name.trim()
    };
    Names {
        char: character.name.trim(),
        user,
    }
}
