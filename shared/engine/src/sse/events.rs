//! Decodes server-sent events (WHATWG HTML, "Interpreting an event stream"). Only `data` fields are
//! read. Works on bytes, so input may be split inside a character.

use super::EVENT_BYTES_MAX;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An incremental decoder.
#[derive(Debug, Default)]
pub(super) struct EventDecoder {
    /// The current line, without its end.
    line: Vec<u8>,
    /// The `data` lines of the current event, each followed by a line feed.
    data: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to the same line end.
    after_carriage_return: bool,
    /// A byte order mark is stripped from the first line only.
    past_first_line: bool,
}

impl EventDecoder {
    /// Calls `on_event` with the data of each finished event, until it returns false.
    /// Returns false if a line or an event exceeds [`EVENT_BYTES_MAX`].
    pub(super) fn push(&mut self, bytes: &[u8], mut on_event: impl FnMut(&[u8]) -> bool) -> bool {
        let mut rest = bytes;
        loop {
            if self.after_carriage_return
                && let Some((first, tail)) = rest.split_first()
            {
                self.after_carriage_return = false;
                if *first == b'\n' {
                    rest = tail;
                }
            }
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (line, tail) = rest
                .split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or((rest, &[]));
            if self.line.len().saturating_add(line.len()) > EVENT_BYTES_MAX {
                return false;
            }
            self.line.extend_from_slice(line);
            let Some((line_end, tail)) = tail.split_first() else {
                return true;
            };
            self.after_carriage_return = *line_end == b'\r';
            rest = tail;
            match self.finish_line() {
                Line::Field => {}
                Line::TooLong => return false,
                Line::Blank => {
                    let event = std::mem::take(&mut self.data);
                    let data = event.strip_suffix(b"\n").unwrap_or(&event);
                    if !data.is_empty() && !on_event(data) {
                        return true;
                    }
                }
            }
        }
    }

    fn finish_line(&mut self) -> Line {
        let mut line = self.line.as_slice();
        if !self.past_first_line {
            self.past_first_line = true;
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        let kind = if line.is_empty() {
            Line::Blank
        } else {
            match data_field(line) {
                None => Line::Field,
                Some(value) if self.data.len().saturating_add(value.len()) > EVENT_BYTES_MAX => Line::TooLong,
                Some(value) => {
                    self.data.extend_from_slice(value);
                    self.data.push(b'\n');
                    Line::Field
                }
            }
        };
        self.line.clear();
        kind
    }
}

enum Line {
    Field,
    Blank,
    TooLong,
}

/// The value of a `data` field; `None` for comments and other fields.
fn data_field(line: &[u8]) -> Option<&[u8]> {
    match line.strip_prefix(b"data")?.split_first() {
        None => Some(&[]),
        Some((b':', value)) => Some(value.strip_prefix(b" ").unwrap_or(value)),
        Some(_) => None,
    }
}
