//! Constraints: groups of conditions on a version.

use std::cmp::Ordering;
use std::fmt;

use crate::error::Error;
use crate::grammar::{self, is_space};
use crate::version::{Version, compare_prerelease};

/// The longest constraint that parses.
const MAX_LEN: usize = 512;

/// The most `||` groups that parse.
const MAX_GROUPS: usize = 32;

/// One or more groups of conditions, separated by `||`: a version satisfies the
/// constraint if it satisfies all conditions of a group.
///
/// A version with a pre-release satisfies only groups in which some condition
/// has a pre-release.
#[derive(Clone, Debug)]
pub struct Constraints {
    groups: Vec<Group>,
    include_prerelease: bool,
}

#[derive(Clone, Debug)]
struct Group {
    conditions: Vec<Condition>,
    has_prerelease: bool,
}

#[derive(Clone, Debug)]
struct Condition {
    op: Op,
    /// The operator and version as they were written.
    op_text: &'static str,
    text: String,
    version: Version,
    wildcard: Wildcard,
}

/// From where on the version is a wildcard or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wildcard {
    Major,
    Minor,
    Patch,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

/// All operators; the longer of two that start alike come first.
const OPS: [(&str, Op); 12] = [
    ("!=", Op::NotEqual),
    (">=", Op::GreaterEqual),
    ("=>", Op::GreaterEqual),
    ("<=", Op::LessEqual),
    ("=<", Op::LessEqual),
    ("~>", Op::Tilde),
    ("=", Op::Equal),
    (">", Op::Greater),
    ("<", Op::Less),
    ("~", Op::Tilde),
    ("^", Op::Caret),
    ("", Op::Equal),
];

impl Constraints {
    /// Parses a constraint (`semver.NewConstraint`).
    ///
    /// # Errors
    /// If it is too long or not of a constraint's form.
    pub fn parse(text: &[u8]) -> Result<Constraints, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::ConstraintTooLong);
        }
        // A character a byte: only ASCII means anything, and messages show all
        // bytes as they came.
        let text: String = text.iter().map(|b| char::from(*b)).collect();
        let text = rewrite_ranges(&text);
        if text.split("||").count() > MAX_GROUPS {
            return Err(Error::TooManyGroups);
        }
        let groups = text.split("||").map(Group::parse).collect::<Result<_, _>>()?;
        Ok(Constraints { groups, include_prerelease: false })
    }

    /// The same constraints, satisfied by pre-releases too even where no
    /// condition has one (`IncludePrerelease`).
    pub fn include_prerelease(mut self) -> Constraints {
        self.include_prerelease = true;
        self
    }

    /// Whether the version satisfies them.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let prerelease = self.include_prerelease || group.has_prerelease;
            group.conditions.iter().all(|c| c.check(version, prerelease).is_ok())
        })
    }

    /// Checks the version and says what it violates.
    ///
    /// # Errors
    /// The library's reasons, one a condition, where no group is satisfied.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut said_prerelease = false;
        for group in &self.groups {
            let prerelease = self.include_prerelease || group.has_prerelease;
            let mut satisfied = true;
            for condition in &group.conditions {
                let Err(violation) = condition.check(version, prerelease) else { continue };
                satisfied = false;
                if violation == Violation::Prerelease {
                    if said_prerelease {
                        continue;
                    }
                    said_prerelease = true;
                }
                reasons.push(violation.describe(version, &condition.text));
            }
            if satisfied {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, group) in self.groups.iter().enumerate() {
            if i > 0 {
                f.write_str(" || ")?;
            }
            for (i, c) in group.conditions.iter().enumerate() {
                let space = if i > 0 { " " } else { "" };
                write!(f, "{space}{}{}", c.op_text, c.text)?;
            }
        }
        Ok(())
    }
}

/// Writes hyphen ranges `1.2 - 2.3` as `>= 1.2, <= 2.3 `.
fn rewrite_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    // Space before a hyphen makes a range, and few constraints have it.
    if !text.as_bytes().windows(2).any(|pair| is_space(pair[0]) && pair[1] == b'-') {
        return out;
    }
    let mut at = 0;
    while at < text.len() {
        match text.get(at..).and_then(range) {
            Some((len, from, to)) => {
                // As the library: the first occurrence, wherever it is.
                let found = text.get(at..at + len).unwrap_or_default();
                out = out.replacen(found, &format!(">= {from}, <= {to} "), 1);
                at += len;
            }
            None => at += 1,
        }
    }
    out
}

/// Reads a hyphen range at the start of the text: its length and two versions.
fn range(text: &str) -> Option<(usize, &str, &str)> {
    let spaces = |at: usize| text.bytes().skip(at).take_while(|c| is_space(*c)).count();
    let version = |at: usize| {
        let rest = text.get(at..)?;
        let (_, len) = grammar::constraint_version(rest)?;
        rest.get(..len)
    };
    let mut at = spaces(0);
    let from = version(at)?;
    at += from.len();
    let gap = spaces(at);
    at += gap;
    if gap == 0 || text.as_bytes().get(at) != Some(&b'-') {
        return None;
    }
    at += 1;
    let gap = spaces(at);
    at += gap;
    if gap == 0 {
        return None;
    }
    let to = version(at)?;
    at += to.len();
    Some((at + spaces(at), from, to))
}

impl Group {
    /// Parses conditions that are separated by spaces or one comma.
    fn parse(text: &str) -> Result<Group, Error> {
        let bad = || Error::Improper(text.chars().map(|c| c as u8).collect());
        let mut conditions = Vec::new();
        let mut rest = text.trim_start_matches(space);
        loop {
            let (op_text, op) = OPS.into_iter().find(|(o, _)| rest.starts_with(o)).ok_or_else(bad)?;
            rest = rest.get(op_text.len()..).unwrap_or_default().trim_start_matches(space);
            let (parts, len) = grammar::constraint_version(rest).ok_or_else(bad)?;
            let version = rest.get(..len).unwrap_or_default();
            conditions.push((op_text, op, version, parts));
            let after = rest.get(len..).unwrap_or_default();
            rest = after.trim_start_matches(space);
            if rest.is_empty() {
                break;
            }
            match rest.strip_prefix(',') {
                Some(next) => rest = next.trim_start_matches(space),
                None if rest.len() == after.len() => return Err(bad()),
                None => {}
            }
        }
        let conditions = conditions
            .into_iter()
            .map(|(op_text, op, text, parts)| Condition::new(op_text, op, text, &parts))
            .collect::<Result<Vec<_>, _>>()?;
        let has_prerelease = conditions.iter().any(|c| !c.version.prerelease().is_empty());
        Ok(Group { conditions, has_prerelease })
    }
}

fn space(c: char) -> bool {
    u8::try_from(c).is_ok_and(is_space)
}

/// What a version has done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Violation {
    Prerelease,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Major,
    MajorAndMinor,
    Minor,
    MinorOfZero,
    PatchOfZero,
}

impl Violation {
    fn describe(self, version: &Version, text: &str) -> String {
        let (relation, hint) = match self {
            Violation::Prerelease => {
                return format!(
                    "\"{version}\" is a prerelease version and the constraint is only looking for release versions"
                );
            }
            Violation::Equal => ("is equal to", ""),
            Violation::NotEqual => ("is not equal to", ""),
            Violation::Less => ("is less than", ""),
            Violation::LessOrEqual => ("is less than or equal to", ""),
            Violation::Greater => ("is greater than", ""),
            Violation::GreaterOrEqual => ("is greater than or equal to", ""),
            Violation::Major => ("does not have same major version as", ""),
            Violation::MajorAndMinor => ("does not have same major and minor version as", ""),
            Violation::Minor => ("does not have same minor version as", ""),
            Violation::MinorOfZero => (
                "does not have same minor version as",
                ". Expected minor versions to match when constraint major version is 0",
            ),
            Violation::PatchOfZero => {
                ("does not equal", ". Expect version and constraint to equal when major and minor versions are 0")
            }
        };
        format!("\"{version}\" {relation} \"{text}\"{hint}")
    }
}

/// `Ok` if the condition holds, else the violation.
fn ensure(holds: bool, otherwise: Violation) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(otherwise) }
}

impl Condition {
    fn new(op_text: &'static str, op: Op, text: &str, parts: &grammar::Parts<'_>) -> Result<Condition, Error> {
        let wild = |segment: &str| matches!(segment, "" | "x" | "X" | "*");
        let pre = if parts.pre.is_empty() { String::new() } else { format!("-{}", parts.pre) };
        let (wildcard, version) = if wild(parts.major) {
            (Wildcard::Major, format!("0.0.0{pre}"))
        } else if wild(parts.minor) {
            (Wildcard::Minor, format!("{}.0.0{pre}", parts.major))
        } else if wild(parts.patch) {
            (Wildcard::Patch, format!("{}.{}.0{pre}", parts.major, parts.minor))
        } else {
            (Wildcard::None, text.to_owned())
        };
        let version = Version::parse(version.as_bytes()).map_err(|_| Error::ConstraintVersion)?;
        Ok(Condition { op, op_text, text: text.into(), version, wildcard })
    }

    fn check(&self, v: &Version, prerelease: bool) -> Result<(), Violation> {
        if !v.prerelease().is_empty() && !prerelease {
            return Err(Violation::Prerelease);
        }
        let order = v.compare(&self.version);
        match self.op {
            Op::Equal if self.wildcard != Wildcard::None => self.tilde(v),
            Op::Equal => ensure(order.is_eq(), Violation::NotEqual),
            Op::NotEqual => self.not_equal(v),
            Op::Greater => self.greater(v, order),
            Op::Less => ensure(order.is_lt(), Violation::GreaterOrEqual),
            Op::GreaterEqual => ensure(order.is_ge(), Violation::Less),
            Op::LessEqual => self.less_equal(v, order),
            Op::Tilde => self.tilde(v),
            Op::Caret => self.caret(v),
        }
    }

    fn not_equal(&self, v: &Version) -> Result<(), Violation> {
        let c = &self.version;
        if self.wildcard == Wildcard::None {
            return ensure(v.compare(c).is_ne(), Violation::Equal);
        }
        let differs = match self.wildcard {
            _ if c.major() != v.major() => true,
            Wildcard::Minor => false,
            _ if c.minor() != v.minor() => true,
            Wildcard::Patch => compare_prerelease(v.prerelease(), c.prerelease()).is_ne(),
            // `!= *`: the numbers are those of 0.0.0.
            _ => c.patch() != v.patch() || v.compare(c).is_ne(),
        };
        ensure(differs, Violation::Equal)
    }

    fn greater(&self, v: &Version, order: Ordering) -> Result<(), Violation> {
        let c = &self.version;
        let holds = match self.wildcard {
            Wildcard::None => order.is_gt(),
            _ if v.major() != c.major() => v.major() > c.major(),
            Wildcard::Minor => false,
            Wildcard::Patch => v.minor() > c.minor(),
            Wildcard::Major => order.is_gt(),
        };
        ensure(holds, Violation::LessOrEqual)
    }

    fn less_equal(&self, v: &Version, order: Ordering) -> Result<(), Violation> {
        let c = &self.version;
        let holds = match self.wildcard {
            Wildcard::None => order.is_le(),
            Wildcard::Minor => v.major() <= c.major(),
            _ => (v.major(), v.minor()) <= (c.major(), c.minor()),
        };
        ensure(holds, Violation::Greater)
    }

    /// `~1.2.3` allows patches, `~1` minor versions; `~0.0.0` and `~*` all.
    fn tilde(&self, v: &Version) -> Result<(), Violation> {
        let c = &self.version;
        ensure(v.compare(c).is_ge(), Violation::Less)?;
        let open = !matches!(self.wildcard, Wildcard::Minor | Wildcard::Patch);
        if open && (c.major(), c.minor(), c.patch()) == (0, 0, 0) {
            return Ok(());
        }
        ensure(v.major() == c.major(), Violation::Major)?;
        ensure(v.minor() == c.minor() || self.wildcard == Wildcard::Minor, Violation::MajorAndMinor)
    }

    /// `^1.2.3` allows what keeps the first number that is not zero.
    fn caret(&self, v: &Version) -> Result<(), Violation> {
        let c = &self.version;
        ensure(v.compare(c).is_ge(), Violation::Less)?;
        ensure(v.major() == c.major(), Violation::Major)?;
        if c.major() > 0 || self.wildcard == Wildcard::Minor {
            return Ok(());
        }
        if c.minor() > 0 || self.wildcard == Wildcard::Patch {
            return ensure(v.minor() == c.minor(), Violation::MinorOfZero);
        }
        ensure(v.minor() == 0, Violation::Minor)?;
        ensure(v.patch() == c.patch(), Violation::PatchOfZero)
    }
}
