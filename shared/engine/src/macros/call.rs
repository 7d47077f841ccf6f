//! What each macro stands for.

use super::{
    Expander,
    chance::{self, Random},
    frame::Frame,
};

/// Dice thrown at once, and sides of one: as many as a table could hold.
const DICE_MAX: u64 = 100;
const SIDES_MAX: u64 = 1_000_000;

/// What becomes of `{{…}}`.
pub(super) enum Called {
    Value(String),
    /// Takes the line ends around it away.
    Trim,
    Unknown,
}

impl Expander<'_> {
    pub(super) fn call(&mut self, body: &Frame) -> Called {
        let literal = body.literal_start();
        if is_comment(literal) || is_named(literal, "hidden_key") {
            return Called::Value(String::new());
        }
        let Some(colon) = literal.find(':') else {
            // Without a colon the name is all there is, so all of it must be the author's.
            return if literal.len() == body.text().len() {
                self.name(literal.trim())
            } else {
                Called::Unknown
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
            "random" => Called::Value(choose(&list(body, at), self.random.next())),
            "pick" => {
                let seed = chance::hash(self.pick.wrapping_add(self.picks), argument.as_bytes());
                self.picks = self.picks.wrapping_add(1);
                Called::Value(choose(&list(body, at), Random::new(seed).next()))
            }
            "roll" => Called::Value(self.roll(argument)),
            "reverse" => Called::Value(argument.chars().rev().collect()),
            _ => Called::Unknown,
        }
    }

    fn name(&mut self, name: &str) -> Called {
        let value = match name.to_ascii_lowercase().as_str() {
            "char" => self.names.char.to_owned(),
            "user" => self.names.user.to_owned(),
            "original" => match self.original.replace("") {
                Some(original) => original.to_owned(),
                None => {
                    self.original = None;
                    return Called::Unknown;
                }
            },
            "newline" => "\n".to_owned(),
            "noop" | "random" | "pick" | "roll" => String::new(),
            "trim" => return Called::Trim,
            // SillyTavern also writes `{{roll d6}}`.
            other => match other.strip_prefix("roll ") {
                Some(formula) => self.roll(formula),
                None => return Called::Unknown,
            },
        };
        Called::Value(value)
    }

    /// `6`, `d6`, `2d6`, `2d6+3`: one to that many, thrown so often, and something added.
    /// Nothing for what is no dice.
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
                let thrown = (0..count).fold(count, |sum, _| sum.saturating_add(self.random.below(sides)));
                bonus.saturating_add_unsigned(thrown).to_string()
            }
            _ => String::new(),
        }
    }
}

/// `{{// …}}` and `{{comment: …}}`, which editors show. (`{{hidden_key: …}}` is for lore to find.)
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

fn choose(items: &[String], chance: u64) -> String {
    let chosen = chance
        .checked_rem(u64::try_from(items.len()).unwrap_or(u64::MAX))
        .unwrap_or(0);
    usize::try_from(chosen)
        .ok()
        .and_then(|at| items.get(at))
        .cloned()
        .unwrap_or_default()
}

/// The items of a list from byte `at` on. `a,b` with `\,` for a comma (Character Card V3), or
/// `:a::b`, where a comma is like any other sign (SillyTavern). Values are never taken apart.
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
