//! The review line by line, for terminals that cannot draw. The same keys, each followed by Enter.

use super::app::App;
use super::draw::always_line;
use crate::exit::{Exit, Failure};
use recto::report::visible;
use recto::review::Op;
use std::io::{BufRead, Write};

pub(super) fn run(mut app: App) -> Result<Exit, Failure> {
    let stdin = std::io::stdin();
    let mut input = stdin.lock();
    let mut out = std::io::stdout();
    loop {
        show(&app, &mut out)?;
        write!(out, "[a/r/s/e/d/u/A/R/w/q/?] ")?;
        out.flush()?;
        let Some(answer) = read(&mut input)? else { break };
        app.said.clear();
        app.sync()?;
        let mut chars = answer.chars();
        // An empty line skips: only a letter decides.
        match chars.next() {
            Some('a' | 'y') => app.decide(Op::Accept, None)?,
            Some('r' | 'n') => app.decide(Op::Reject, None)?,
            Some('A') => app.decide_group(Op::Accept, 'A')?,
            Some('R') => app.decide_group(Op::Reject, 'R')?,
            Some('e') => {
                write!(out, "{}: ", app.o.lang.say("own_text"))?;
                out.flush()?;
                let Some(text) = read(&mut input)? else { break };
                app.own_text(&text)?;
            }
            Some('d') => {
                write!(out, "{}: ", app.o.lang.say("why_doubt"))?;
                out.flush()?;
                let Some(text) = read(&mut input)? else { break };
                app.decide(Op::Doubt, Some(text).filter(|t| !t.is_empty()))?;
            }
            Some('u') => app.undo(None)?,
            Some('w') => app.next_scope(),
            Some('k') => app.step(false, true),
            Some('S') => app.next_bundle(),
            Some('p') => {
                write!(out, "{} [a/r] ", always_line(&app))?;
                out.flush()?;
                match read(&mut input)?.as_deref() {
                    Some("a") => app.always(Op::Accept)?,
                    Some("r") => app.always(Op::Reject)?,
                    Some(_) => {}
                    None => break,
                }
            }
            Some('q') => break,
            Some('?') => writeln!(
                out,
                "a accept, r reject, s skip, e edit, d doubt, u undo, A R group, w scope, p always, q quit"
            )?,
            _ => app.step(true, true),
        }
    }
    writeln!(out, "{}", app.farewell())?;
    Ok(Exit::Done)
}

/// A line without its end; None at the end of the input.
fn read(input: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut line = String::new();
    Ok((input.read_line(&mut line)? > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
}

fn show(app: &App, out: &mut impl Write) -> Result<(), Failure> {
    if !app.said.is_empty() {
        writeln!(out, "{}", visible(&app.said, false))?;
    }
    let Some((n, i)) = app.item() else {
        writeln!(out, "{}", app.o.lang.say("nothing"))?;
        return Ok(());
    };
    let (before, after) = app.texts(n);
    let original = app.s.original(n);
    let span = i.span();
    let mut left: Vec<char> = original[..span.start()].chars().rev().take(12).collect();
    left.reverse();
    let right: String = original[span.end()..].chars().take(12).collect();
    let blank = |t: &str| t.chars().all(char::is_whitespace);
    writeln!(
        out,
        "{}/{} {} {} A={}\n  {}[-{}-]{{+{}+}}{}",
        app.at + 1,
        app.list.len(),
        app.s.what(n),
        app.o.lang.say(i.state.name()),
        app.reach(),
        visible(&left.into_iter().collect::<String>(), false),
        visible(&before, blank(&before)),
        visible(&after, blank(&after)),
        visible(&right, false)
    )?;
    Ok(())
}
