//! Allocates the prompt's token budget.

use super::{Turn, TurnRole, message_tokens, parts::text_tokens};
use crate::tokens::{self, MESSAGE_TOKENS};

/// Replaces the removed middle of a message.
const GAP: &str = "\n[…]\n";

/// A message that is always sent, possibly shortened.
#[derive(Debug)]
pub(super) struct FittedMessage {
    pub(super) role: TurnRole,
    pub(super) content: String,
}

#[derive(Debug)]
pub(super) struct TokenBudget {
    remaining: usize,
}

impl TokenBudget {
    pub(super) fn new(tokens: usize) -> Self {
        Self { remaining: tokens }
    }

    pub(super) fn remaining(&self) -> usize {
        self.remaining
    }

    pub(super) fn spend(&mut self, tokens: usize) {
        self.remaining = self.remaining.saturating_sub(tokens);
    }

    /// Fits all of `turns` into at most `share` tokens. The user's message stays whole if possible;
    /// a reply to be continued after it gets at least half.
    pub(super) fn fit_newest(&mut self, turns: &[Turn<'_>], share: usize) -> Vec<FittedMessage> {
        let mut left = share;
        let mut fitted: Vec<FittedMessage> = Vec::with_capacity(turns.len());
        for (index, turn) in turns.iter().enumerate().rev() {
            let tokens_max = if index == 0 { left } else { left.div_ceil(2) };
            let message = shorten(turn, tokens_max);
            let tokens = message_tokens(&message.content);
            left = left.saturating_sub(tokens);
            self.spend(tokens);
            fitted.push(message);
        }
        fitted.reverse();
        fitted
    }

    /// The number of newest `turns` that fit whole.
    pub(super) fn fit_history(&mut self, turns: &[Turn<'_>]) -> usize {
        let mut count: usize = 0;
        for turn in turns.iter().rev() {
            let tokens = message_tokens(turn.content);
            if tokens > self.remaining {
                break;
            }
            self.spend(tokens);
            count = count.saturating_add(1);
        }
        count
    }

    /// The first blocks that fit whole, after a title with `title_tokens`.
    pub(super) fn fit_examples<'a>(&mut self, blocks: &'a [String], title_tokens: usize) -> &'a [String] {
        self.spend(title_tokens);
        let mut count: usize = 0;
        for block in blocks {
            let tokens = text_tokens(block);
            if tokens > self.remaining {
                break;
            }
            self.spend(tokens);
            count = count.saturating_add(1);
        }
        blocks.get(..count).unwrap_or_default()
    }
}

/// Cuts a user message in the middle, and a reply to be continued at its start.
fn shorten(turn: &Turn<'_>, tokens: usize) -> FittedMessage {
    let whole = turn.content.trim();
    if message_tokens(whole) <= tokens {
        return FittedMessage {
            role: turn.role,
            content: whole.to_owned(),
        };
    }
    let tokens = tokens.saturating_sub(MESSAGE_TOKENS);
    let content = match turn.role {
        TurnRole::Assistant => tokens::fit_end(whole, tokens).to_owned(),
        TurnRole::User => {
            let half = tokens.saturating_sub(tokens::estimate(GAP)) / 2;
            format!(
                "{}{GAP}{}",
                tokens::fit_start(whole, half),
                tokens::fit_end(whole, half)
            )
        }
    };
    FittedMessage {
        role: turn.role,
        content,
    }
}
