//! The functions of this group, called by name.

use base64::Engine;
use govalue::{Args, Env, FuncError, List, Value};

/// A fixed clock, and randomness that only depends on the seed.
pub(super) struct Fixed(pub(super) u64);

impl Env for Fixed {
    fn now(&mut self) -> (i64, u32) {
        (1_767_225_600, 123_456_789)
    }

    fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError> {
        for byte in buf {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *byte = (self.0 >> 32) as u8;
        }
        Ok(())
    }

    fn charge(&mut self, _: u64) -> Result<(), FuncError> {
        Ok(())
    }
}

pub(super) fn call(name: &str, args: &[Value]) -> Result<Value, String> {
    let func = super::FUNCTIONS.iter().find(|f| f.name == name).ok_or("no such function")?;
    let mut args = args.to_vec();
    (func.call)(&mut Fixed(0x5eed), &mut Args::new(&mut args)).map_err(|e| e.to_string())
}

pub(super) fn text(name: &str, args: &[Value]) -> String {
    match call(name, args) {
        Ok(Value::Str(s)) => s.to_string(),
        Ok(other) => format!("{other:?}"),
        Err(e) => format!("error: {e}"),
    }
}

#[test]
fn checksums() {
    let long = Value::from("x".repeat(100_000));
    for (name, arg, want) in [
        ("sha1sum", Value::from("hello"), "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
        ("sha256sum", Value::from("hello"), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
        ("adler32sum", Value::from("hello"), "103547413"),
        ("adler32sum", Value::from(""), "1"),
        ("adler32sum", long, "2116691386"),
    ] {
        assert_eq!(text(name, &[arg]), want, "{name}");
    }
    assert!(text("sha512sum", &[Value::from("hello")]).starts_with("9b71d224bd62f378"));
}

#[test]
fn derived_passwords_never_change() {
    for (counter, kind, want) in [(1, "long", "ZedaFaxcZaso9*"), (1, "pin", "6685"), (2, "medium", "Fov2-Jal")] {
        let args = [Value::Int(counter), kind.into(), "password".into(), "user".into(), "example.com".into()];
        assert_eq!(text("derivePassword", &args), want, "{kind}");
    }
    let args = [Value::Int(1), "x".into(), "".into(), "".into(), "".into()];
    assert_eq!(text("derivePassword", &args), "cannot find password template x");
}

#[test]
fn encryption_goes_there_and_back() {
    for plain in ["a", "0123456789abcdef", "Größe 世界"] {
        let secret = call("encryptAES", &["key".into(), plain.into()]).unwrap_or_default();
        assert_eq!(text("decryptAES", &["key".into(), secret]), plain);
    }
    for (encoded, want) in [
        ("", ""),
        ("abc", "error: illegal base64 data at input byte 0"),
        ("YWJj", "error: runtime error: slice bounds out of range [:16] with capacity 3"),
        ("MDEyMzQ1Njc4OWFiY2RlZg==", "error: runtime error: index out of range [-1]"),
        ("MDEyMzQ1Njc4OWFiY2RlZjA=", "error: crypto/cipher: input not full blocks"),
        ("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "error: runtime error: slice bounds out of range [:-233]"),
    ] {
        assert_eq!(text("decryptAES", &["k".into(), encoded.into()]), want, "{encoded}");
    }
}

#[test]
fn random_text_has_its_alphabet() {
    for (name, alphabet) in [
        ("randAlpha", char::is_alphabetic as fn(char) -> bool),
        ("randAlphaNum", char::is_alphanumeric),
        ("randNumeric", char::is_numeric),
        ("randAscii", |c| (' '..='~').contains(&c)),
    ] {
        let s = text(name, &[Value::Int(500)]);
        assert!(s.len() == 500 && s.chars().all(alphabet), "{name}: {s}");
        assert_eq!(text(name, &[Value::Int(-1)]), "");
        assert_eq!(s, text(name, &[Value::Int(500)]), "the same seed gives the same text");
    }
    assert_eq!(text("randBytes", &[Value::Int(-1)]), "error: runtime error: makeslice: len out of range");
    assert_eq!(text("randInt", &[Value::Int(5), Value::Int(5)]), "error: invalid argument to Intn");
    assert_eq!(text("randInt", &[Value::Int(5), Value::Int(6)]), "Int(5)");
    let uuid = text("uuidv4", &[]);
    assert!(uuid.len() == 36 && uuid.get(14..15) == Some("4"), "{uuid}");
}

#[test]
fn password_hashes() {
    assert_eq!(text("htpasswd", &["a:b".into(), "".into()]), "invalid username: a:b");
    let hash = text("bcrypt", &["pässword".into()]);
    assert!(hash.starts_with("$2a$10$") && hash.len() == 60, "{hash}");
    // From the tests of jBCrypt; the last two are from golang.org/x/crypto/bcrypt.
    let [shorter, longest] = [71, 72].map(|len| "x".repeat(len));
    for (password, want) in [
        ("", "$2a$10$k1wbIrmNyFAPwPVPSVa/zecw2BCEnBwVS2GbrmgzxFUOqW9dk4TCW"),
        ("abcdefghijklmnopqrstuvwxyz", "$2a$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq"),
        (&shorter, "$2a$10$phge6Owee1PQpuhXsgW7duBFu1hncBkpQvwx65zHPZe1p0YrtEwEK"),
        (&longest, "$2a$10$fWRx/D.THe9SdTxvgb7DteKtC1BbO639tN0/9rs6PtdpRRzQVcnzu"),
    ] {
        let salt = want.get(7..29).and_then(|salt| bcrypt::BASE_64.decode(salt).ok()?.try_into().ok());
        assert_eq!(super::password::salted(salt.expect("a salt"), password.as_bytes()), want, "{password}");
    }
    let long = Value::from("x".repeat(73));
    assert_eq!(
        text("bcrypt", &[long]),
        "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    );
}

#[test]
fn keys_and_certificates() {
    assert_eq!(text("genPrivateKey", &["x".into()]), "Unknown type x");
    let key = text("genPrivateKey", &["ecdsa".into()]);
    assert!(key.starts_with("-----BEGIN EC PRIVATE KEY-----\n") && key.ends_with("-----END EC PRIVATE KEY-----\n"));
    assert_eq!(key, text("genPrivateKey", &["ecdsa".into()]), "the same seed gives the same key");

    let ca = call("genCAWithKey", &["ca".into(), Value::Int(365), key.as_str().into()]).unwrap_or_default();
    assert_eq!(ca.ty().map(|t| t.to_string()).as_deref(), Some("sprig.certificate"));
    let names = Value::from(List::new(vec!["a.example".into()]));
    let nothing = Value::from(List::new(Vec::new()));
    let leaf =
        call("genSignedCertWithKey", &["leaf".into(), nothing, names, Value::Int(1), ca.clone(), key.as_str().into()]);
    assert!(leaf.is_ok(), "{leaf:?}");
    let field = |v: &Value, name: &str| match v {
        Value::Struct(o) => o.field(name).map(|(_, v)| v).unwrap_or_default(),
        _ => Value::Nil,
    };
    let custom = ["Cert", "Key"].map(|name| match field(&ca, name) {
        Value::Str(s) => Value::from(crate::encoding::encode64(&s)),
        _ => Value::Nil,
    });
    assert!(call("buildCustomCert", &custom).is_ok());

    for (ips, dns, want) in [
        (Value::Int(1), "", "error: error parsing ip: 1 is not a string"),
        ("1.2.3".into(), "", "error: error parsing ip: 1.2.3"),
        ("01.2.3.4".into(), "", "error: error parsing ip: 01.2.3.4"),
        ("::1".into(), "é", "error: error creating certificate: x509: \"é\" cannot be encoded as an IA5String"),
    ] {
        let (ips, dns) = (List::new(vec![ips]), List::new(vec![dns.into()]));
        let args = ["x".into(), ips.into(), dns.into(), Value::Int(1), key.as_str().into()];
        assert_eq!(text("genSelfSignedCertWithKey", &args), want);
    }
    for (key, want) in [
        ("x", "error: parsing private key: no PEM data in input"),
        (
            "-----BEGIN X-----\n\n-----END X-----",
            "error: parsing private key: no private key data in PEM block of type X",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\neHh4\n-----END RSA PRIVATE KEY-----",
            "error: parsing private key: parsing RSA private key from PEM: asn1: structure error: tags don't match \
             (16 vs {class:1 tag:24 length:120 isCompound:true}) {optional:false explicit:false application:false \
             private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} \
             pkcs1PrivateKey @2",
        ),
    ] {
        assert_eq!(text("genCAWithKey", &["ca".into(), Value::Int(1), key.into()]), want);
    }
}
