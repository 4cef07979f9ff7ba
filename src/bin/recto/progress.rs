//! Progress on stderr: the only file that names indicatif's bar. Nothing is shown where stderr is no terminal but a
//! plain line every ten seconds.

use crate::args::ProgressKind;
use crate::ui::Ui;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use recto::batch::{IssueReport, Watcher};
use recto::report::{plural, visible};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Seconds between two plain lines.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

pub(crate) struct Progress<'u> {
    ui: &'u Ui,
    kind: ProgressKind,
    bar: ProgressBar,
    pages: u64,
    state: Mutex<State>,
}

struct State {
    done: u64,
    failed: u64,
    next: usize,
    waiting: BTreeMap<usize, Vec<String>>,
    last: Instant,
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
        let state = State { done: 0, failed: 0, next: 0, waiting: BTreeMap::new(), last: now, started: now };
        Self { ui, kind, bar, pages: pages as u64, state: Mutex::new(state) }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn plain(&self, s: &mut State, what: &str) {
        let (done, all, failed) = (s.done, self.pages, s.failed);
        match self.kind {
            ProgressKind::Json => {
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "{}",
                    serde_json::json!({"t": "progress", "phase": what, "done": done, "pages": all, "failed": failed})
                );
            }
            ProgressKind::Auto if self.bar.is_hidden() && s.last.elapsed() >= PLAIN_EVERY => {
                let rate = done as f64 / s.started.elapsed().as_secs_f64().max(0.001);
                self.ui.say(&format!("{what}: {done} of {all} pages, {failed} failed, {rate:.0} pages/s"));
                s.last = Instant::now();
            }
            _ => {}
        }
    }

    /// Lines of an issue, held back until all issues before it have been told: the order does not depend on threads.
    fn tell(&self, s: &mut State, number: usize, lines: Vec<String>) {
        s.waiting.insert(number, lines);
        while let Some(lines) = s.waiting.remove(&s.next) {
            s.next += 1;
            for l in lines {
                self.bar.suspend(|| self.ui.say(&l));
            }
        }
    }
}

impl Watcher for Progress<'_> {
    fn learning(&self, done: usize, _all: usize) {
        self.bar.set_position(done as u64);
        if let (true, Ok(mut s)) = (self.kind == ProgressKind::Auto, self.state.lock()) {
            s.done = done as u64;
            self.plain(&mut s, "reading");
            s.done = 0;
        }
    }

    fn issue(&self, number: usize, report: &IssueReport) {
        let Ok(mut s) = self.state.lock() else { return };
        if s.done == 0 {
            self.bar.reset();
            self.bar.set_length(self.pages);
            self.bar.set_prefix("cleaning");
        }
        s.done += report.pages.len() as u64;
        s.failed += report.pages.iter().filter(|p| p.failure.is_some()).count() as u64;
        if let Some(p) = report.pages.first() {
            self.bar.set_message(format!("{}  {} failed", visible(&p.path, false), s.failed));
        }
        self.bar.set_position(s.done);
        self.plain(&mut s, "cleaning");
        let lines = report_lines(report);
        self.tell(&mut s, number, lines);
    }
}

/// One line per page: name, encoding, and what the issue's edits came to, on its first page.
fn report_lines(r: &IssueReport) -> Vec<String> {
    let total = |fate: &str| -> usize { r.counts.values().filter_map(|f| f.get(fate)).sum() };
    let sums =
        format!("{} applied, {} proposed, {}", total("applied"), total("proposed"), plural(total("flag"), "flag"));
    let line = |(n, p): (usize, &recto::batch::PageReport)| {
        let what = match (&p.failure, &p.decoding) {
            (Some(why), _) => format!("failed: {}", visible(why, false)),
            (None, Some(d)) if d.damaged => format!("damaged ({}): kept whole, not cleaned", d.why),
            (None, Some(d)) => format!("{}, {}", d.encoding, if n == 0 { sums.as_str() } else { "same issue" }),
            (None, None) => "not read".to_owned(),
        };
        format!("{}: {what}", visible(&p.path, false))
    };
    r.pages.iter().enumerate().map(line).collect()
}
