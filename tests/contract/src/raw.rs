//! HTTP as raw bytes, for requests that a client library would normalize or reject.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any time limit of the product.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection to a local origin such as `http://localhost:8787`.
///
/// # Panics
/// If the connect fails.
#[must_use]
pub fn connect(origin: &str) -> TcpStream {
    let address = origin
        .trim_start_matches("http://")
        .replace("localhost", "127.0.0.1");
    let stream = TcpStream::connect(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout");
    stream.set_write_timeout(Some(TIMEOUT)).expect("a timeout");
    stream
}

/// Sends a request with `Connection: close` and reads the response until the server closes the connection.
///
/// # Panics
/// If sending or reading fails.
#[must_use]
pub fn exchange(origin: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(origin);
    stream.write_all(request).expect("the request is sent");
    let mut response = Vec::new();
    stream
        .read_to_end(&mut response)
        .expect("the response is complete");
    response
}

/// The head of a message: the status of a response, and the headers as bytes with lower-case names.
///
/// # Panics
/// If it is not HTTP.
#[must_use]
pub fn head(message: &[u8]) -> (u16, Vec<(String, Vec<u8>)>) {
    let end = message
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(message)));
    let mut lines = message[..end]
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8_lossy(lines.next().expect("a first line")).into_owned();
    let status = first.split(' ').nth(1).and_then(|text| text.parse().ok());
    let headers = lines.map(|line| {
        let colon = line.iter().position(|byte| *byte == b':').expect("a colon");
        let name = String::from_utf8_lossy(&line[..colon]).to_lowercase();
        (name, line[colon + 1..].trim_ascii().to_vec())
    });
    // A request has no status.
    (status.unwrap_or_default(), headers.collect())
}

/// The values of a header.
#[must_use]
pub fn values<'h>(headers: &'h [(String, Vec<u8>)], name: &str) -> Vec<&'h [u8]> {
    let of_name = headers.iter().filter(|(known, _)| known == name);
    of_name.map(|(_, value)| value.as_slice()).collect()
}
