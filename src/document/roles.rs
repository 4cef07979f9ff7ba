//! Roles of lines: headline, byline, dateline, caption, list and so on, from shape, words and neighbours.
//!
//! A role is evidence for the stages, not a verdict. It must never depend on what a stage did.

use super::layout::{Layout, Shape, ends_sentence};
use super::phrases::{Phrases, matches};
use super::{Document, blocks, measure::Measure};
use crate::text::lists::{self, Characters};
use crate::text::script::{is_closing, is_han, is_latin, is_opening};
use std::sync::LazyLock;

/// What a line may be.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Role {
    /// Running text, or nothing known.
    #[default]
    Body,
    /// A line of a headline, kicker or deck: it stands before a byline or the start of a story.
    Headline,
    /// A short line without a final mark between paragraphs.
    Subhead,
    /// Names of those who wrote, on a line of their own.
    Byline,
    /// First line of a story: agency, place and date.
    Dateline,
    /// Words to a picture.
    Caption,
    /// An item of a list.
    List,
    /// A row of a table.
    Table,
    /// A line of a poem.
    Verse,
    /// Second line of a headline: what it adds. A finer [`Role::Headline`].
    Deck,
    /// What stands over a headline: a series, a place, a theme. A finer [`Role::Headline`].
    Kicker,
    /// A line of an advertisement.
    Advertisement,
    /// Those who made the page, named in its margin.
    Credits,
    /// A page's number.
    Folio,
    /// A line that sends the reader to another page, or says from which one a story comes.
    JumpLine,
}

impl Role {
    /// True for what is set line by line: its lines are no parts of a paragraph, whatever their measure.
    pub fn keeps_its_lines(self) -> bool {
        matches!(self, Role::Table | Role::Verse | Role::Advertisement | Role::Credits | Role::Folio | Role::JumpLine)
    }

    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Body => "body",
            Role::Headline => "headline",
            Role::Subhead => "subhead",
            Role::Byline => "byline",
            Role::Dateline => "dateline",
            Role::Caption => "caption",
            Role::List => "list",
            Role::Table => "table",
            Role::Verse => "verse",
            Role::Deck => "deck",
            Role::Kicker => "kicker",
            Role::Advertisement => "advertisement",
            Role::Credits => "credits",
            Role::Folio => "folio",
            Role::JumpLine => "jump line",
        }
    }
}

/// What a line is, how sure that is and why.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub struct Reading {
    /// The role, as fine as the evidence allows: a deck where [`Shape::role`] says headline.
    pub role: Role,
    /// How sure, from 0 to 1: an estimate by kind of evidence, not measured yet; 0 where nothing is known.
    pub score: f32,
    /// The evidence in a few words.
    pub why: &'static str,
}

/// Longest line that is looked at for a byline, in em.
const BYLINE: f32 = 40.0;
/// Longest line of a headline, in em; a torn paragraph is longer.
const HEADLINE: f32 = 56.0;
/// A line with commas in it is taken for a headline up to this width only, in em.
const HEADLINE_WITH_COMMA: f32 = 24.0;
/// A subhead is at most this wide, in em.
const SUBHEAD: f32 = 22.0;
/// Characters at the start of a line in which a story's start is looked for.
const HEAD_CHARS: usize = 48;

/// The start of a line; of a Chinese one, whether it holds a character of any byline, dateline, caption or list of credits,
/// and one of any dateline: asked before any expression.
fn head(text: &str, zh: bool) -> (&str, [bool; 2]) {
    let end = text.char_indices().nth(HEAD_CHARS).map_or(text.len(), |(i, _)| i);
    let start = &text[..end];
    let holds = |keys: &Characters| zh && start.chars().any(|c| keys.contains(c));
    let any = holds(KEYS.0);
    (start, [any, any && holds(KEYS.1)])
}

/// What [`head`] looks for.
static KEYS: LazyLock<(&Characters, &Characters)> =
    LazyLock::new(|| (lists::characters("newsroom-key"), lists::characters("dateline-key")));

/// The role that a line shows by itself, and the evidence.
pub(super) fn own_reading(text: &str, m: &Measure) -> Reading {
    let is = |role, score, why| Reading { role, score, why };
    let zh = m.cjk;
    let (start, [zh_key, dateline_key]) = head(text, zh);
    let phrases = Phrases::shared(zh);
    // Specks and numbers hold no phrase, and most Chinese lines end here.
    if if zh { zh_key } else { start.chars().filter(|&c| is_latin(c)).nth(1).is_some() } {
        if (if zh { dateline_key } else { may_date(start) }) && matches(&phrases.dateline, start) {
            return is(Role::Dateline, 0.98, "opens with agency, place or date");
        }
        if m.width < BYLINE && !ends_sentence(text) && matches(&phrases.byline, text) {
            return is(Role::Byline, 0.97, "names who wrote");
        }
        if m.width < BYLINE && matches(&phrases.caption, text) {
            return is(Role::Caption, 0.9, "words of a picture's line");
        }
        if m.width < BYLINE && matches(&phrases.credits, text) {
            return is(Role::Credits, 0.95, "names the page's editors");
        }
    }
    if is_list_item(start) { is(Role::List, 0.85, "opens with an item's number or mark") } else { Reading::default() }
}

/// True where a line's start may hold a day or an agency in brackets, as every Latin dateline does.
fn may_date(start: &str) -> bool {
    start.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'(' | b'/'))
}

/// A line that opens with an item's number or mark.
fn is_list_item(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    if matches!(first, '•' | '●' | '■' | '◆' | '▲' | '★' | '○' | '□' | '◇' | '※' | '▪') {
        return true;
    }
    if ('①'..='⑳').contains(&first) {
        return true;
    }
    let digits = text.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).count();
    let then = text.chars().nth(digits);
    if matches!(first, '（' | '(' | '“') {
        let inner = text.trim_start_matches(['“', '（', '(']);
        let n = inner.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).count();
        return n > 0 && n < 3 && matches!(inner.chars().nth(n), Some('）' | ')'));
    }
    // A stop after a number or a letter, and a Han character: no decimal, no initial.
    let stop = |n: usize| {
        matches!(text.chars().nth(n), Some('.' | '．' | '、')) && text.chars().nth(n + 1).is_some_and(is_han)
    };
    if first.is_ascii_digit() && digits < 3 && stop(digits) || first.is_ascii_uppercase() && stop(1) {
        return true;
    }
    digits > 0 && digits < 3 && matches!(then, Some('、'))
        || (first.is_ascii_digit() && digits < 3 && matches!(then, Some(')' | '）')))
}

/// True where a line could belong to a headline by its shape: no final mark, not long, no sentence inside.
pub fn headline_shape(text: &str, m: &Measure) -> bool {
    let last = m.last;
    if m.width > HEADLINE || ends_sentence(text) && !matches!(last, '!' | '?' | '！' | '？') {
        return false;
    }
    if matches!(last, ',' | '，' | '、' | '；' | ';' | '：' | ':' | '-' | '\u{AD}') {
        return false;
    }
    let inner_stop = text.contains(['。', '；', ';']) || text.contains(". ");
    let comma = text.contains(['，', ',']) && m.cjk;
    !inner_stop && (!comma || m.width <= HEADLINE_WITH_COMMA)
}

/// Gives every line its role, from the line itself and then from its neighbours.
pub(super) fn assign(doc: &Document<'_>, layout: &mut Layout) {
    for shape in &mut layout.lines {
        shape.reading = own_reading(doc.slice(shape.measure.ink), &shape.measure);
        shape.role = shape.reading.role;
    }
    if layout.wrapped {
        running(doc, layout);
    }
    blocks::assign(doc, layout);
    let n = layout.lines.len();
    let wrapped = layout.wrapped;
    for i in 0..n {
        if !matches!(layout.lines[i].role, Role::Byline | Role::Dateline) {
            continue;
        }
        // A story starts here: unmarked lines right above it are its headline, deck and kicker.
        for k in (0..i).rev() {
            let shape = &layout.lines[k];
            let text = doc.slice(shape.measure.ink);
            let headline = shape.role == Role::Body && headline_shape(text, &shape.measure);
            // In a column, a full line with no space before the story's start may be the last line of the story above.
            let torn = wrapped && shape.slack().abs() < 1.0 && layout.lines[k + 1].blanks == 0 && i - k > 1;
            if !headline || torn || i - k > 6 || wrapped && runs_on(doc, layout, k) {
                break;
            }
            layout.lines[k].role = Role::Headline;
            layout.lines[k].reading =
                Reading { role: Role::Headline, score: 0.9, why: "stands over the start of a story" };
        }
        refine(doc, layout, i);
    }
    if !wrapped {
        subheads(doc, &mut layout.lines);
    }
}

/// Takes their role from lines that go on in mid-sentence what stands above them: a source or a name in brackets that ends
/// a story, the second line of a long dateline, a full line of text that happens to name a reporter.
fn running(doc: &Document<'_>, layout: &mut Layout) {
    for i in 1..layout.lines.len() {
        let (l, r) = (&layout.lines[i - 1], &layout.lines[i]);
        let (left, text) = (doc.slice(l.measure.ink), doc.slice(r.measure.ink));
        let below = layout.fills(i - 1) && r.blanks == 0;
        let open = !ends_sentence(left) && !left.ends_with(is_closing);
        let goes_on = match r.role {
            Role::Dateline => open && l.role == Role::Dateline || l.role == Role::Body && in_brackets(text),
            Role::Caption => l.role == Role::Body && in_brackets(text),
            Role::Byline => open && l.role == Role::Body && layout.fills(i) && !text.contains([' ', '/', '／', '本']),
            _ => false,
        };
        if below && r.measure.cjk && goes_on {
            layout.lines[i].role = Role::Body;
            layout.lines[i].reading = Reading::default();
        }
    }
}

/// True for a line that is one bracket and nothing else.
fn in_brackets(text: &str) -> bool {
    let inner = text.strip_prefix(is_opening).and_then(|t| t.trim_end_matches(['。', '.']).strip_suffix(is_closing));
    inner.is_some_and(|t| !t.contains(is_closing))
}

/// A full line right below a full line of prose in the same column: no headline is set so.
fn runs_on(doc: &Document<'_>, layout: &Layout, k: usize) -> bool {
    let Some(above) = k.checked_sub(1).map(|a| &layout.lines[a]) else { return false };
    let here = &layout.lines[k];
    let full = |s: &Shape| s.slack().abs() < 1.0;
    here.blanks == 0
        && full(here)
        && full(above)
        && (here.column - above.column).abs() < 1.0
        && above.role == Role::Body
        && !headline_shape(doc.slice(above.measure.ink), &above.measure)
}

/// Tells kicker and deck from the headline's main line, above the story that starts at line `start`: the kicker is in
/// brackets or ends with a colon, the deck has clauses parted by a space and is longer than the line above it.
fn refine(doc: &Document<'_>, layout: &mut Layout, start: usize) {
    let first = (0..start).rev().take_while(|&k| layout.lines[k].role == Role::Headline).last();
    let Some(first) = first.filter(|f| start - f > 1) else { return };
    for k in first..start {
        let text = doc.slice(layout.lines[k].measure.ink);
        let framed = text.starts_with(['【', '[', '〔', '［']) && text.ends_with(['】', ']', '〕', '］']);
        let reading = if k == first && (framed || text.ends_with(['：', ':', '—'])) {
            Reading { role: Role::Kicker, score: 0.8, why: "over the headline, set off by its marks" }
        } else if k > first
            && has_inner_space(text)
            && layout.lines[k].measure.width > layout.lines[k - 1].measure.width
        {
            Reading { role: Role::Deck, score: 0.7, why: "under the headline, longer, clauses parted by a space" }
        } else {
            continue;
        };
        layout.lines[k].reading = reading;
    }
}

/// Two or more short unmarked lines that stand together, apart from the paragraphs around them, are a subhead.
fn subheads(doc: &Document<'_>, lines: &mut [Shape]) {
    let spaced = 2 * lines.iter().filter(|s| s.blanks > 0).count() > lines.len();
    if !spaced {
        return;
    }
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && lines[to].blanks == 0 {
            to += 1;
        }
        let run = from..to;
        let short = |s: &Shape| {
            s.role == Role::Body && s.measure.width <= SUBHEAD && headline_shape(doc.slice(s.measure.ink), &s.measure)
        };
        if run.len() > 1 && run.len() < 4 && lines[run.clone()].iter().all(short) {
            let why = "short lines that stand together between paragraphs";
            for s in &mut lines[run] {
                s.role = Role::Subhead;
                s.reading = Reading { role: Role::Subhead, score: 0.8, why };
            }
        }
        from = to;
    }
}

/// True where a space stands between two Han characters: headlines and decks are set so, running text is not.
pub fn has_inner_space(text: &str) -> bool {
    let mut before = ' ';
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = before != ' ';
            continue;
        }
        if space && !is_latin(c) && !is_latin(before) && (is_han(c) || is_han(before)) && !c.is_ascii() {
            return true;
        }
        before = c;
        space = false;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::measure::{Face, measure};

    fn role(text: &str) -> Role {
        let m = measure(text, 0, Face::CjkHalf);
        own_reading(text, &m).role
    }

    #[test]
    fn bylines_and_datelines_are_seen() {
        for yes in [
            "本报记者 王文明 通讯员 李华",
            "日报记者/周嵩 通讯员/易鑫 许谦",
            "By Ruth Kendall",
            "Von Anna Scholz",
            "Par Jean Morel",
        ] {
            assert_eq!(role(yes), Role::Byline, "{yes}");
        }
        for yes in [
            "本报讯（记者 王文明）昨日",
            "某市日报·掌上某市讯(记者/胡文) 8月19日,",
            "新华社北京8月9日电 国务院",
            "本报江州10月15日电（记者",
        ] {
            assert_eq!(role(yes), Role::Dateline, "{yes}");
        }
        for no in [
            "记者在现场看到，队伍很长。",
            "这是记者第三次来到这里，",
            "By the time they came home",
            "Von da an ging es bergab",
            "他给新华社打了电话",
        ] {
            assert_eq!(role(no), Role::Body, "{no}");
        }
    }

    #[test]
    fn lines_above_a_story_are_its_headline() {
        let text = "工作取得实效。\n\n市里召开医师节座谈会\n\n弘扬精神 再立新功\n\n本报讯（记者 王文）昨日，市里召开座谈会。\n";
        let doc = Document::new(text, &[]);
        let roles: Vec<Role> = doc.layout().lines.iter().map(|s| s.role).collect();
        assert_eq!(roles, [Role::Body, Role::Headline, Role::Headline, Role::Dateline]);
    }

    #[test]
    fn what_ends_a_story_starts_none() {
        let p = "各地正忙着春季田管和\n春耕备耕工作并为完成全\n年粮食稳产保供目标任务\n打下坚实基础。\n".repeat(6);
        let text = format!("{p}当前正值冬小麦返青关键期\n农业部门派出技术人员来。\n（据新华社江州1月1日电）\n{p}");
        let doc = Document::new(&text, &[]);
        let layout = doc.layout();
        let at = layout.lines.iter().position(|s| doc.slice(s.measure.ink).starts_with('（'));
        assert!(layout.wrapped && at.is_some_and(|k| layout.lines[k].role == Role::Body));
        assert_eq!(role("归到大海的怀抱。（本报江州1月1日电）"), Role::Body);
    }

    #[test]
    fn a_space_between_han_is_no_space_beside_latin() {
        assert!(
            has_inner_space("弘扬精神 再立新功") && !has_inner_space("使用 iPhone 手机") && !has_inner_space("全系统")
        );
    }
}
