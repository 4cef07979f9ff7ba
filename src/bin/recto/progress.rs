//! Progress on stderr: the only file that names indicatif's bar. Without a terminal a plain line every ten seconds takes
//! the bar's place, with `--progress json` an object.

use crate::args::ProgressKind;
use crate::ui::Ui;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use recto::batch::{IssueReport, PageReport, Watcher};
use recto::report::{plural, visible};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Seconds between two plain lines.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// Time between two JSON objects: enough for a program that draws a bar, few enough for a log.
const JSON_EVERY: Duration = Duration::from_millis(500);

/// Changes of the bar's text a second; more only cost time.
const TEXT_EVERY: Duration = Duration::from_millis(100);

pub(crate) struct Progress<'u> {
    ui: &'u Ui,
    kind: ProgressKind,
    bar: ProgressBar,
    pages: u64,
    state: Mutex<State>,
}

struct State {
    phase: &'static str,
    done: u64,
    /// Pages of issues that an earlier run had done: they say nothing about the rate.
    before: u64,
    failed: u64,
    current: String,
    next: usize,
    waiting: BTreeMap<usize, Vec<String>>,
    last: Instant,
    text: Instant,
    started: Instant,
}

impl<'u> Progress<'u> {
    pub(crate) fn new(ui: &'u Ui, kind: ProgressKind, pages: usize) -> Self {
        let drawn = kind == ProgressKind::Auto && std::io::stderr().is_terminal() && !ui.quiet;
        let target = if drawn { ProgressDrawTarget::stderr_with_hz(15) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(pages as u64), target);
        let style =
            ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} pages  {per_sec}  {eta} left  {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix("reading");
        let now = Instant::now();
        let state = State {
            phase: "reading",
            done: 0,
            before: 0,
            failed: 0,
            current: String::new(),
            next: 0,
            waiting: BTreeMap::new(),
            last: now,
            text: now,
            started: now,
        };
        Self { ui, kind, bar, pages: pages as u64, state: Mutex::new(state) }
    }

    pub(crate) fn finish(&self) {
        if self.kind == ProgressKind::Json {
            let s = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            self.object(&s);
        }
        self.bar.finish_and_clear();
    }

    /// Begins the second pass.
    fn enter(&self, s: &mut State, phase: &'static str) {
        if s.phase != phase {
            (s.phase, s.done, s.started) = (phase, 0, Instant::now());
            self.bar.reset();
            self.bar.set_length(self.pages);
            self.bar.set_prefix(phase);
        }
    }

    fn tick(&self, s: &mut State) {
        self.bar.set_position(s.done);
        if s.text.elapsed() >= TEXT_EVERY {
            s.text = Instant::now();
            self.bar.set_message(format!("{}  {} failed", visible(&s.current, false), s.failed));
        }
        match self.kind {
            ProgressKind::Json if s.last.elapsed() >= JSON_EVERY => {
                s.last = Instant::now();
                self.object(s);
            }
            ProgressKind::Auto if self.bar.is_hidden() && s.last.elapsed() >= PLAIN_EVERY => {
                s.last = Instant::now();
                let (rate, left) = rate(s, self.pages);
                self.ui.say(&format!(
                    "{}: {} of {} pages, {} failed, {rate:.0} pages/s, {} left, at {}",
                    s.phase,
                    s.done,
                    self.pages,
                    s.failed,
                    left.map_or_else(|| "?".to_owned(), |s| format!("{s:.0} s")),
                    visible(&s.current, false)
                ));
            }
            _ => {}
        }
    }

    fn object(&self, s: &State) {
        let (rate, left) = rate(s, self.pages);
        let round = |x: f64| (x * 10.0).round() / 10.0;
        let object = serde_json::json!({
            "t": "progress", "phase": s.phase, "done": s.done, "pages": self.pages, "failed": s.failed,
            "rate": round(rate), "eta": left.map(round), "file": s.current,
        });
        let _ = writeln!(std::io::stderr().lock(), "{object}");
    }

    /// Lines of an issue, held back until all issues before it have been told: the order does not depend on threads.
    fn tell(&self, s: &mut State, number: usize, lines: Vec<String>) {
        s.waiting.insert(number, lines);
        while let Some(lines) = s.waiting.remove(&s.next) {
            s.next += 1;
            if self.kind == ProgressKind::Json {
                continue;
            }
            for l in lines {
                self.bar.suspend(|| self.ui.say(&l));
            }
        }
    }
}

/// Pages a second in this run, and the seconds that are left.
fn rate(s: &State, pages: u64) -> (f64, Option<f64>) {
    let rate = (s.done.saturating_sub(s.before)) as f64 / s.started.elapsed().as_secs_f64().max(0.001);
    (rate, (rate > 0.0).then(|| pages.saturating_sub(s.done) as f64 / rate))
}

impl Watcher for Progress<'_> {
    fn learning(&self, done: usize, _all: usize) {
        let Ok(mut s) = self.state.try_lock() else { return };
        s.done = done as u64;
        self.tick(&mut s);
    }

    fn begins(&self, first_page: &str) {
        let Ok(mut s) = self.state.lock() else { return };
        self.enter(&mut s, "cleaning");
        first_page.clone_into(&mut s.current);
        self.tick(&mut s);
    }

    fn issue(&self, number: usize, report: &IssueReport, before: bool) {
        let Ok(mut s) = self.state.lock() else { return };
        self.enter(&mut s, "cleaning");
        let n = report.pages.len() as u64;
        s.done += n;
        s.before += if before { n } else { 0 };
        s.failed += report.pages.iter().filter(|p| p.failure.is_some()).count() as u64;
        self.tick(&mut s);
        let lines = if before { Vec::new() } else { report_lines(report) };
        self.tell(&mut s, number, lines);
    }
}

/// One line per page: name, encoding, and what the issue's edits came to, on its first page.
fn report_lines(r: &IssueReport) -> Vec<String> {
    let total = |fate: &str| -> usize { r.counts.values().filter_map(|f| f.get(fate)).sum() };
    let sums =
        format!("{} applied, {} proposed, {}", total("applied"), total("proposed"), plural(total("flag"), "flag"));
    let line = |(n, p): (usize, &PageReport)| {
        let what = match (&p.failure, &p.damaged) {
            (Some(why), _) => format!("failed: {}", visible(why, false)),
            (None, Some(why)) => format!("damaged ({why}): kept whole, not cleaned"),
            (None, None) => format!("{}, {}", p.encoding, if n == 0 { sums.as_str() } else { "same issue" }),
        };
        format!("{}: {what}", visible(&p.path, false))
    };
    r.pages.iter().enumerate().map(line).collect()
}
