//! What each key does. Escape goes back and never decides.

use super::app::{App, Ask, Mode};
use crate::exit::Failure;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use recto::review::{Op, Scope};

/// Does what a key means; true where the review ends.
pub(super) fn key(app: &mut App, k: KeyEvent) -> Result<bool, Failure> {
    if k.modifiers.contains(KeyModifiers::CONTROL) {
        return Ok(k.code == KeyCode::Char('c') && app.mode == Mode::Queue);
    }
    if app.mode == Mode::Queue {
        app.said.clear();
    }
    app.sync()?;
    match app.mode.clone() {
        Mode::Typing { ask, .. } => typing(app, ask, k.code).map(|()| false),
        Mode::Acts { at } => acts(app, at, k.code).map(|()| false),
        Mode::Help | Mode::Explain => {
            app.mode = Mode::Queue;
            Ok(false)
        }
        Mode::Always => always(app, k.code).map(|()| false),
        Mode::Queue => queue(app, k.code),
    }
}

fn queue(app: &mut App, code: KeyCode) -> Result<bool, Failure> {
    match code {
        KeyCode::Char('q') => return Ok(true),
        KeyCode::Char('a' | 'y') | KeyCode::Enter => app.decide(Op::Accept, None)?,
        KeyCode::Char('r' | 'n') => app.decide(Op::Reject, None)?,
        KeyCode::Char(' ') if app.concordance => {
            if let Some((n, _)) = app.item()
                && !app.ticked.remove(&n)
            {
                app.ticked.insert(n);
            }
        }
        KeyCode::Char('s' | ' ') => app.step(true, false),
        KeyCode::Char('A') => app.decide_group(Op::Accept, 'A')?,
        KeyCode::Char('R') => app.decide_group(Op::Reject, 'R')?,
        KeyCode::Char('S') => app.next_bundle(),
        KeyCode::Char('e') => {
            if let Some((n, _)) = app.item() {
                let text: Vec<char> = app.texts(n).1.chars().collect();
                app.mode = Mode::Typing { ask: Ask::Edit, cursor: text.len(), text };
            }
        }
        KeyCode::Char('d') => ask(app, Ask::Doubt, ""),
        KeyCode::Char('/') => ask(app, Ask::Search, ""),
        KeyCode::Char('f') => {
            let now = app.filter.clone();
            ask(app, Ask::Filter, &now);
        }
        KeyCode::Char('g') => ask(app, Ask::Goto, ""),
        KeyCode::Char('u') => app.undo(None)?,
        KeyCode::Char('U') => app.mode = Mode::Acts { at: 0 },
        KeyCode::Char('j') => app.step(true, false),
        KeyCode::Char('k') => app.step(false, false),
        KeyCode::Char('J') | KeyCode::Down => app.step(true, true),
        KeyCode::Char('K') | KeyCode::Up => app.step(false, true),
        KeyCode::PageDown | KeyCode::Right => {
            let next = (app.at + 1).min(app.list.len().saturating_sub(1));
            app.enter(next);
        }
        KeyCode::PageUp | KeyCode::Left => {
            let back = app.at.saturating_sub(1);
            app.enter(back);
        }
        KeyCode::Char('c') => app.toggle_concordance(),
        KeyCode::Char('w') => app.next_scope(),
        KeyCode::Char('1') => app.scope = Scope::Page,
        KeyCode::Char('2') => app.scope = Scope::Issue,
        KeyCode::Char('3') => app.scope = Scope::All,
        KeyCode::Char('p') => app.mode = Mode::Always,
        KeyCode::Char('i' | 'o') => app.said = "-".into(),
        KeyCode::Char('x') => app.mode = Mode::Explain,
        KeyCode::Char('?') => app.mode = Mode::Help,
        KeyCode::Esc if app.concordance => app.toggle_concordance(),
        KeyCode::Esc => {
            app.query.clear();
            app.filter.clear();
            app.sift();
        }
        _ => {}
    }
    Ok(false)
}

/// Only a letter decides; any other key goes back.
fn always(app: &mut App, code: KeyCode) -> Result<(), Failure> {
    app.mode = Mode::Queue;
    match code {
        KeyCode::Char('a') => app.always(Op::Accept),
        KeyCode::Char('r') => app.always(Op::Reject),
        _ => Ok(()),
    }
}

fn ask(app: &mut App, ask: Ask, start: &str) {
    let text: Vec<char> = start.chars().collect();
    app.mode = Mode::Typing { ask, cursor: text.len(), text };
}

fn typing(app: &mut App, ask: Ask, code: KeyCode) -> Result<(), Failure> {
    let Mode::Typing { text, cursor, .. } = &mut app.mode else { return Ok(()) };
    match code {
        KeyCode::Esc => app.mode = Mode::Queue,
        KeyCode::Left => *cursor = cursor.saturating_sub(1),
        KeyCode::Right => *cursor = (*cursor + 1).min(text.len()),
        KeyCode::Home => *cursor = 0,
        KeyCode::End => *cursor = text.len(),
        KeyCode::Backspace if *cursor > 0 => {
            *cursor -= 1;
            text.remove(*cursor);
        }
        KeyCode::Delete if *cursor < text.len() => {
            text.remove(*cursor);
        }
        KeyCode::Char(c) => {
            text.insert(*cursor, c);
            *cursor += 1;
        }
        KeyCode::Enter => {
            let done: String = text.iter().collect();
            app.mode = Mode::Queue;
            match ask {
                Ask::Edit => app.own_text(&done)?,
                Ask::Doubt => app.decide(Op::Doubt, Some(done).filter(|d| !d.is_empty()))?,
                Ask::Search => {
                    app.query = done;
                    app.at = 0;
                    app.sift();
                }
                Ask::Filter => {
                    app.filter = done;
                    app.at = 0;
                    app.sift();
                }
                Ask::Goto => app.go_to(&done),
            }
        }
        _ => {}
    }
    Ok(())
}

fn acts(app: &mut App, at: usize, code: KeyCode) -> Result<(), Failure> {
    let all = app.s.log().acts().len();
    match code {
        KeyCode::Esc | KeyCode::Char('q' | 'U') => app.mode = Mode::Queue,
        KeyCode::Down | KeyCode::Char('j' | 'J') => app.mode = Mode::Acts { at: (at + 1).min(all.saturating_sub(1)) },
        KeyCode::Up | KeyCode::Char('k' | 'K') => app.mode = Mode::Acts { at: at.saturating_sub(1) },
        KeyCode::Char('u') | KeyCode::Enter => {
            let act = app.s.log().acts().iter().rev().nth(at).map(|d| d.act.clone());
            app.undo(act)?;
        }
        _ => {}
    }
    Ok(())
}
