//! IP addresses, as far as they are checked (`net/netip`).

use crate::strconv::quote;

/// What [`parse_ip`] says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpAddress {
    /// Whether it is IPv6 and not IPv4.
    pub is_ipv6: bool,
    /// Whether it names a zone, as `fe80::1%eth0` does.
    pub has_zone: bool,
}

/// Checks an address (`netip.ParseAddr`).
///
/// # Errors
/// Go's text.
pub fn parse_ip(address: &[u8]) -> Result<IpAddress, String> {
    let fail = |message: String| format!("ParseAddr({}): {message}", quote(address));
    match address.iter().find(|b| matches!(b, b'.' | b':' | b'%')) {
        Some(b':') => {
            ipv6(address).map_err(fail)?;
            Ok(IpAddress { is_ipv6: true, has_zone: address.contains(&b'%') })
        }
        Some(b'.') => {
            ipv4(address).map_err(fail)?;
            Ok(IpAddress { is_ipv6: false, has_zone: false })
        }
        Some(_) => Err(fail("missing IPv6 address".to_owned())),
        None => Err(fail("unable to parse IP".to_owned())),
    }
}

fn at(message: &str, rest: &[u8]) -> String {
    if rest.is_empty() { message.to_owned() } else { format!("{message} (at {})", quote(rest)) }
}

fn ipv4(s: &[u8]) -> Result<(), String> {
    let (mut value, mut digits, mut dots) = (0_u32, 0, 0);
    for (i, b) in s.iter().enumerate() {
        match b {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err("IPv4 field has octet with leading zero".to_owned());
                }
                value = value * 10 + u32::from(b - b'0');
                digits += 1;
                if value > 255 {
                    return Err("IPv4 field has value >255".to_owned());
                }
            }
            b'.' => {
                if digits == 0 || i + 1 == s.len() {
                    return Err(at("IPv4 field must have at least one digit", &s[i..]));
                }
                if dots == 3 {
                    return Err("IPv4 address too long".to_owned());
                }
                dots += 1;
                (value, digits) = (0, 0);
            }
            _ => return Err(at("unexpected character", &s[i..])),
        }
    }
    if dots < 3 { Err("IPv4 address too short".to_owned()) } else { Ok(()) }
}

fn ipv6(address: &[u8]) -> Result<(), String> {
    let zone = address.iter().position(|b| *b == b'%');
    let mut s = &address[..zone.unwrap_or(address.len())];
    if zone.is_some_and(|i| i + 1 == address.len()) {
        return Err("zone must be a non-empty string".to_owned());
    }
    let mut ellipsis = false;
    if let Some(rest) = s.strip_prefix(b"::") {
        ellipsis = true;
        s = rest;
        if s.is_empty() {
            return Ok(());
        }
    }
    let mut bytes = 0;
    while bytes < 16 {
        let digits = s.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(at("each group must have 4 or less digits", s));
        }
        if digits == 0 {
            return Err(at("each colon-separated field must have at least one digit", s));
        }
        if s.get(digits) == Some(&b'.') {
            if !ellipsis && bytes != 12 {
                return Err(at("embedded IPv4 address must replace the final 2 fields of the address", s));
            }
            if bytes + 4 > 16 {
                return Err(at("too many hex fields to fit an embedded IPv4 at the end of the address", s));
            }
            ipv4(s)?;
            s = b"";
            bytes += 4;
            break;
        }
        bytes += 2;
        s = &s[digits..];
        match s {
            [] => break,
            [b':'] => return Err(at("colon must be followed by more characters", s)),
            [b':', b':', ..] if ellipsis => return Err(at("multiple :: in address", &s[1..])),
            [b':', b':', rest @ ..] => {
                ellipsis = true;
                s = rest;
                if s.is_empty() {
                    break;
                }
            }
            [b':', rest @ ..] => s = rest,
            _ => return Err(at("unexpected character, want colon", s)),
        }
    }
    if !s.is_empty() {
        return Err(at("trailing garbage after address", s));
    }
    if bytes < 16 && !ellipsis {
        return Err("address string too short".to_owned());
    }
    if bytes >= 16 && ellipsis {
        return Err("the :: must expand to at least one field of zeros".to_owned());
    }
    Ok(())
}
