//! Readiness probes on the loopback.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// The timeout of a probe.
const TIMEOUT: Duration = Duration::from_secs(4);

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    let config = config.timeout_global(Some(TIMEOUT)).http_status_as_error(false);
    config.proxy(None).max_redirects(0).build().into()
}

fn url(port: u16, path: &str) -> String {
    format!("http://127.0.0.1:{port}{path}")
}

/// The status of a GET, if an HTTP server responds.
pub fn http_get(port: u16, path: &str) -> Option<u16> {
    let answer = agent().get(url(port, path)).call().ok()?;
    Some(answer.status().as_u16())
}

/// The status of a POST with a JSON body.
pub fn http_post_json(port: u16, path: &str, body: &Value) -> Option<u16> {
    let answer = agent().post(url(port, path)).send_json(body).ok()?;
    Some(answer.status().as_u16())
}

/// The JSON of a GET with status 200.
pub fn json(port: u16, path: &str) -> Option<Value> {
    let mut answer = agent().get(url(port, path)).call().ok()?;
    let body = (answer.status() == 200).then(|| answer.body_mut().read_json());
    body?.ok()
}

/// Whether a Postgres (or a pooler) at this port accepts `user` without a password.
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
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).ok()?;
    stream.write_all(&length.to_be_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    let mut kind = [0_u8; 1];
    stream.read_exact(&mut kind).ok()?;
    // Terminate, so that the server does not log a lost connection.
    let _ = stream.write_all(&[b'X', 0, 0, 0, 4]);
    kind.first().copied()
}

/// Whether no program listens on this port.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The first of `count` consecutive free ports. The search starts at a number derived from the process
/// id, so that parallel runs rarely collide.
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
    fn a_port_with_a_listener_is_not_free() {
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
