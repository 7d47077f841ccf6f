//! HTTP written byte by byte, where a client library would repair or refuse what is sent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any limit of the product that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to an origin of this machine, `http://localhost:8787`.
///
/// # Panics
/// If nobody listens there.
#[must_use]
pub fn connect(origin: &str) -> TcpStream {
    let address = origin
        .trim_start_matches("http://")
        .replace("localhost", "127.0.0.1");
    let stream = TcpStream::connect(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.set_write_timeout(Some(PATIENCE)).expect("a time-out");
    stream
}

/// Sends a request and reads until the server closes; the request must ask for that with `Connection: close`.
///
/// # Panics
/// If sending or reading fails.
#[must_use]
pub fn exchange(origin: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(origin);
    stream.write_all(request).expect("the request is taken");
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .expect("an answer comes to its end");
    answer
}

/// The head of an answer: its status and its header lines as bytes, names in lower case.
///
/// # Panics
/// If it is no HTTP.
#[must_use]
pub fn head(answer: &[u8]) -> (u16, Vec<(String, Vec<u8>)>) {
    let end = answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(answer)));
    let mut lines = answer[..end]
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8_lossy(lines.next().expect("a first line")).into_owned();
    let status = first.split(' ').nth(1).and_then(|text| text.parse().ok());
    let headers = lines.map(|line| {
        let colon = line.iter().position(|byte| *byte == b':').expect("a colon");
        let name = String::from_utf8_lossy(&line[..colon]).to_lowercase();
        (name, line[colon + 1..].trim_ascii().to_vec())
    });
    // A request's first line has no status.
    (status.unwrap_or_default(), headers.collect())
}

/// The values of a header in such a head.
#[must_use]
pub fn values<'h>(headers: &'h [(String, Vec<u8>)], name: &str) -> Vec<&'h [u8]> {
    let of_name = headers.iter().filter(|(known, _)| known == name);
    of_name.map(|(_, value)| value.as_slice()).collect()
}
