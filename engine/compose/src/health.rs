//! `healthcheck`: Compose's tests as probes.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::keys::{self, HEALTHCHECK};
use crate::report::Report;
use crate::tree::{Data, Node};
use crate::values::{flag, parsed, seconds, texts, words, wrong};

/// What a health check comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Health {
    /// There are to be no checks.
    Disabled,
    /// Probes, by their names in the values.
    Probes { readiness: Block, startup: Option<Block> },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Command(Vec<String>),
    Http { path: String, port: u16, https: bool },
}

/// Reads `healthcheck`. Its defaults are Docker's: every 30 s, 30 s long, 3 times.
pub(crate) fn health(node: &Node, report: &mut Report) -> Option<Health> {
    keys::check(node, HEALTHCHECK, "healthcheck", report);
    if flag(node.get("disable")) {
        return Some(Health::Disabled);
    }
    let test = match node.get("test") {
        Some(test) => test,
        None if node.is_null() => return None,
        None => {
            let message = "the image defines the check, which is not known here: the file has only its timings";
            report.warn(
                node.spot,
                "healthcheck",
                Code::HealthcheckOfImage,
                message,
                "name the test, or set value probes.readiness",
            );
            return None;
        }
    };
    let list = texts(test, "healthcheck.test", report);
    let test = match (&test.data, list.as_slice()) {
        (Data::Text(line), _) => shell(line),
        (_, [none]) if none == "NONE" => return Some(Health::Disabled),
        (_, [kind, line]) if kind == "CMD-SHELL" => shell(line),
        (_, [kind, command @ ..]) if kind == "CMD" && !command.is_empty() => {
            http(command).unwrap_or_else(|| Test::Command(command.to_vec()))
        }
        _ => {
            wrong(
                test,
                "healthcheck.test",
                "a command line, or a list that starts with CMD, CMD-SHELL or NONE",
                report,
            );
            return None;
        }
    };
    let mut time = |key: &str, otherwise: i64| {
        let path = format!("healthcheck.{key}");
        let found = node.get(key).and_then(|n| parsed(n, &path, "a duration such as 30s", seconds, report));
        // 0 means the default.
        found.filter(|n| *n > 0).unwrap_or(otherwise)
    };
    let (interval, timeout) = (time("interval", 30), time("timeout", 30));
    let (start, start_interval) = (time("start_period", 0), time("start_interval", 5));
    let retries = node.get("retries").and_then(|n| {
        parsed(
            n,
            "healthcheck.retries",
            "a number",
            |t| t.parse::<i64>().ok().filter(|n| (0..=10_000).contains(n)),
            report,
        )
    });
    let retries = retries.filter(|n| *n > 0).unwrap_or(3);
    let readiness = probe(&test, interval, timeout, retries);
    let startup = (start > 0).then(|| {
        // While it starts, failures do not count in Docker; then as many as it has retries do.
        let times = (start + start_interval - 1) / start_interval;
        let mut block = probe(&test, start_interval, timeout, times + retries);
        let why = format!("start_period of {start} s, then {retries} retries.");
        block.entries.iter_mut().filter(|e| e.key == "failureThreshold").for_each(|e| e.above.push(why.clone()));
        block
    });
    Some(Health::Probes { readiness, startup })
}

fn probe(test: &Test, period: i64, timeout: i64, failures: i64) -> Block {
    let mut block = Block::new();
    match test {
        Test::Command(command) => {
            block.set("command", command.clone());
        }
        Test::Http { path, port, https: false } => {
            block.set("path", path.as_str());
            block.set("port", i64::from(*port));
        }
        Test::Http { path, port, https: true } => {
            let mut get = Block::new();
            get.set("path", path.as_str());
            get.set("port", i64::from(*port));
            get.set("scheme", "HTTPS");
            block.set("httpGet", Item::Map(get));
        }
    }
    block.set("periodSeconds", period);
    block.set("timeoutSeconds", timeout);
    block.set("failureThreshold", failures);
    block
}

/// A test that a shell runs.
fn shell(line: &str) -> Test {
    let simple = line.trim();
    let simple = ["|| exit 1", "|| exit 1;", "||exit 1", "|| false"].iter().find_map(|end| simple.strip_suffix(end));
    let simple = simple.unwrap_or(line).trim();
    let plain = !simple.contains(['|', '&', ';', '$', '`', '>', '<', '(']);
    let asked = if plain { words(simple).and_then(|w| http(&w)) } else { None };
    asked.unwrap_or_else(|| Test::Command(vec!["/bin/sh".to_owned(), "-c".to_owned(), line.to_owned()]))
}

/// A call of curl or wget that asks nothing but whether a page of the container itself is there.
fn http(command: &[String]) -> Option<Test> {
    let (program, arguments) = command.split_first()?;
    let program = program.rsplit('/').next()?;
    let silent: &[&str] = match program {
        "curl" => &[
            "-f",
            "--fail",
            "-s",
            "--silent",
            "-S",
            "--show-error",
            "-fs",
            "-sf",
            "-fsS",
            "-sSf",
            "-fSs",
            "-sS",
            "-L",
            "-k",
            "--insecure",
            "-fsSL",
            "-fk",
            "-kf",
        ],
        "wget" => &[
            "-q",
            "--quiet",
            "--spider",
            "-qO-",
            "-O-",
            "-nv",
            "--no-verbose",
            "--no-check-certificate",
            "--tries=1",
            "-t1",
        ],
        _ => return None,
    };
    let (options, urls): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|a| a.starts_with('-'));
    if !options.iter().all(|o| silent.contains(&o.as_str())) {
        return None;
    }
    let [url] = urls.as_slice() else { return None };
    let (https, rest) = match url.split_once("://") {
        Some(("http", rest)) => (false, rest),
        Some(("https", rest)) => (true, rest),
        Some(_) => return None,
        None => (false, url.as_str()),
    };
    let (host, path) = rest.find('/').map_or((rest, ""), |i| rest.split_at(i));
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()?),
        _ => (host, if https { 443 } else { 80 }),
    };
    let own = matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]");
    let path = if path.is_empty() { "/" } else { path };
    (own && !path.contains(char::is_whitespace)).then(|| Test::Http { path: path.to_owned(), port, https })
}

#[cfg(test)]
mod tests {
    use super::{Test, shell};

    #[test]
    fn calls_of_curl_and_wget_become_requests() {
        let get = |path: &str, port, https| Some(Test::Http { path: path.into(), port, https });
        for (line, want) in [
            ("curl -f http://localhost", get("/", 80, false)),
            ("curl -fsS http://127.0.0.1:8080/health?x=1 || exit 1", get("/health?x=1", 8080, false)),
            ("/usr/bin/curl --fail -k https://localhost/ready", get("/ready", 443, true)),
            ("wget -q --spider http://localhost:3000/api/health", get("/api/health", 3000, false)),
            ("wget -qO- localhost:9000/minio/health/live", get("/minio/health/live", 9000, false)),
            ("curl -f http://db:80/", None),
            ("curl -f http://localhost | grep ok", None),
            ("curl -X POST http://localhost", None),
            ("curl -f http://localhost:$PORT/", None),
            ("pg_isready -U app", None),
        ] {
            let command = Test::Command(vec!["/bin/sh".into(), "-c".into(), line.into()]);
            assert_eq!(shell(line), want.unwrap_or(command), "{line}");
        }
    }
}
