//! Builds what the model is told: the same in a function and in the browser's preview.
//!
//! Order: system prompt, description, personality, scenario, examples (one system message, so
//! that the top stays the same from turn to turn and a provider's prompt cache works), history,
//! post-history instructions, and for Continue a nudge. History is taken newest to oldest until
//! one turn does not fit; examples get what is left, whole blocks, so they go before history does.
//! What was said is data: only the persona's own fields have their macros expanded.

mod parts;
mod room;
#[cfg(test)]
mod tests;
mod trace;

use serde::Serialize;

use crate::{
    macros::Names,
    tokens::{self, MESSAGE_TOKENS, PRIMER_TOKENS},
};
use parts::Parts;
use room::Room;
pub use trace::{PartName, Trace, TracePart};

/// The system prompt of a persona that has none of its own; `{{original}}` in one that has.
pub const DEFAULT_SYSTEM_PROMPT: &str = "You are {{char}}, in a conversation with {{user}}. Stay in character: \
think, speak and act as {{char}} would, knowing only what {{char}} knows. Answer {{user}}'s last message \
directly, in your own words and at a natural length, and keep to what was said before. Write only \
{{char}}'s next message; never write {{user}}'s words, thoughts or actions.";

/// The post-history instructions of a persona that has none of its own.
pub const DEFAULT_POST_HISTORY: &str = "";

/// A persona's fields, as typed. Empty ones are left out of the prompt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Character<'a> {
    /// Also `{{char}}`.
    pub name: &'a str,
    /// Who the persona is.
    pub description: &'a str,
    /// How the persona is.
    pub personality: &'a str,
    /// Where the conversation takes place.
    pub scenario: &'a str,
    /// Example exchanges, blocks separated by `<START>`.
    pub example_dialogue: &'a str,
    /// Replaces [`DEFAULT_SYSTEM_PROMPT`].
    pub system_prompt: &'a str,
    /// Replaces [`DEFAULT_POST_HISTORY`].
    pub post_history_instructions: &'a str,
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnRole {
    /// The person.
    User,
    /// The persona.
    Assistant,
}

/// One message of the conversation. Blank ones are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Who said it.
    pub role: TurnRole,
    /// What was said, macros of a greeting already filled in.
    pub content: &'a str,
}

/// What the model shall write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// An answer to the newest turn, which is the person's.
    Reply,
    /// The rest of the newest turn, which is the persona's.
    Continue,
}

/// The model's limits, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Prompt and reply together.
    pub context_tokens: usize,
    /// Kept free for the reply; send it as `max_tokens`.
    pub reply_tokens: usize,
}

/// `role` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptRole {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The persona.
    Assistant,
}

/// One entry of `messages` on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromptMessage {
    /// Who speaks.
    pub role: PromptRole,
    /// Plain text.
    pub content: String,
}

/// What is sent, and why it is that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// Two neighbours never share a role `user` or `assistant`, which some models insist on.
    pub messages: Vec<PromptMessage>,
    /// For "why did it say that?" and the token meter.
    pub trace: Trace,
}

/// What a persona weighs, in tokens, before anything was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PersonaTokens {
    /// In every prompt.
    pub fixed: usize,
    /// Examples: they make room when the history grows.
    pub prunable: usize,
}

/// Weighs a persona, the default system prompt included where it has none of its own.
#[must_use]
pub fn persona_tokens(character: &Character<'_>) -> PersonaTokens {
    let parts = Parts::of(character, "", Mode::Reply);
    PersonaTokens {
        fixed: parts.fixed_tokens(),
        prunable: parts.examples_tokens(),
    }
}

/// Builds the prompt for the next reply, or for the rest of one. `history` is oldest first.
///
/// The newest turns, from the person's last message on, are always there. They are shortened only
/// where they would take more than three quarters of the budget from a persona that needs it: a
/// message of the person then loses its middle (a question stands at either end of a long paste),
/// a reply to be continued its beginning. After them, in this order, each part gets what it needs
/// or what is left, from its beginning: system prompt, post-history instructions, description,
/// personality, scenario; then history, then examples.
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
    let mut room = Room::new(trace.budget_tokens);
    room.take(PRIMER_TOKENS.saturating_add(MESSAGE_TOKENS));
    room.take(parts.nudge_tokens());
    trace.nudge(parts.nudge_tokens());

    let share = room
        .left()
        .saturating_sub(parts.fixed_tokens())
        .max(room.left() / 4 * 3);
    let sent = room.keep_newest(newest, share);
    parts.cut_to_fit(&mut room, &mut trace);
    let older_kept = room.keep_turns(older);
    let examples_kept = room.keep_examples(&parts.examples, parts.title_tokens());
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

/// Who speaks in the prompt. A person without a name is called what they are.
fn names<'a>(character: &Character<'a>, user_name: &'a str) -> Names<'a> {
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
