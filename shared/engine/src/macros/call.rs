//! Evaluates single macros.

use super::{
    Expander,
    frame::Frame,
    random::{self, Random},
};

/// The largest number of dice in one roll.
const DICE_MAX: u64 = 100;
/// The largest number of sides of a die.
const SIDES_MAX: u64 = 1_000_000;

/// The result of evaluating `{{…}}`.
pub(super) enum Expansion {
    Value(String),
    /// Removes the line breaks around the macro.
    Trim,
    Unknown,
}

impl Expander<'_> {
    pub(super) fn call(&mut self, body: &Frame) -> Expansion {
        let literal = body.literal_start();
        if is_comment(literal) || is_named(literal, "hidden_key") {
            return Expansion::Value(String::new());
        }
        let Some(colon) = literal.find(':') else {
            // Without a colon the whole body is the macro's name, so it must not contain values.
            return if literal.len() == body.text().len() {
                self.name(literal.trim())
            } else {
                Expansion::Unknown
            };
        };
        let name = literal
            .get(..colon)
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let at = colon.saturating_add(1);
        let argument = body.text().get(at..).unwrap_or_default();
        match name.as_str() {
            "random" => Expansion::Value(choose(&list(body, at), self.random.next())),
            "pick" => {
                let seed = random::hash(self.pick.wrapping_add(self.picks), argument.as_bytes());
                self.picks = self.picks.wrapping_add(1);
                Expansion::Value(choose(&list(body, at), Random::new(seed).next()))
            }
            "roll" => Expansion::Value(self.roll(argument)),
            "reverse" => Expansion::Value(argument.chars().rev().collect()),
            _ => Expansion::Unknown,
        }
    }

    fn name(&mut self, name: &str) -> Expansion {
        let value = match name.to_ascii_lowercase().as_str() {
            "char" => self.names.char.to_owned(),
            "user" => self.names.user.to_owned(),
            "original" => match self.original.replace("") {
                Some(original) => original.to_owned(),
                None => {
                    self.original = None;
                    return Expansion::Unknown;
                }
            },
            "newline" => "\n".to_owned(),
            "noop" | "random" | "pick" | "roll" => String::new(),
            "trim" => return Expansion::Trim,
            // SillyTavern also writes `{{roll d6}}`.
            other => match other.strip_prefix("roll ") {
                Some(formula) => self.roll(formula),
                None => return Expansion::Unknown,
            },
        };
        Expansion::Value(value)
    }

    /// Dice notation: `6`, `d6`, `2d6`, `2d6+3`. Empty if the formula is invalid.
    fn roll(&mut self, formula: &str) -> String {
        let formula = formula.trim_start_matches(':').trim().to_ascii_lowercase();
        let (dice, bonus) = match formula.split_once(['+', '-']) {
            None => (formula.as_str(), Some(0)),
            Some((dice, bonus)) => {
                let bonus = bonus.trim().parse::<u32>().ok().map(i64::from);
                (
                    dice,
                    if formula.contains('-') {
                        bonus.and_then(i64::checked_neg)
                    } else {
                        bonus
                    },
                )
            }
        };
        let (count, sides) = match dice.trim().split_once('d') {
            None => ("1", dice.trim()),
            Some(("", sides)) => ("1", sides),
            Some(both) => both,
        };
        match (count.parse::<u64>(), sides.parse::<u64>(), bonus) {
            (Ok(count @ 1..=DICE_MAX), Ok(sides @ 1..=SIDES_MAX), Some(bonus)) => {
                let total = (0..count).fold(count, |sum, _| sum.saturating_add(self.random.below(sides)));
                bonus.saturating_add_unsigned(total).to_string()
            }
            _ => String::new(),
        }
    }
}

/// `{{// …}}` and `{{comment: …}}`. (`{{hidden_key: …}}` is read by lore scans.)
pub(super) fn is_comment(body: &str) -> bool {
    let body = body.trim_start();
    body.starts_with("//") || is_named(body, "comment")
}

fn is_named(body: &str, name: &str) -> bool {
    let body = body.trim_start();
    body.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
        && body
            .get(name.len()..)
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
}

fn choose(items: &[String], random: u64) -> String {
    let index = random
        .checked_rem(u64::try_from(items.len()).unwrap_or(u64::MAX))
        .unwrap_or(0);
    usize::try_from(index)
        .ok()
        .and_then(|at| items.get(at))
        .cloned()
        .unwrap_or_default()
}

/// The items of a list from byte `at` on: `a,b` with `\,` for a comma (Character Card V3), or
/// `:a::b` with literal commas (SillyTavern). Values are never split.
fn list(body: &Frame, at: usize) -> Vec<String> {
    let argument = body.text().get(at..).unwrap_or_default();
    let by_colons = argument.starts_with(':') && !body.is_value(at);
    let skipped = usize::from(by_colons);
    let mut items = Vec::new();
    let mut item = String::new();
    let mut chars = argument.char_indices().skip(skipped).peekable();
    while let Some((offset, char)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match (char, next) {
            _ if body.is_value(at.saturating_add(offset)) => item.push(char),
            ('\\', Some(',')) => {
                chars.next();
                item.push(',');
            }
            (':', Some(':')) if by_colons => {
                chars.next();
                items.push(std::mem::take(&mut item));
            }
            (',', _) if !by_colons => items.push(std::mem::take(&mut item)),
            _ => item.push(char),
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).collect()
}
