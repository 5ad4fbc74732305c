//! Server-sent events, out of the pieces that come over the network.

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// Its data.
    pub data: String,
}

/// Reads a stream piece by piece. A line that is cut in two waits for its other half.
#[derive(Debug, Default)]
pub struct Parser {
    rest: Vec<u8>,
    event: Sent,
}

impl Parser {
    /// The events that a piece completes.
    pub fn take(&mut self, piece: &[u8]) -> Vec<Sent> {
        self.rest.extend_from_slice(piece);
        let mut events = Vec::new();
        let mut start = 0;
        while let Some(length) = self.rest[start..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.rest[start..start + length]).into_owned();
            start += length + 1;
            events.extend(self.line(line.strip_suffix('\r').unwrap_or(&line)));
        }
        self.rest.drain(..start);
        events
    }

    fn line(&mut self, line: &str) -> Option<Sent> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return (event != Sent::default()).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // Comments keep the connection open.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_pieces() {
        let mut parser = Parser::default();
        assert_eq!(parser.take(b": hello\n\nevent: st"), []);
        let one = parser.take("ep\ndata: {\"a\"\r\ndata: 1}\r\n\r\nevent: res".as_bytes());
        assert_eq!(one, [Sent { name: "step".into(), data: "{\"a\"\n1}".into() }]);
        assert_eq!(parser.take(b"et\n\n"), [Sent { name: "reset".into(), data: String::new() }]);
        // A letter of two bytes is cut in two.
        let text = "data: ä\n\n".as_bytes();
        assert_eq!(parser.take(&text[..7]), []);
        assert_eq!(parser.take(&text[7..])[0].data, "ä");
    }
}
