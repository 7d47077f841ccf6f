//! Why a prompt is what it is: tokens by part, and what was left out.

use serde::Serialize;

use super::{Budget, Turn, message_tokens, parts::weight, room::Newest};

/// The least that a prompt is given, whatever the configuration says.
const PROMPT_TOKENS_MIN: usize = 256;

/// What a prompt is made of. All tokens are estimates of [`crate::tokens`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// What the model can hold.
    pub context_tokens: usize,
    /// What was kept free for the reply.
    pub reply_tokens: usize,
    /// What the prompt was allowed.
    pub budget_tokens: usize,
    /// What the prompt weighs, frames of messages included.
    pub prompt_tokens: usize,
    /// In the order of [`PartName`]; parts that a persona does not have are left out.
    pub parts: Vec<TracePart>,
}

/// A part of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    /// The system prompt, ours or the persona's.
    System,
    /// Who the persona is.
    Description,
    /// How the persona is.
    Personality,
    /// Where it takes place.
    Scenario,
    /// Example blocks.
    Examples,
    /// What was said.
    History,
    /// The instructions behind the history.
    PostHistory,
    /// The request to write on.
    Nudge,
}

/// One part, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TracePart {
    /// Which.
    pub part: PartName,
    /// Tokens sent.
    pub tokens: usize,
    /// Tokens left out.
    pub cut_tokens: usize,
    /// Turns or blocks sent; 1 for a text.
    pub items: usize,
    /// Turns or blocks left out.
    pub cut_items: usize,
}

impl Trace {
    pub(super) fn new(budget: Budget) -> Self {
        let room = budget.context_tokens.saturating_sub(budget.reply_tokens);
        Self {
            context_tokens: budget.context_tokens,
            reply_tokens: budget.reply_tokens,
            budget_tokens: room.max(PROMPT_TOKENS_MIN),
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

    /// `older` of which so many were kept, `newest` as they were and as they were sent.
    pub(super) fn history(
        &mut self,
        (older, older_kept): (&[Turn<'_>], usize),
        (newest, sent): (&[Turn<'_>], &[Newest]),
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
        let of_blocks = |blocks: &[String]| sum(blocks.iter().map(|block| weight(block)));
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
