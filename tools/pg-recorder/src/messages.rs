//! Splits a stream of bytes into messages of the Postgres protocol.

/// The length field, which counts itself.
const LENGTH_BYTES: usize = 4;
/// Longer than any message of the product. A larger length means that the stream is not the Postgres protocol.
const MESSAGE_BYTES_MAX: usize = 64 * 1_048_576;

/// One complete message.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The type. A client's first messages have none.
    pub kind: Option<u8>,
    /// The bytes after the length.
    pub body: &'a [u8],
}

/// Buffers bytes until messages are complete.
#[derive(Debug, Default)]
pub struct Messages {
    bytes: Vec<u8>,
}

/// The length of a message is impossible.
#[derive(Debug, PartialEq, Eq)]
pub struct InvalidLength;

impl Messages {
    /// Appends received bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Passes the next complete message to `read`, if there is one. `is_typed`: it begins with its type.
    ///
    /// # Errors
    /// [`InvalidLength`].
    pub fn next<T>(
        &mut self,
        is_typed: bool,
        read: impl FnOnce(Message<'_>) -> T,
    ) -> Result<Option<T>, InvalidLength> {
        let head = usize::from(is_typed);
        let Some(length) = self.bytes.get(head..head + LENGTH_BYTES) else {
            return Ok(None);
        };
        let length = length
            .try_into()
            .map(u32::from_be_bytes)
            .map_err(|_| InvalidLength)? as usize;
        if !(LENGTH_BYTES..=MESSAGE_BYTES_MAX).contains(&length) {
            return Err(InvalidLength);
        }
        let Some(body) = self.bytes.get(head + LENGTH_BYTES..head + length) else {
            return Ok(None);
        };
        let kind = is_typed.then(|| self.bytes.first().copied()).flatten();
        let answer = read(Message { kind, body });
        self.bytes.drain(..head + length);
        Ok(Some(answer))
    }
}

/// The text up to the next zero byte, and the rest.
#[must_use]
pub fn text(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (text, rest) = bytes.split_at(end);
    (
        String::from_utf8_lossy(text).into_owned(),
        rest.get(1..).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_assembled_from_single_bytes() {
        let mut messages = Messages::default();
        let mut seen = Vec::new();
        for byte in *b"S\0\0\0\x04Q\0\0\0\x06a\0" {
            messages.extend(&[byte]);
            let read = |message: Message<'_>| (message.kind, message.body.to_vec());
            seen.extend(messages.next(true, read).unwrap());
        }
        assert_eq!(seen, [(Some(b'S'), vec![]), (Some(b'Q'), b"a\0".to_vec())]);
    }

    #[test]
    fn an_impossible_length_is_an_error() {
        let mut messages = Messages::default();
        messages.extend(b"GET / HTTP/1.1");
        assert_eq!(messages.next(false, |_| ()), Err(InvalidLength));
    }

    #[test]
    fn texts_end_at_zero() {
        assert_eq!(text(b"a\0b"), ("a".into(), &b"b"[..]));
        assert_eq!(text(b"a"), ("a".into(), &b""[..]));
    }
}
