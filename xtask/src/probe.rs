//! Asks whether a part answers: raw sockets on the loopback, nothing more.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long a part has to answer one question.
const PATIENCE: Duration = Duration::from_secs(4);

fn connect(port: u16) -> Option<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    Some(stream)
}

/// The status of a GET, if anything speaks HTTP there.
pub fn http_get(port: u16, path: &str) -> Option<u16> {
    http(
        port,
        &format!("GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n"),
    )
}

/// The status of a POST with a JSON body.
pub fn http_post_json(port: u16, path: &str, body: &str) -> Option<u16> {
    let length = body.len();
    http(
        port,
        &format!(
            "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
    )
}

fn http(port: u16, request: &str) -> Option<u16> {
    let mut stream = connect(port)?;
    stream.write_all(request.as_bytes()).ok()?;
    // "HTTP/1.1 200": the first twelve bytes say it all.
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head).ok()?;
    let head = std::str::from_utf8(&head).ok()?;
    head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()
}

/// Whether a Postgres (or a pooler) at this port lets `user` in without asking for a password.
pub fn postgres(port: u16, user: &str, database: &str) -> bool {
    postgres_answer(port, user, database) == Some(b'R')
}

fn postgres_answer(port: u16, user: &str, database: &str) -> Option<u8> {
    const PROTOCOL_3_0: u32 = 196_608;
    let mut body = PROTOCOL_3_0.to_be_bytes().to_vec();
    for word in ["user", user, "database", database] {
        body.extend_from_slice(word.as_bytes());
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len()).ok()?.checked_add(4)?;
    let mut stream = connect(port)?;
    stream.write_all(&length.to_be_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    let mut kind = [0_u8; 1];
    stream.read_exact(&mut kind).ok()?;
    // `X`: goodbye, so that the server does not log a lost connection.
    let _ = stream.write_all(&[b'X', 0, 0, 0, 4]);
    kind.first().copied()
}

/// Whether nobody listens on this port.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The first of `count` consecutive free ports, searched from a place that differs between
/// processes so that two runs at once do not meet.
pub fn free_ports(count: u16) -> Option<u16> {
    const FIRST: u16 = 20_000;
    const SLOTS: u32 = 1_000;
    let seed = std::process::id();
    (0..SLOTS).find_map(|offset| {
        let slot = u16::try_from(seed.wrapping_add(offset) % SLOTS).ok()?;
        let base = FIRST.checked_add(slot.checked_mul(10)?)?;
        (0..count)
            .all(|port| base.checked_add(port).is_some_and(is_free))
            .then_some(base)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_somebody_listens_on_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }

    #[test]
    fn an_http_status_is_read() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap();
        });
        assert_eq!(http_get(port, "/"), Some(404));
    }
}
