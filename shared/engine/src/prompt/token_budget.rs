//! The tokens that are still free, and who gets them.

use super::{Turn, TurnRole, message_tokens, parts::weight};
use crate::tokens::{self, MESSAGE_TOKENS};

/// Stands for what was taken out of the middle of a message.
const GAP: &str = "\n[…]\n";

/// A turn that is always sent, whole or shortened.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) role: TurnRole,
    pub(super) content: String,
}

#[derive(Debug)]
pub(super) struct Room {
    left: usize,
}

impl Room {
    pub(super) fn new(tokens: usize) -> Self {
        Self { left: tokens }
    }

    pub(super) fn left(&self) -> usize {
        self.left
    }

    pub(super) fn take(&mut self, tokens: usize) {
        self.left = self.left.saturating_sub(tokens);
    }

    /// Keeps all of `turns`, in at most `share` tokens: the person's message whole if it can be,
    /// and at least half for the reply to be continued after it.
    pub(super) fn keep_newest(&mut self, turns: &[Turn<'_>], share: usize) -> Vec<Newest> {
        let mut left = share;
        let mut kept: Vec<Newest> = Vec::with_capacity(turns.len());
        for (behind, turn) in turns.iter().enumerate().rev() {
            let most = if behind == 0 { left } else { left.div_ceil(2) };
            let newest = shorten(turn, most);
            let taken = message_tokens(&newest.content);
            left = left.saturating_sub(taken);
            self.take(taken);
            kept.push(newest);
        }
        kept.reverse();
        kept
    }

    /// How many of `turns`, counted from the newest, fit before one does not.
    pub(super) fn keep_turns(&mut self, turns: &[Turn<'_>]) -> usize {
        let mut kept: usize = 0;
        for turn in turns.iter().rev() {
            let needed = message_tokens(turn.content);
            if needed > self.left {
                break;
            }
            self.take(needed);
            kept = kept.saturating_add(1);
        }
        kept
    }

    /// The first blocks, as many as fit whole, under a title of so many tokens.
    pub(super) fn keep_examples<'a>(&mut self, blocks: &'a [String], title_tokens: usize) -> &'a [String] {
        self.take(title_tokens);
        let mut kept: usize = 0;
        for block in blocks {
            let needed = weight(block);
            if needed > self.left {
                break;
            }
            self.take(needed);
            kept = kept.saturating_add(1);
        }
        blocks.get(..kept).unwrap_or_default()
    }
}

fn shorten(turn: &Turn<'_>, tokens: usize) -> Newest {
    let whole = turn.content.trim();
    if message_tokens(whole) <= tokens {
        return Newest {
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
    Newest {
        role: turn.role,
        content,
    }
}
