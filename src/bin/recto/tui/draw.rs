//! The screen. Every text of a page goes through `visible`, so that no control reaches the terminal; signs stand beside
//! colour, never colour alone. It must never change what it draws.

use super::app::{App, Ask, Mode};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};
use recto::report::{cut_head, cut_tail, visible, width};
use recto::review::{Item, State, UiLang};

/// Characters of the original shown around the change in the lower part.
const AROUND: usize = 240;

pub(super) fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    let [head, group, rule1, rows, rule2, texts, why, said, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(1),
        Constraint::Length(7),
        Constraint::Length(2),
        Constraint::Length(1),
        Constraint::Length(2),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(header(app, head.width)), head);
    frame.render_widget(Paragraph::new(group_line(app, group.width)), group);
    let line = if app.o.ascii { "-" } else { "─" };
    for r in [rule1, rule2] {
        frame.render_widget(Paragraph::new(line.repeat(usize::from(r.width))), r);
    }
    draw_rows(app, frame, rows);
    frame.render_widget(Paragraph::new(before_after(app, texts.width)), texts);
    frame.render_widget(Paragraph::new(reasons(app)).wrap(Wrap { trim: true }), why);
    draw_said(app, frame, said);
    frame.render_widget(Paragraph::new(key_lines(app)), keys);
    match &app.mode {
        Mode::Help => overlay(frame, area, help(app)),
        Mode::Explain => overlay(frame, area, explain(app)),
        Mode::Acts { at } => overlay(frame, area, acts(app, *at, usize::from(area.height).saturating_sub(3))),
        _ => {}
    }
}

fn header(app: &App, columns: u16) -> Line<'static> {
    let all = app.s.queue().bundles.iter().filter(|b| !b.is_safe()).count();
    let left = app.s.left();
    let edits = app.s.items().iter().filter(|i| i.state.decided()).count();
    let minutes = app.minutes().map(|m| format!("  ~{m} min")).unwrap_or_default();
    let name = app.item().map_or(String::new(), |(n, _)| visible(&app.s.issue_of(n).name, false));
    let right = match app.o.lang {
        UiLang::En => {
            format!("decisions {}/{all}  edits {edits}/{}{minutes}  q quits", all - left, app.s.items().len())
        }
        UiLang::Zh => format!("决定 {}/{all}  改动 {edits}/{}{minutes}  q 退出", all - left, app.s.items().len()),
    };
    let room = usize::from(columns).saturating_sub(width(&right) + 10);
    Line::from(vec![
        Span::styled(" recto  ", Style::default().add_modifier(Modifier::BOLD)),
        Span::raw(format!("{}  ", cut_head(&name, room).0)),
        Span::raw(right),
    ])
}

fn group_line(app: &App, columns: u16) -> Line<'static> {
    let Some((_, i)) = app.item() else { return Line::raw(app.o.lang.say("nothing")) };
    let name = rule_name(app, &i.rule);
    let kind = if app.concordance { app.o.lang.say("concordance") } else { app.o.lang.say("groups") };
    let scope = match app.scope.name() {
        "page" => "scope_page",
        "issue" => "scope_issue",
        _ => "scope_all",
    };
    let text = format!(
        " {kind} {}/{}  {name}  {}  {} {} / A = {} ({})",
        app.at + 1,
        app.list.len(),
        i.group.class.as_deref().unwrap_or(""),
        if app.o.ascii { "n =" } else { "×" },
        app.rows.len(),
        if i.protected.is_some() { 1 } else { app.reach() },
        app.o.lang.say(scope)
    );
    Line::styled(cut_head(&text, usize::from(columns)).0.to_owned(), Style::default().add_modifier(Modifier::BOLD))
}

fn rule_name(app: &App, id: &str) -> String {
    match recto::rules::find(id) {
        Some(r) if app.o.lang == UiLang::Zh => format!("{} {id}", r.name_zh),
        _ => id.to_owned(),
    }
}

fn sign(app: &App, state: State) -> &'static str {
    match (state, app.o.ascii) {
        (State::Accepted, false) => "✓",
        (State::Accepted, true) => "+",
        (State::Rejected, false) => "✗",
        (State::Rejected, true) => "x",
        (State::Edited, _) => "e",
        (State::Doubt, _) => "?",
        (State::Stale, _) => "!",
        (State::Proposed, _) => "p",
        _ => " ",
    }
}

fn deleted(app: &App) -> Style {
    let s = Style::default().add_modifier(Modifier::CROSSED_OUT);
    if app.o.colour { s.fg(Color::Red) } else { s }
}

fn inserted(app: &App) -> Style {
    let s = Style::default().add_modifier(Modifier::UNDERLINED);
    if app.o.colour { s.fg(Color::Green) } else { s }
}

fn draw_rows(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.height);
    let first = app.row.saturating_sub(room / 2).min(app.rows.len().saturating_sub(room));
    let lines: Vec<Line<'static>> =
        (first..app.rows.len().min(first + room)).map(|r| row_line(app, r, usize::from(area.width))).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn row_line(app: &App, r: usize, columns: usize) -> Line<'static> {
    let n = app.rows[r];
    let i = &app.s.items()[n];
    let original = app.s.original(n);
    let (before, after) = app.texts(n);
    let cursor = match (r == app.row, app.o.ascii) {
        (true, false) => "▸",
        (true, true) => ">",
        (false, _) => " ",
    };
    let tick = if app.ticked.contains(&n) { "*" } else { " " };
    let lead = format!("{cursor}{tick}{} {:>4}:{:<3} ", sign(app, i.state), i.line, i.column);
    let p = i.p.map(|p| format!(" {p:.2}")).unwrap_or_default();
    let tail = format!("{p}{}", i.protected.map(|w| format!(" [{w}]")).unwrap_or_default());
    let blank = |t: &str| !t.is_empty() && t.chars().all(char::is_whitespace);
    let middle = columns.saturating_sub(width(&lead) + width(&tail) + 9) / 2;
    let shown = |t: &str| {
        let v = visible(t, blank(t));
        let (head, cut) = cut_head(&v, middle.max(6));
        format!("{head}{}", if cut { "…" } else { "" })
    };
    let (del, ins) = (shown(&before), shown(&after));
    let used = width(&lead) + width(&tail) + width(&del) + width(&ins) + 9;
    let side = columns.saturating_sub(used) / 2;
    let span = i.span();
    let left: String = last_chars(original, span.start(), side + 1);
    let left = cut_tail(&left, side).0.to_owned();
    let right: String = original[span.end()..].chars().take(side + 1).collect();
    let right = cut_head(&visible(&right, false), side).0.to_owned();
    let mut spans = vec![Span::raw(lead), Span::raw(left)];
    if !del.is_empty() {
        spans.push(Span::styled(format!("[-{del}-]"), deleted(app)));
    }
    if !ins.is_empty() {
        spans.push(Span::styled(format!("{{+{ins}+}}"), inserted(app)));
    }
    spans.extend([Span::raw(right), Span::raw(tail)]);
    let line = Line::from(spans);
    if r == app.row { line.patch_style(Style::default().add_modifier(Modifier::BOLD)) } else { line }
}

/// The last characters before a place, made visible.
fn last_chars(text: &str, end: usize, n: usize) -> String {
    let mut c: Vec<char> = text[..end].chars().rev().take(n).collect();
    c.reverse();
    visible(&c.into_iter().collect::<String>(), false)
}

fn first_chars(text: &str, start: usize, n: usize) -> String {
    visible(&text[start..].chars().take(n).collect::<String>(), false)
}

/// Lines that the text before a change has, and the text after it.
const TEXT_LINES: usize = 3;
/// Columns of the name before those lines.
const NAME_COLUMNS: usize = 10;

fn before_after(app: &App, columns: u16) -> Vec<Line<'static>> {
    let Some((n, i)) = app.item() else { return Vec::new() };
    let original = app.s.original(n);
    let (before, after) = app.texts(n);
    let span = i.span();
    let inner = usize::from(columns).saturating_sub(NAME_COLUMNS).max(8);
    // A wide character that no longer fits leaves a column free at the end of each line.
    let room = TEXT_LINES * (inner - 1);
    let (left, right) = (last_chars(original, span.start(), AROUND / 2), first_chars(original, span.end(), AROUND / 2));
    let bar = if app.o.ascii { "|" } else { "│" };
    let mut out = Vec::new();
    let mut lines = |name: &str, text: &str, marks: (&str, &str), style: Style| {
        let shown = visible(text, text.chars().all(char::is_whitespace));
        let (head, more) = cut_head(&shown, room / 2);
        let marked = if text.is_empty() {
            String::new()
        } else {
            format!("{}{head}{}{}", marks.0, if more { "…" } else { "" }, marks.1)
        };
        let free = room.saturating_sub(width(&marked));
        let left = cut_tail(&left, free - free / 2).0;
        let right = cut_head(&right, free.saturating_sub(width(left))).0;
        let pieces = [(left, Style::default()), (marked.as_str(), style), (right, Style::default())];
        for (k, spans) in wrapped(&pieces, inner).into_iter().enumerate() {
            let name = if k == 0 { name } else { "" };
            let pad = " ".repeat((NAME_COLUMNS - 2).saturating_sub(width(name)));
            out.push(Line::from_iter(std::iter::once(Span::raw(format!("{name}{pad}{bar} "))).chain(spans)));
        }
    };
    lines(app.o.lang.say("before"), &before, ("[-", "-]"), deleted(app));
    lines(app.o.lang.say("after"), &after, ("{+", "+}"), inserted(app));
    out.push(Line::raw(format!("{}:{}:{}  {}", visible(&i.page, false), i.line, i.column, i.id)));
    out
}

/// Pieces in lines of so many columns, cut between any two characters: Chinese has no spaces to cut at.
fn wrapped(pieces: &[(&str, Style)], columns: usize) -> Vec<Vec<Span<'static>>> {
    let (mut lines, mut used) = (vec![Vec::new()], 0);
    for (mut text, style) in pieces.iter().copied() {
        while !text.is_empty() {
            let (head, more) = cut_head(text, columns - used);
            if let Some(line) = lines.last_mut().filter(|_| !head.is_empty()) {
                line.push(Span::styled(head.to_owned(), style));
            }
            used += width(head);
            text = &text[head.len()..];
            if more {
                lines.push(Vec::new());
                used = 0;
            }
        }
    }
    lines
}

fn reasons(app: &App) -> Line<'static> {
    let Some((_, i)) = app.item() else { return Line::default() };
    let mut all: Vec<String> = i.reasons.iter().map(|r| visible(r, false)).collect();
    all.insert(0, app.o.lang.say(i.state.name()).to_owned());
    all.extend(i.protected.map(|p| format!("{}: {p}", app.o.lang.say("single"))));
    all.extend(i.note.as_ref().map(|n| format!("{}: {}", app.o.lang.say("note"), visible(n, false))));
    Line::raw(all.join("; "))
}

fn draw_said(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Mode::Typing { ask, text, cursor } = &app.mode else {
        let said = if app.mode == Mode::Always { always_line(app) } else { app.said.clone() };
        let said = visible(&said, false);
        frame.render_widget(Paragraph::new(cut_head(&said, usize::from(area.width)).0.to_owned()), area);
        return;
    };
    let name = match ask {
        Ask::Edit => "own_text",
        Ask::Doubt => "why_doubt",
        Ask::Search => "search",
        Ask::Filter => "filter",
        Ask::Goto => "goto",
    };
    let lead = format!("{}: ", app.o.lang.say(name));
    let typed: String = text.iter().take(*cursor).collect();
    let rest: String = text.iter().skip(*cursor).collect();
    let room = usize::from(area.width).saturating_sub(width(&lead) + 1);
    let typed = visible(&typed, true);
    let (typed, _) = cut_tail(&typed, room);
    let at = width(&lead) + width(typed);
    frame.render_widget(Paragraph::new(format!("{lead}{typed}{}", visible(&rest, true))), area);
    let x = area.x + u16::try_from(at).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    frame.set_cursor_position(Position::new(x, area.y));
}

/// What *always* would do, before its key is pressed.
pub(super) fn always_line(app: &App) -> String {
    let (accepted, rejected) = app.always_reach();
    let say = |name| app.o.lang.say(name);
    format!("{}: [a] {} {accepted}, [r] {} {rejected}", say("always"), say("key_a"), say("key_r"))
}

fn key_lines(app: &App) -> Vec<Line<'static>> {
    match app.o.lang {
        UiLang::En => vec![
            Line::raw("[a]ccept [r]eject [s]kip [e]dit [d]oubt [A][R][S] group [w] scope [u]ndo [U]acts"),
            Line::raw("[j][k]next [J][K]any [g]o [c]oncord [/]find [f]ilter [p]always [x]why [?] [q]uit"),
        ],
        UiLang::Zh => vec![
            Line::raw("[a]接受 [r]拒绝 [s]跳过 [e]改写 [d]存疑 [A][R][S]整组 [w]范围 [u]撤销 [U]记录"),
            Line::raw("[j][k]未决 [J][K]任一 [g]转到 [c]出处 [/]查 [f]筛选 [p]总是 [x]解释 [?] [q]退出"),
        ],
    }
}

fn overlay(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'static>>) {
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
}

fn help(app: &App) -> Vec<Line<'static>> {
    const ROWS: &[(&str, &str)] = &[
        ("a y Enter", "key_a"),
        ("r n", "key_r"),
        ("s", "key_s"),
        ("Space", "key_space"),
        ("1 2 3", "key_123"),
        ("A R S", "help_group"),
        ("w", "key_w"),
        ("e", "key_e"),
        ("d", "key_d"),
        ("u U", "help_undo"),
        ("j k J K g", "help_move"),
        ("c x", "help_panes"),
        ("/ f", "help_search"),
        ("p", "help_always"),
        ("Esc", "help_escape"),
        ("q", "quit"),
    ];
    ROWS.iter().map(|(k, m)| Line::raw(format!("  {k:<12}{}", app.o.lang.say(m)))).collect()
}

fn explain(app: &App) -> Vec<Line<'static>> {
    let Some((n, i)) = app.item() else { return Vec::new() };
    let mut out = vec![Line::raw(visible(&app.s.what(n), false)), Line::default()];
    out.extend(item_reasons(i));
    for id in &i.rules {
        if let Some(r) = recto::rules::find(id) {
            out.push(Line::default());
            out.push(Line::raw(format!("{} ({})", r.id, r.name_zh)));
            out.push(Line::raw(r.doc.trim().replace('\n', " ")));
        }
    }
    out
}

fn item_reasons(i: &Item) -> Vec<Line<'static>> {
    i.reasons.iter().map(|r| Line::raw(format!("  {}", visible(r, false)))).collect()
}

fn acts(app: &App, at: usize, room: usize) -> Vec<Line<'static>> {
    let gone = app.s.log().undone();
    let stale: std::collections::HashSet<&str> = app.s.stale_acts().collect();
    let first = at.saturating_sub(room / 2);
    let line = |(n, d): (usize, &recto::review::Decision)| {
        // Taken back, or without a place: asked again.
        let taken = match d.act.as_str() {
            a if gone.contains(a) => "-",
            a if stale.contains(a) => "!",
            _ => " ",
        };
        let cursor = if n == at { ">" } else { " " };
        Line::raw(format!("{cursor}{taken} {}", crate::commands::summary(d)))
    };
    let title = Line::raw(format!("{}  (u {}, Esc)", app.o.lang.say("acts"), app.o.lang.say("undo")));
    std::iter::once(title).chain(app.s.log().acts().iter().rev().enumerate().skip(first).take(room).map(line)).collect()
}
