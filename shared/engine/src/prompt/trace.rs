//! The composition of a prompt: tokens of each part, sent and cut.

use serde::Serialize;

use super::{Budget, Turn, message_tokens, parts::text_tokens, token_budget::FittedMessage};

/// The smallest token budget of a prompt, for any configuration.
const PROMPT_TOKENS_MIN: usize = 256;

/// The composition of a prompt. All token counts are estimates of [`crate::tokens`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The model's context window.
    pub context_tokens: usize,
    /// Reserved for the reply.
    pub reply_tokens: usize,
    /// The budget of the prompt.
    pub budget_tokens: usize,
    /// The size of the prompt, with the overhead of its messages.
    pub prompt_tokens: usize,
    /// In the order of [`PartName`], without absent parts.
    pub parts: Vec<TracePart>,
}

/// A part of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    /// The system prompt, the default one or the persona's.
    System,
    /// The persona's description.
    Description,
    /// The persona's personality.
    Personality,
    /// The scenario.
    Scenario,
    /// Example blocks.
    Examples,
    /// Messages of the conversation.
    History,
    /// The instructions after the history.
    PostHistory,
    /// The instruction to continue a reply.
    Nudge,
}

/// The size of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TracePart {
    /// The part.
    pub part: PartName,
    /// Tokens sent.
    pub tokens: usize,
    /// Tokens cut.
    pub cut_tokens: usize,
    /// Messages or blocks sent; 1 for a text.
    pub items: usize,
    /// Messages or blocks cut.
    pub cut_items: usize,
}

impl Trace {
    pub(super) fn new(budget: Budget) -> Self {
        let available = budget.context_tokens.saturating_sub(budget.reply_tokens);
        Self {
            context_tokens: budget.context_tokens,
            reply_tokens: budget.reply_tokens,
            budget_tokens: available.max(PROMPT_TOKENS_MIN),
            prompt_tokens: 0,
            parts: Vec::new(),
        }
    }

    pub(super) fn text(&mut self, part: PartName, needed: usize, taken: usize) {
        if needed > 0 {
            let cut_tokens = needed.saturating_sub(taken);
            let sent = usize::from(taken > 0);
            self.add(TracePart {
                part,
                tokens: taken,
                cut_tokens,
                items: sent,
                cut_items: 1_usize.saturating_sub(sent),
            });
        }
    }

    /// Records the history: `older` messages of which `older_kept` are sent, and the `newest` ones
    /// before and after shortening.
    pub(super) fn history(
        &mut self,
        (older, older_kept): (&[Turn<'_>], usize),
        (newest, sent): (&[Turn<'_>], &[FittedMessage]),
    ) {
        let cut_items = older.len().saturating_sub(older_kept);
        let (cut, kept) = older.split_at_checked(cut_items).unwrap_or((&[], older));
        let of_turns = |turns: &[Turn<'_>]| sum(turns.iter().map(|turn| message_tokens(turn.content)));
        let sent_tokens = sum(sent.iter().map(|turn| message_tokens(&turn.content)));
        let shortened = of_turns(newest).saturating_sub(sent_tokens);
        self.many(
            PartName::History,
            (older_kept.saturating_add(sent.len()), cut_items),
            (
                of_turns(kept).saturating_add(sent_tokens),
                of_turns(cut).saturating_add(shortened),
            ),
        );
    }

    pub(super) fn examples(&mut self, blocks: &[String], kept: usize) {
        let (sent, cut) = blocks.split_at_checked(kept).unwrap_or((blocks, &[]));
        let of_blocks = |blocks: &[String]| sum(blocks.iter().map(|block| text_tokens(block)));
        self.many(
            PartName::Examples,
            (sent.len(), cut.len()),
            (of_blocks(sent), of_blocks(cut)),
        );
    }

    pub(super) fn nudge(&mut self, tokens: usize) {
        self.text(PartName::Nudge, tokens, tokens);
    }

    fn many(
        &mut self,
        part: PartName,
        (items, cut_items): (usize, usize),
        (tokens, cut_tokens): (usize, usize),
    ) {
        if items.saturating_add(cut_items) > 0 {
            self.add(TracePart {
                part,
                tokens,
                cut_tokens,
                items,
                cut_items,
            });
        }
    }

    fn add(&mut self, part: TracePart) {
        let at = self.parts.partition_point(|before| before.part <= part.part);
        self.parts.insert(at, part);
    }
}

fn sum(tokens: impl Iterator<Item = usize>) -> usize {
    tokens.fold(0, usize::saturating_add)
}
