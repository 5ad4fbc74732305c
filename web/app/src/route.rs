//! Addresses of the page: what a person sees can be linked.
//!
//! The path names the view and its subject, the query how it is looked at. The fragment carries values, since what
//! stands there never leaves the browser.

/// A view and its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// The catalog.
    Catalog,
    /// A module of the catalog; without a version, the newest.
    Module {
        /// The module.
        id: String,
        /// The version; empty: the newest.
        version: String,
    },
    /// Something that was opened from a file: its digest.
    Opened {
        /// `sha256:…`
        digest: String,
    },
    /// The developer's view.
    Develop,
    /// The operator's list.
    Operate,
    /// The stored sources of base charts.
    Sources,
    /// One module of the operator.
    Operated {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// What is stored, versions, licences.
    About,
    /// No view has this path.
    Unknown(String),
}

/// An address below the page's base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The view.
    pub view: View,
    /// How it is looked at: names and values, in order.
    pub query: Vec<(String, String)>,
    /// What follows `#`.
    pub fragment: String,
}

impl Route {
    /// A view without further words.
    pub fn to(view: View) -> Route {
        Route { view, query: Vec::new(), fragment: String::new() }
    }

    /// Reads what follows the base: `m/shop/1.0.0?tab=notes#v=…`. Every text is an address.
    pub fn read(address: &str) -> Route {
        let (rest, fragment) = address.split_once('#').unwrap_or((address, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let view = match parts[..] {
            [] | ["index.html"] => View::Catalog,
            ["m", id] => View::Module { id: id.to_owned(), version: String::new() },
            ["m", id, version] => View::Module { id: id.to_owned(), version: version.to_owned() },
            ["opened", digest] => View::Opened { digest: digest.to_owned() },
            ["develop"] => View::Develop,
            ["operate"] => View::Operate,
            ["operate", "sources"] => View::Sources,
            ["operate", namespace, name] => View::Operated { namespace: namespace.to_owned(), name: name.to_owned() },
            ["about"] => View::About,
            _ => View::Unknown(path.to_owned()),
        };
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        };
        let query = query.split('&').filter(|part| !part.is_empty()).map(pair).collect();
        Route { view, query, fragment: fragment.to_owned() }
    }

    /// The address below the base, without a slash in front.
    pub fn write(&self) -> String {
        let mut address = String::new();
        let mut path = |parts: &[&str]| {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    address.push('/');
                }
                encode(part, &mut address);
            }
        };
        match &self.view {
            View::Catalog => {}
            View::Module { id, version } if version.is_empty() => path(&["m", id]),
            View::Module { id, version } => path(&["m", id, version]),
            View::Opened { digest } => path(&["opened", digest]),
            View::Develop => path(&["develop"]),
            View::Operate => path(&["operate"]),
            View::Sources => path(&["operate", "sources"]),
            View::Operated { namespace, name } => path(&["operate", namespace, name]),
            View::About => path(&["about"]),
            View::Unknown(unknown) => address.push_str(unknown.trim_start_matches('/')),
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            address.push(if index == 0 { '?' } else { '&' });
            encode(name, &mut address);
            address.push('=');
            encode(value, &mut address);
        }
        if !self.fragment.is_empty() {
            address.push('#');
            address.push_str(&self.fragment);
        }
        address
    }

    /// The first value of a name in the query.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name in the query.
    pub fn all<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same with a value in the query; an empty one is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Route {
        self.query.retain(|(key, _)| key != name);
        self.and(name, value)
    }

    /// The same with one more value of a name; an empty one is left out.
    #[must_use]
    pub fn and(mut self, name: &str, value: impl Into<String>) -> Route {
        let value = value.into();
        if !value.is_empty() {
            self.query.push((name.to_owned(), value));
        }
        self
    }

    /// Whether both show the same subject, and differ at most in how it is looked at.
    pub fn same_place(&self, other: &Route) -> bool {
        self.view == other.view
    }
}

/// Percent-encodes what a path segment or a query may not have as it stands.
pub fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' | b'@' => {
                into.push(char::from(byte));
            }
            _ => {
                let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'A' + n - 10 });
                into.push('%');
                into.push(digit(byte >> 4));
                into.push(digit(byte & 15));
            }
        }
    }
}

/// The text behind percent-encoding. What is not an escape stays, and what is not UTF-8 is replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let escaped = match (first, after) {
            (b'%', [high, low, behind @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                digit(high).zip(digit(low)).map(|(high, low)| ((high * 16 + low) as u8, behind))
            }
            (b'+', behind) => Some((b' ', behind)),
            _ => None,
        };
        match escaped {
            Some((byte, behind)) => {
                bytes.push(byte);
                rest = behind;
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for address in [
            "",
            "?q=shop&category=Data%20stores",
            "m/webshop",
            "m/webshop/1.4.0",
            "m/webshop/1.4.0%2Bbuild?tab=manifests&object=apps%2FDeployment%2Fweb&line=7#v=abc",
            "opened/sha256:00ff",
            "develop",
            "operate?state=failed",
            "operate/shop/webshop",
            "operate/sources",
            "about",
            "what/is/this",
        ] {
            assert_eq!(Route::read(address).write(), address);
        }
    }

    #[test]
    fn odd_addresses_are_addresses() {
        for (address, view) in [
            ("//m//webshop/", View::Module { id: "webshop".into(), version: String::new() }),
            ("m/%zz%4", View::Module { id: "%zz%4".into(), version: String::new() }),
            ("m/%ff", View::Module { id: "\u{fffd}".into(), version: String::new() }),
            ("m/a/b/c", View::Unknown("m/a/b/c".into())),
        ] {
            assert_eq!(Route::read(address).view, view, "{address}");
        }
        let route = Route::read("?a=1+2&&b&a=3");
        assert_eq!((route.get("a"), route.get("b"), route.all("a").count()), (Some("1 2"), Some(""), 2));
        assert_eq!(route.with("a", "").write(), "?b=");
    }
}
