//! Latin text as a recogniser of another script wrote it: spaces before commas and stops, marks of CJK width.
//!
//! It must never touch a text that holds CJK letters, nor close a space that the printer set: French before ; : ! ?, older print before commas.

use crate::document::Document;
use crate::profile::MarkSpacing;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// `word ,` and `word .`
pub(super) static SPACE_BEFORE_MARK: Rule = Rule {
    id: "space-before-mark",
    name_zh: "西文逗号句点前空格",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "A space before a comma or full stop in Latin text. Some recognisers take words and marks apart. It is mended where the \
          batch shows that habit for commas and stops alike; older printers set a space before the comma too, but none before \
          the stop, and such a batch is left as it was printed. The French spaces before ; : ! ? stay.",
    examples: &[
        Example {
            before: "Le conseil , réuni hier , a voté . Le maire , absent , a écrit . La séance est levée .\nOn part . Il vient . Elle dort . Tout va .",
            after: "Le conseil, réuni hier, a voté. Le maire, absent, a écrit. La séance est levée.\nOn part. Il vient. Elle dort. Tout va.",
        },
        Example {
            before: "He came , saw , and left . She stayed , slept , and woke . They ate . We sang . You went . All slept . None cared .",
            after: "He came, saw, and left. She stayed, slept, and woke. They ate. We sang. You went. All slept. None cared.",
        },
    ],
    leaves_alone: &[
        "Le conseil , réuni hier , a voté. Le maire , absent , a écrit. La séance est levée. On part. Il vient.",
        "Qui vient ? Moi ! Voilà : c'est tout ; rien d'autre.",
        "He came, saw, and left . She stayed, slept, and woke.",
        "「 Love , Hope . 」と「 Rain , Snow . 」と「 Wind , Star . 」と「 Moon , Fire . 」と「 Gold , Iron . 」と「 Time , Life . 」と「 Song , Word . 」を歌う。",
    ],
    flag: false,
};

/// ，；：！？（）。 in text without a Han character.
pub(super) static CJK_MARK_IN_LATIN_TEXT: Rule = Rule {
    id: "cjk-mark-in-latin-text",
    name_zh: "西文中的中文标点",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "A full-width mark in an issue that holds Latin letters and no CJK letter at all: a recogniser for Chinese read a Latin \
          page. The mark gets its ordinary form, and the space that was part of its square where a word follows. One Han \
          character anywhere in the issue, and nothing changes.",
    examples: &[
        Example { before: "He came，saw，and left。Who stayed？", after: "He came, saw, and left. Who stayed?" },
        Example {
            before: "The score was 3：2（after extra time）；1，000 people came",
            after: "The score was 3:2 (after extra time); 1,000 people came",
        },
    ],
    leaves_alone: &["GDP：增长", "iPhone：3.5%", "He came, saw, and left.", "3：2", "A，B，C\n选择题"],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&SPACE_BEFORE_MARK, &CJK_MARK_IN_LATIN_TEXT], run };

/// The habit: at least this share of commas, and of stops, stands behind a space. In the development corpus the batches of
/// the recogniser that does so have .20 and .21; all others have at most .03 of their stops, though printed spaces bring the
/// commas of some to .19.
const MIN_SHARE: f64 = 0.1;
/// Fewer stops than this tell nothing.
const MIN_STOPS: u64 = 6;
/// A batch with at least so many stops speaks for its documents; below, the document speaks for itself.
const MIN_BATCH_STOPS: u64 = 50;

/// CJK letters so many bytes around a space say that the words beside it are a foreign run of another language's page.
const FOREIGN_BYTES: usize = 120;

/// Fewer words than this do not make a Latin text: "iPhone：", "GDP：3.5%".
const MIN_WORDS: usize = 4;

fn is_habit(n: &MarkSpacing) -> bool {
    let share = |part: u64, all: u64| part as f64 >= MIN_SHARE * all.max(1) as f64;
    n.stops >= MIN_STOPS && share(n.spaced_stops, n.stops) && share(n.spaced_commas, n.commas)
}

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    spaces(doc, cx, out);
    wide_marks(doc, out);
}

/// The ordinary form of a mark of CJK width.
const fn ordinary(c: char) -> Option<char> {
    Some(match c {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '！' => '!',
        '？' => '?',
        '（' => '(',
        '）' => ')',
        '。' => '.',
        _ => return None,
    })
}

fn wide_marks(doc: &Document<'_>, out: &mut Findings) {
    let text = doc.text();
    let wide = |&b: &u8| b >= 0xE3;
    if !text.as_bytes().iter().any(wide) || text.chars().any(|c| script::is_cjk(c) || script::is_hangul(c)) {
        return;
    }
    let word = |w: &&str| w.chars().filter(|c| c.is_lowercase()).count() >= 2;
    if text.split(|c: char| !c.is_alphabetic()).filter(word).take(MIN_WORDS).count() < MIN_WORDS {
        return;
    }
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        let previous = std::mem::replace(&mut before, c);
        let Some(mark) = ordinary(c) else { continue };
        let end = i + c.len_utf8();
        let after = text[end..].chars().next().unwrap_or(' ');
        let digits = previous.is_ascii_digit() && after.is_ascii_digit();
        let (lead, trail) = match mark {
            '(' => (previous.is_alphanumeric(), false),
            _ => (false, after.is_alphanumeric() && !digits),
        };
        let insert: String = [lead.then_some(' '), Some(mark), trail.then_some(' ')].into_iter().flatten().collect();
        out.replace(&CJK_MARK_IN_LATIN_TEXT, Span::new(i, end), insert);
    }
}

fn spaces(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let batch = &cx.profile.mark_spacing;
    let habit = if batch.stops >= MIN_BATCH_STOPS { is_habit(batch) } else { is_habit(&MarkSpacing::count(text)) };
    if !habit {
        return;
    }
    let bytes = text.as_bytes();
    for i in memchr::memchr2_iter(b',', b'.', bytes) {
        let spaced = i > 1 && bytes[i - 1] == b' ';
        if !spaced || !text[..i - 1].chars().next_back().is_some_and(script::is_latin) {
            continue;
        }
        // White space must follow, and no second stop: ". . ." is an ellipsis.
        let rest = &bytes[i + 1..];
        let ends = rest.first().is_none_or(u8::is_ascii_whitespace);
        // Nor a small letter after a stop: what is set apart there is a name, as `paper . com`.
        let named = matches!(rest, [b' ', c, ..] if bytes[i] == b'.' && c.is_ascii_lowercase());
        let near =
            text.floor_char_boundary(i.saturating_sub(FOREIGN_BYTES))..text.ceil_char_boundary(i + FOREIGN_BYTES);
        let foreign = || text[near].chars().any(script::is_cjk);
        let dots = bytes[i] == b'.' && rest.starts_with(b" .");
        if ends && !named && !dots && !foreign() {
            let fix = Fix::one(Splice::delete(Span::new(i - 1, i)));
            out.push(Finding::edit(&SPACE_BEFORE_MARK, fix));
        }
    }
}
