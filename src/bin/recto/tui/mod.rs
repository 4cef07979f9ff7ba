//! The terminal review: a screen for terminals that can, lines for those that cannot.
//!
//! It must never hold an act back: each one is on the disk before the next key is read.

mod acts;
mod app;
mod draw;
mod keys;
mod line;

use crate::exit::{Exit, Failure};
use app::App;
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend};
use recto::review::{Session, UiLang};
use recto::store::Layout;
use std::io::Write;
use std::path::PathBuf;

/// How the review is shown and where it writes.
pub(crate) struct Options {
    pub(crate) layout: Layout,
    /// Where *always* adds a line.
    pub(crate) words: PathBuf,
    pub(crate) lang: UiLang,
    pub(crate) ascii: bool,
    pub(crate) colour: bool,
    /// True where another sitting under the same name writes.
    pub(crate) read_only: bool,
}

/// Reviews at the terminal.
pub(crate) fn review(s: Session, o: Options) -> Result<Exit, Failure> {
    if std::env::var("TERM").is_ok_and(|t| t == "dumb") {
        return line::run(App::new(s, o));
    }
    screen(App::new(s, o))
}

fn screen(mut app: App) -> Result<Exit, Failure> {
    enable_raw_mode()?;
    let done = in_screen(&mut app);
    let left = disable_raw_mode();
    let mut out = std::io::stdout();
    ratatui::crossterm::execute!(out, LeaveAlternateScreen, ratatui::crossterm::cursor::Show)?;
    left?;
    done?;
    writeln!(out, "{}", app.farewell())?;
    Ok(Exit::Done)
}

fn in_screen(app: &mut App) -> Result<(), Failure> {
    ratatui::crossterm::execute!(std::io::stdout(), EnterAlternateScreen)?;
    let backend = CrosstermBackend::new(std::io::stdout());
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport: Viewport::Fullscreen })?;
    loop {
        terminal.draw(|frame| draw::draw(app, frame))?;
        match event::read()? {
            Event::Key(k) if k.kind != KeyEventKind::Release && keys::key(app, k)? => {
                return Ok(());
            }
            Event::Paste(text) => app.paste(&text),
            _ => {}
        }
    }
}
