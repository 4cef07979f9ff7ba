//! What is asked of every line, read once: how it ends and starts, brackets, marks inside, gaps, jump marks, and how
//! far the paragraph that it stands in reaches by the ends that are sure.
//!
//! It must never look at two lines together, but for the distances, nor weigh anything.

use super::ceiling::reads_across;
use super::marks::{End, Start, end_of, start_of};
use super::rows::SetLines;
use crate::document::jumps::sets_off;
use crate::document::roles::has_inner_space;
use crate::document::{Document, Layout, Role, ends_sentence};
use crate::text::script::{is_closing, is_han_lead, is_opening};

/// A line that ends a sentence and stops this far from the edge, in em, surely ends its paragraph.
const SHORT: f32 = 3.0;
/// Lines beyond which a paragraph is not followed.
const FAR: u16 = 40;
/// Lines in which a sentence's ends are looked for.
const SENTENCE: usize = 8;
/// White space of that many characters may be a gap between columns.
const GAP: usize = 3;

/// What one line shows by itself.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(super) end: End,
    pub(super) start: Start,
    /// A bracket or quote is open at its end; one is closed that it did not open.
    pub(super) open: bool,
    pub(super) early: bool,
    /// A wide gap or a rule inside.
    pub(super) across: bool,
    /// A space between Han characters, as headlines have.
    pub(super) spaced: bool,
    /// A comma, semicolon or Chinese stop; a Chinese stop or semicolon before the end.
    pub(super) marked: bool,
    pub(super) stop_inside: bool,
    /// It ends a sentence.
    pub(super) ends: bool,
    /// It ends with a jump mark that is set off from the text.
    pub(super) jumps: bool,
    /// Lines of its paragraph up to it and from it on, itself counted, by the paragraph ends that are sure.
    pub(super) since: u16,
    pub(super) until: u16,
    /// Sentences that end in it.
    pub(super) stops: u16,
    /// Characters up to the first such end, and behind the last one that is not the line's own end.
    pub(super) head: u16,
    pub(super) tail: u16,
}

/// The facts of all inked lines of a document.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    pub(super) lines: Vec<Facts>,
    /// Mean number of lines of a paragraph between sure ends; 0 where there are none.
    pub(super) typical: f32,
    /// Rows, items and indents.
    pub(super) set: SetLines,
}

impl Sides {
    /// Characters of the sentence, or of its part, that ends with line `k`.
    pub(super) fn sentence_before(&self, k: usize) -> u16 {
        let mut n = 0;
        for f in self.lines[..=k].iter().rev().take(SENTENCE) {
            let last = n > 0;
            if last && f.ends {
                break;
            }
            n += f.tail;
            if f.stops > u16::from(!last && f.ends) {
                break;
            }
        }
        n
    }

    /// Characters of the sentence, or of its part, that starts with line `k`.
    pub(super) fn sentence_after(&self, k: usize) -> u16 {
        let mut n = 0;
        for f in self.lines[k..].iter().take(SENTENCE) {
            n += f.head;
            if f.stops > 0 {
                break;
            }
        }
        n
    }

    /// Reads every line once.
    pub fn of(doc: &Document<'_>, layout: &Layout) -> Self {
        let mut lines: Vec<Facts> = layout.lines.iter().map(|s| facts(doc.slice(s.measure.core))).collect();
        for (line, jump) in doc.jumps() {
            let k = layout.index_from_line(*line);
            if let Some(f) = lines.get_mut(k).filter(|_| layout.lines[k].line == *line) {
                f.jumps = sets_off(doc.line_text(&doc.lines()[*line]), jump);
            }
        }
        let mut out = Self { lines, typical: 0.0, set: SetLines::of(doc, layout) };
        if layout.wrapped {
            out.measure(layout);
        }
        out
    }

    /// Counts lines between sure paragraph ends.
    fn measure(&mut self, layout: &Layout) {
        let n = self.lines.len();
        let apart = |r: Role| matches!(r, Role::Headline | Role::Byline | Role::Dateline | Role::Subhead);
        let (mut since, mut all, mut paragraphs) = (0u16, 0u32, 0u32);
        for i in 0..n {
            since = (since + 1).min(FAR);
            self.lines[i].since = since;
            let next = layout.lines.get(i + 1);
            if self.lines[i].ends && layout.lines[i].slack() > SHORT || next.is_none_or(|s| apart(s.role)) {
                if since > 1 {
                    all += u32::from(since);
                    paragraphs += 1;
                }
                since = 0;
            }
        }
        let mut until = 0u16;
        for i in (0..n).rev() {
            // A new paragraph starts right behind this line.
            until = if self.lines.get(i + 1).is_none_or(|f| f.since == 1) { 1 } else { (until + 1).min(FAR) };
            self.lines[i].until = until;
        }
        self.typical = if paragraphs > 0 { all as f32 / paragraphs as f32 } else { 0.0 };
    }
}

/// One walk over the characters of a line.
fn facts(text: &str) -> Facts {
    let mut w = Walk::default();
    let bytes = text.as_bytes();
    let mut i = 0;
    while let Some(&lead) = bytes.get(i) {
        w.chars = w.chars.saturating_add(1);
        if is_han_lead(lead) || lead.is_ascii_alphanumeric() {
            (w.run, w.dot) = (0, false);
            i += if lead.is_ascii() { 1 } else { 3 };
            continue;
        }
        let Some(c) = text.get(i..).and_then(|t| t.chars().next()) else { break };
        w.mark(i, c);
        i += c.len_utf8();
    }
    if w.dot {
        w.stop();
    }
    let ends = ends_sentence(text);
    let bare = text.trim_end_matches(is_closing);
    let last = bare.chars().next_back().map_or(0, char::len_utf8);
    Facts {
        end: end_of(text),
        start: start_of(text),
        open: w.depth > 0,
        early: w.early,
        across: (w.widest >= GAP || w.bar && w.white) && reads_across(text),
        spaced: w.white && has_inner_space(text),
        marked: w.marked,
        stop_inside: w.first_stop.is_some_and(|at| at < bare.len() - last),
        ends,
        jumps: false,
        since: 0,
        until: 0,
        stops: w.stops,
        head: if w.head == 0 { w.chars } else { w.head },
        tail: w.chars - w.last[usize::from(ends)].min(w.chars),
    }
}

/// What the walk has seen.
#[derive(Default)]
struct Walk {
    chars: u16,
    /// White space: any, the run that is open, the widest run.
    white: bool,
    run: usize,
    widest: usize,
    bar: bool,
    marked: bool,
    /// Byte of the first Chinese stop or semicolon.
    first_stop: Option<usize>,
    stops: u16,
    /// Characters up to the first stop, up to the last one, and up to the one before it.
    head: u16,
    last: [u16; 2],
    /// A full stop of Latin type stands right before.
    dot: bool,
    /// Brackets that are open, as `marks::balance` counts them.
    depth: i32,
    early: bool,
}

impl Walk {
    fn mark(&mut self, at: usize, c: char) {
        // A full stop of Latin type has a space behind it.
        let stop = matches!(c, '。' | '！' | '？' | '!' | '?') || self.dot && c.is_whitespace();
        self.dot = c == '.';
        if stop {
            self.stop();
        }
        if c.is_whitespace() {
            self.white = true;
            self.run += 1;
            self.widest = self.widest.max(self.run);
            return;
        }
        self.run = 0;
        match c {
            '，' | ',' | ';' => self.marked = true,
            '。' | '；' => {
                self.marked = true;
                self.first_stop = self.first_stop.or(Some(at));
            }
            '|' => self.bar = true,
            '"' | '\'' | '\u{2019}' | '\u{2018}' => {}
            _ if is_opening(c) => self.depth += 1,
            _ if is_closing(c) && self.depth == 0 => self.early = true,
            _ if is_closing(c) => self.depth -= 1,
            _ => {}
        }
    }

    fn stop(&mut self) {
        self.stops = self.stops.saturating_add(1);
        self.head = if self.head == 0 { self.chars } else { self.head };
        self.last = [self.chars, self.last[0]];
    }
}

#[cfg(test)]
mod tests {
    use super::super::marks::balance;
    use super::*;

    #[test]
    fn one_walk_finds_what_the_single_questions_find() {
        for text in [
            "会议指出，要“认真”学习（不得有误）。",
            "弘扬精神 再立新功",
            "the mayor said   who had been",
            "他说：「好。」",
            "（记者 王文",
            "完成；推进",
            "",
        ] {
            let f = facts(text);
            assert_eq!((f.open, f.early), balance(text), "{text}");
            assert_eq!(f.across, reads_across(text), "{text}");
            assert_eq!(f.spaced, has_inner_space(text), "{text}");
            assert_eq!(f.ends, ends_sentence(text), "{text}");
        }
        let f = facts("很好。各地推进，成效明显。");
        assert_eq!((f.stops, f.head, f.tail), (2, 3, 10));
        let f = facts("They met. It was late");
        assert_eq!((f.stops, f.head, f.tail), (1, 10, 11));
        assert!(facts("完成；推进").stop_inside && !facts("完成。”").stop_inside);
    }

    #[test]
    fn paragraphs_are_measured_between_short_last_lines() {
        let p = "各地正忙着春季田管和\n春耕备耕工作并为完成全\n年粮食稳产保供目标任务\n打下坚实基础。\n";
        let text = p.repeat(12);
        let doc = Document::new(&text, &[]);
        let s = Sides::of(&doc, doc.layout());
        let at = |k: usize| (s.lines[k].since, s.lines[k].until);
        assert_eq!((at(4), at(5), at(7), s.typical), ((1, 4), (2, 3), (4, 1), 4.0));
    }
}
