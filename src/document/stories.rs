//! Where the part of a story that stands on one page begins and ends, from the roles of lines.
//!
//! An estimate for views; it must never decide an edit.

use super::{Document, Role};
use crate::text::Span;

/// The lines of a page that belong to the story before the line `line` (that line included), back to its headline.
pub fn before(doc: &Document<'_>, line: usize) -> Span {
    let lines = doc.lines();
    let layout = doc.layout();
    let end = lines.get(line).map_or(doc.text().len(), |l| l.span.end());
    let at = layout.index_from_line(line).min(layout.lines.len().saturating_sub(1));
    let Some(page) = lines.get(line).map(|l| l.page) else { return Span::new(end, end) };
    let mut first = at;
    let mut headed = false;
    for k in (0..=at).rev() {
        let shape = &layout.lines[k];
        if lines[shape.line].page != page {
            break;
        }
        let head = shape.role == Role::Headline;
        // The headline's own lines end the walk, and so does a mark of another story.
        if headed && !head || k < at && marked(doc, shape.line) {
            break;
        }
        headed |= head;
        first = k;
    }
    Span::new(layout.lines.get(first).map_or(end, |s| lines[s.line].span.start()), end)
}

/// The lines of a page that belong to the story from the line `line` on, up to the next story's headline or jump mark.
pub fn after(doc: &Document<'_>, line: usize) -> Span {
    let lines = doc.lines();
    let layout = doc.layout();
    let start = lines.get(line).map_or(doc.text().len(), |l| l.span.start());
    let Some(page) = lines.get(line).map(|l| l.page) else { return Span::new(start, start) };
    let (mut end, mut body) = (start, false);
    for shape in &layout.lines[layout.index_from_line(line)..] {
        let l = &lines[shape.line];
        let opens = matches!(shape.role, Role::Headline | Role::Byline | Role::Dateline);
        if l.page != page || body && opens {
            break;
        }
        body |= shape.role == Role::Body;
        end = l.span.end();
        if marked(doc, shape.line) {
            break;
        }
    }
    Span::new(start, end)
}

/// True where the line is or ends with a jump mark that sends on.
fn marked(doc: &Document<'_>, line: usize) -> bool {
    doc.jumps().binary_search_by_key(&line, |(n, _)| *n).is_ok_and(|k| doc.jumps()[k].1.onward)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_reaches_from_its_headline_to_its_jump_mark() {
        let text = "工作取得实效。\n\n市里召开座谈会\n\n本报讯（记者 王文）昨日，市里召开座谈会。\n会议总结了工作，\n（下转第二版）\n\n新校落成\n\n本报讯（记者 王文）昨日，新校落成。\n";
        let doc = Document::new(text, &[]);
        let line = doc.jumps()[0].0;
        let story = doc.slice(before(&doc, line));
        assert!(story.starts_with("市里召开座谈会") && story.ends_with("（下转第二版）"), "{story}");
        let rest = doc.slice(after(&doc, line + 2));
        assert!(rest.starts_with("新校落成") && rest.ends_with("新校落成。"), "{rest}");
    }
}
