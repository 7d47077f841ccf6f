//! One connection that asks again and again, and how long each answer takes.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long an answer may take at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request, and the status that answers it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The first line and headers, but for the host's.
    head: String,
    body: String,
    status: u16,
}

impl Question {
    /// A GET of the site. Its host is added when it is asked.
    pub fn get(path: &str, status: u16, headers: &[(&str, &str)]) -> Self {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        Self {
            head: format!("GET {path} HTTP/1.1\r\n{headers}"),
            body: String::new(),
            status,
        }
    }

    /// A POST of JSON.
    pub fn post(path: &str, status: u16, body: &str) -> Self {
        let length = body.len();
        Self {
            head: format!(
                "POST {path} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
            ),
            body: body.to_owned(),
            status,
        }
    }

    fn bytes(&self, port: u16) -> String {
        format!("{}host: localhost:{port}\r\n\r\n{}", self.head, self.body)
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    port: u16,
}

impl Client {
    /// Connects to a port of this machine.
    pub fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("nobody is at port {port}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::new(stream),
            port,
        })
    }

    /// How long it takes until the last byte of the answer is there.
    pub fn ask(&mut self, question: &Question) -> Result<Duration> {
        self.timed(question).map(|(taken, _)| taken)
    }

    /// The answer's body.
    pub fn body(&mut self, question: &Question) -> Result<Vec<u8>> {
        self.timed(question).map(|(_, body)| body)
    }

    fn timed(&mut self, question: &Question) -> Result<(Duration, Vec<u8>)> {
        let bytes = question.bytes(self.port);
        let asked = Instant::now();
        self.stream.get_mut().write_all(bytes.as_bytes())?;
        let (status, body) = read_answer(&mut self.stream).context("the answer breaks off")?;
        let taken = asked.elapsed();
        if status != question.status {
            let about = question.head.lines().next().unwrap_or_default();
            let said = String::from_utf8_lossy(&body);
            bail!(
                "{about} was answered {status} instead of {}: {said}",
                question.status
            );
        }
        Ok((taken, body))
    }
}

/// Reads one answer off a connection: its status and its body.
fn read_answer(stream: &mut impl BufRead) -> Result<(u16, Vec<u8>)> {
    let status = line(stream)?;
    let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    let (mut length, mut chunked) = (0_u64, false);
    loop {
        let header = line(stream)?.to_ascii_lowercase();
        match header.split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse()?,
            Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
            Some(_) => {}
            None => break,
        }
    }
    let mut body = Vec::new();
    if chunked {
        while let size @ 1.. = u64::from_str_radix(line(stream)?.trim(), 16)? {
            stream.by_ref().take(size).read_to_end(&mut body)?;
            line(stream)?;
        }
        line(stream)?;
    } else {
        stream.by_ref().take(length).read_to_end(&mut body)?;
    }
    Ok((status.context("this is no HTTP")?, body))
}

fn line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        bail!("the connection was closed");
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_either_framing_follow_each_other_on_one_connection() {
        let two = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHTTP/1.1 404 Not Found\r\n\
                    Transfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1\r\no\r\n0\r\n\r\n";
        let mut stream = &two[..];
        assert_eq!(read_answer(&mut stream).unwrap(), (200, b"one".to_vec()));
        assert_eq!(read_answer(&mut stream).unwrap(), (404, b"two".to_vec()));
        assert!(read_answer(&mut stream).is_err());
    }
}
