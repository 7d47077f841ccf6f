//! Estimates token counts without the model's tokenizer.
//!
//! The estimate is conservative: the provider rejects a prompt that was underestimated, while an
//! overestimate only drops some history. Each run of characters of one kind has a cost modelled on
//! byte-pair tokenizers with vocabularies of 32k to 200k. The costs were fitted to two of them
//! (Qwen2.5 and SmolLM2) on prose, code, numbers and ten scripts.

/// The overhead of a message: role, start and end markers.
pub const MESSAGE_TOKENS: usize = 4;
/// The overhead of the start of the reply.
pub const PRIMER_TOKENS: usize = 3;

/// Hundredths of a token.
type Cents = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word in Latin letters.
    Word,
    Digit,
    Space,
    Newline,
    /// ASCII punctuation; a run repeats one character.
    Sign(char),
    /// Cyrillic, Arabic, Hebrew: scripts that large vocabularies cover well.
    Covered,
    /// Han and kana.
    Ideograph,
    Hangul,
    /// Emoji and other characters outside the basic plane: mostly encoded as bytes.
    Astral,
    /// Greek, Indic and other scripts, symbols: about a token for each character.
    Other,
}

fn kind(char: char) -> Kind {
    match char {
        'a'..='z' | 'A'..='Z' | '\'' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Kind::Word,
        '0'..='9' => Kind::Digit,
        '\n' => Kind::Newline,
        ' ' | '\t' | '\r' => Kind::Space,
        '\0'..='\x7f' => Kind::Sign(char),
        '\u{400}'..='\u{6ff}' => Kind::Covered,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' => Kind::Ideograph,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}' => Kind::Hangul,
        '\u{10000}'.. => Kind::Astral,
        _ => Kind::Other,
    }
}

fn cost(kind: Kind, run: usize) -> Cents {
    let each = |cents: Cents| run.saturating_mul(cents);
    let by = |chars: usize| run.div_ceil(chars).saturating_mul(100);
    match kind {
        // A common word is one token, a long or rare one several.
        Kind::Word => by(6).saturating_add(each(6)),
        // The space before a word belongs to the word.
        Kind::Space if run <= 1 => 0,
        Kind::Space => by(4),
        Kind::Newline => by(2),
        Kind::Sign(_) => by(3),
        Kind::Digit => each(100),
        Kind::Covered => each(95),
        Kind::Ideograph => each(150),
        Kind::Hangul => each(220),
        Kind::Astral => each(300),
        Kind::Other => each(130),
    }
}

/// The extra cost of a letter: accents and capitals split words, names and codes into more tokens.
fn surcharge(char: char, inside_word: bool) -> Cents {
    match (char, inside_word) {
        ('A'..='Z', false) => 25,
        ('A'..='Z', true) => 50,
        ('\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}', _) => 130,
        _ => 0,
    }
}

/// The estimated tokens of `text`. At least 1 unless `text` is empty.
#[must_use]
pub fn estimate(text: &str) -> usize {
    let mut cents: Cents = 0;
    let mut run: Option<(Kind, usize)> = None;
    for char in text.chars() {
        let next = kind(char);
        let same = run.is_some_and(|(kind, _)| kind == next);
        cents = cents.saturating_add(surcharge(char, same));
        run = match run {
            Some((kind, length)) if same => Some((kind, length.saturating_add(1))),
            other => {
                cents = cents.saturating_add(other.map_or(0, |(kind, length)| cost(kind, length)));
                Some((next, 1))
            }
        };
    }
    let cents = cents.saturating_add(run.map_or(0, |(kind, length)| cost(kind, length)));
    cents.div_ceil(100).max(usize::from(!text.is_empty()))
}

/// The longest prefix of `text` with at most `max_tokens` tokens.
#[must_use]
pub fn fit_start(text: &str, max_tokens: usize) -> &str {
    let (mut fits, mut too_long) = (0, text.len().saturating_add(1));
    while too_long.saturating_sub(fits) > 1 {
        let middle = fits.midpoint(too_long);
        if estimate(head(text, middle)) <= max_tokens {
            fits = middle
        } else {
            too_long = middle
        }
    }
    head(text, fits)
}

/// The longest suffix of `text` with at most `max_tokens` tokens.
#[must_use]
pub fn fit_end(text: &str, max_tokens: usize) -> &str {
    let (mut fits, mut too_long) = (0, text.len().saturating_add(1));
    while too_long.saturating_sub(fits) > 1 {
        let middle = fits.midpoint(too_long);
        if estimate(tail(text, middle)) <= max_tokens {
            fits = middle
        } else {
            too_long = middle
        }
    }
    tail(text, fits)
}

/// At most the first `bytes` of `text`.
fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// At most the last `bytes` of `text`.
fn tail(text: &str, bytes: usize) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(bytes))..)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
