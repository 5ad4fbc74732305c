//! What a queue does, event by event.

use chartwright_protocol::ChartInfo;

use super::*;

type Text = &'static str;

/// A queue and what it answered so far.
struct Bench {
    queue: Queue<Text>,
    next: u32,
    /// The last post.
    post: u32,
    done: Vec<String>,
}

impl Bench {
    fn new() -> Bench {
        Bench { queue: Queue::new(Options::default()), next: 0, post: 0, done: Vec::new() }
    }

    /// What was done since.
    fn done(&mut self) -> String {
        std::mem::take(&mut self.done).join("; ")
    }

    fn event(&mut self, event: Event<Text>) -> &mut Bench {
        for action in self.queue.update(event) {
            match action {
                Action::Start(kit) => self.done.push(format!("start {kit:?}")),
                Action::Stop => self.done.push("stop".into()),
                Action::Post(post) => {
                    self.post = post.post;
                    self.done.push(format!("post {}", post.message.parts.join("+")));
                }
                Action::Watch(post, _) => self.post = post,
                Action::Answer(id, reply, parts) => {
                    let reply = match reply {
                        Reply::Failed(failure) => format!("{}: {}", failure.kind, failure.message),
                        Reply::Loaded(chart) => format!("loaded {}", chart.digest),
                        reply => format!("{reply:?}"),
                    };
                    let parts = parts.iter().map(|part| format!(" {part}")).collect::<String>();
                    self.done.push(format!("{id} {reply}{parts}"));
                }
            }
        }
        self
    }

    fn message(&mut self, lane: Option<Lane>, request: Request, part: Text) -> &mut Bench {
        self.next += 1;
        self.event(Event::Ask(self.next, lane, Message { request, parts: vec![part], bytes: part.len() }))
    }

    fn ask(&mut self, part: Text) -> &mut Bench {
        self.message(None, Request::Render, part)
    }

    fn newest(&mut self, lane: u32, part: Text) -> &mut Bench {
        self.message(Some(Lane(lane)), Request::Render, part)
    }

    fn load(&mut self, part: Text) -> &mut Bench {
        self.message(None, Request::Load { name: part.into(), files: Vec::new() }, part)
    }

    fn answer(&mut self, reply: Reply) -> &mut Bench {
        self.event(Event::Answer(self.post, reply, vec!["text"]))
    }

    fn loaded(&mut self, digest: &str) -> &mut Bench {
        self.answer(Reply::Loaded(Box::new(ChartInfo { digest: digest.into(), ..ChartInfo::default() })))
    }

    fn unknown(&mut self, digest: &str) -> &mut Bench {
        let message = format!("the archive {digest} was not given yet");
        self.answer(Reply::Failed(Failure::new(FailureKind::UnknownDigest, message)))
    }

    fn started() -> Bench {
        let mut bench = Bench::new();
        bench.event(Event::Want(Kit::Charts)).event(Event::Started).done();
        bench
    }
}

#[test]
fn the_first_request_starts_the_worker() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("a").done(), "start Charts");
    assert_eq!(bench.queue.state(), State::Starting);
    assert_eq!(bench.event(Event::Started).done(), "post a");
    assert_eq!(bench.queue.state(), State::Busy);
    assert_eq!(bench.answer(Reply::Packed).done(), "1 Packed text");
    assert_eq!(bench.queue.state(), State::Idle);
}

#[test]
fn order_is_kept_and_the_newest_of_a_lane_wins() {
    let mut bench = Bench::started();
    bench.newest(0, "a").newest(0, "b").ask("other").newest(1, "x").newest(0, "c");
    assert_eq!(bench.done(), "post a; 2 Superseded");
    assert_eq!(bench.answer(Reply::Packed).done(), "1 Packed text; post other");
    assert_eq!(bench.answer(Reply::Packed).done(), "3 Packed text; post x");
    assert_eq!(bench.answer(Reply::Packed).done(), "4 Packed text; post c");
    assert_eq!(bench.answer(Reply::Packed).done(), "5 Packed text");
}

#[test]
fn answers_of_workers_that_are_gone_are_not_taken() {
    let mut bench = Bench::started();
    bench.ask("a");
    let old = bench.post;
    bench.event(Event::Overdue(old)).event(Event::Started).ask("b").done();
    assert_eq!(bench.event(Event::Answer(old, Reply::Packed, vec![])).done(), "");
    assert_eq!(bench.event(Event::Overdue(old)).done(), "");
    assert_eq!(bench.answer(Reply::Packed).done(), "2 Packed text");
}

#[test]
fn nobody_waits() {
    let mut bench = Bench::started();
    bench.ask("a").ask("b").ask("c").event(Event::Drop(1)).event(Event::Drop(2)).done();
    assert_eq!(bench.answer(Reply::Packed).done(), "post c");
}

#[test]
fn a_broken_worker_is_replaced() {
    let trap = |error: &str, panic: Option<&str>, memory| {
        Event::Trapped(Trap { error: error.into(), panic: panic.map(Into::into), memory })
    };
    let mut bench = Bench::started();
    for (event, says) in [
        (
            trap("RuntimeError: unreachable", Some("panicked at x.rs: no"), 1),
            "panic: the engine broke, which is a bug in it; it was started anew: panicked at x.rs: no",
        ),
        (
            trap("RuntimeError: memory access out of bounds", None, 1),
            "panic: the engine broke, which is a bug in it; it was started anew: RuntimeError: memory access out of bounds",
        ),
        (
            trap("RuntimeError: unreachable executed", None, 1),
            "limit/memory: the render needs more memory than the page may use (1 GiB), and was stopped",
        ),
        (
            trap("RuntimeError: unreachable", None, 1 << 30),
            "limit/memory: the render needs more memory than the page may use (1 GiB), and was stopped",
        ),
        (
            trap("RangeError: Maximum call stack size exceeded", None, 1),
            "limit/depth: the render nests deeper than the browser allows, and was stopped",
        ),
    ] {
        bench.ask("a").ask("b").done();
        let first = bench.next - 1;
        assert_eq!(bench.event(event).done(), format!("{first} {says}; start Charts"));
        assert_eq!(bench.event(Event::Started).done(), "post b");
        assert_eq!(bench.answer(Reply::Packed).done(), format!("{} Packed text", bench.next));
    }
    bench.ask("a").done();
    let post = bench.post;
    let says = "limit/time: it took longer than 5 s, and was stopped; start Charts";
    assert_eq!(bench.event(Event::Overdue(post)).done(), format!("{} {says}", bench.next));
}

#[test]
fn a_worker_that_is_full_is_replaced() {
    let mut bench = Bench::started();
    bench.ask("a").ask("b").done();
    let full = contract::Failure::new(contract::FailureKind::LimitMemory, "exceeded");
    assert_eq!(bench.answer(Reply::Failed(full)).done(), "1 limit/memory: exceeded text; start Charts");
    assert_eq!(bench.event(Event::Started).done(), "post b");
}

#[test]
fn a_start_that_fails_fails_what_waits_and_is_tried_again() {
    let mut bench = Bench::new();
    bench.ask("a").ask("b").done();
    let says = "internal: the engine could not be started: 404";
    assert_eq!(bench.event(Event::NotStarted("404".into())).done(), format!("stop; 1 {says}; 2 {says}"));
    assert_eq!(bench.ask("c").done(), "start Charts");
    let start = bench.post;
    assert!(bench.event(Event::Overdue(start)).done().contains("longer than 60 s"));
    bench.ask("d").done();
    let trap = Trap { error: "its script cannot be loaded".into(), ..Trap::default() };
    let says = "internal: the engine could not be started: its script cannot be loaded";
    assert!(bench.event(Event::Trapped(trap)).done().ends_with(says));
    assert_eq!(bench.queue.state(), State::None);
}

#[test]
fn what_needs_more_gets_the_large_engine() {
    let mut bench = Bench::started();
    bench.ask("descriptor").ask("b").done();
    assert_eq!(bench.answer(Reply::NeedsModules).done(), "start Modules");
    assert_eq!(bench.event(Event::Started).done(), "post descriptor");
    assert!(bench.answer(Reply::NeedsModules).done().starts_with("1 internal: "));
    assert_eq!(bench.answer(Reply::Packed).done(), "2 Packed text");
    assert_eq!(bench.event(Event::Want(Kit::Charts)).done(), "");
}

#[test]
fn charts_are_rendered_where_the_large_engine_is_missing() {
    let mut bench = Bench::started();
    bench.ask("descriptor").ask("chart").done();
    bench.answer(Reply::NeedsModules).done();
    let says = bench.event(Event::NotStarted("offline".into())).done();
    assert_eq!(says, "stop; 1 internal: the engine could not be started: offline; start Charts");
    assert_eq!(bench.event(Event::Started).done(), "post chart");
}

#[test]
fn what_was_begun_moves_to_the_larger_engine() {
    let mut bench = Bench::started();
    assert_eq!(bench.ask("a").event(Event::Want(Kit::Modules)).done(), "post a; start Modules");
    assert_eq!(bench.event(Event::Started).done(), "post a");
}

#[test]
fn charts_are_loaded_again() {
    let mut bench = Bench::started();
    bench.load("one").loaded("sha256:1").load("two").loaded("sha256:2").ask("a").done();
    let post = bench.post;
    bench.event(Event::Overdue(post)).event(Event::Started).ask("b").done();
    assert_eq!(bench.unknown("sha256:2").done(), "post two");
    assert_eq!(bench.loaded("sha256:2").done(), "post b");
    assert_eq!(bench.unknown("sha256:1").done(), "post one");
    assert_eq!(bench.loaded("sha256:1").done(), "post b");
    // Each only once, and not what was never there.
    assert!(bench.unknown("sha256:1").done().starts_with("4 unknown-digest: "));
    bench.ask("c").done();
    assert!(bench.unknown("sha256:3").done().starts_with("5 unknown-digest: "));
}

#[test]
fn only_so_many_bytes_of_charts_are_kept() {
    let mut bench = Bench::started();
    bench.queue.options.keep = 4;
    bench.load("one").loaded("sha256:1").load("two").loaded("sha256:2").ask("a").done();
    assert!(bench.unknown("sha256:1").done().starts_with("3 unknown-digest: "));
    bench.ask("b").done();
    assert_eq!(bench.unknown("sha256:2").done(), "post two");
}

#[test]
fn everything_can_be_cancelled() {
    let mut bench = Bench::started();
    bench.ask("a").ask("b").done();
    let says = "cancelled: the request was cancelled";
    assert_eq!(bench.event(Event::Cancel).done(), format!("1 {says}; 2 {says}; start Charts"));
    assert_eq!(bench.event(Event::Started).event(Event::Cancel).done(), "");
}
