//! Sums that a person understands: of a check, and of a run over folders.

use super::place::PlaceIndex;
use super::visible;
use crate::batch::{Stop, Summary};
use crate::ledger::{Counts, LedgerError, flag_places};
use crate::pipeline::Cleaned;
use crate::source::{Decoding, Newline};
use crate::text::Span;
use std::io::{self, Write};

/// A file's encoding in a few words.
fn encoding(d: &Decoding) -> String {
    let newline = match d.newline {
        Newline::Lf => "LF",
        Newline::Crlf => "CRLF",
        Newline::Cr => "CR",
        Newline::Mixed => "mixed line ends",
    };
    let bom = if d.bom { ", byte order mark" } else { "" };
    let damaged = if d.damaged { ", damaged" } else { "" };
    format!("{} ({}), {newline}{bom}{damaged}", d.encoding, d.why)
}

/// Writes what a check found in one issue. True where there is something to report.
///
/// # Errors
/// Those of `out`.
pub fn write_check(out: &mut impl Write, cleaned: &Cleaned) -> io::Result<bool> {
    let index = PlaceIndex::new(&cleaned.issue);
    for (n, p) in cleaned.ledger.header.pages.iter().enumerate() {
        writeln!(out, "{}: {}", visible(&p.path, false), encoding(&p.decoding))?;
        write_parts(out, &p.decoding)?;
        write_raw(out, cleaned, &index, n)?;
        if let Some(d) = &p.decoding.doubt {
            writeln!(out, "  in doubt: {d}")?;
        }
    }
    let places =
        flag_places(cleaned.issue.text(), &cleaned.ledger.layers).map_err(|e: LedgerError| io::Error::other(e))?;
    let fits = |e: LedgerError| io::Error::other(e);
    let partners = super::articles::partners(cleaned).map_err(fits)?;
    let page_of = |n: usize| cleaned.ledger.header.pages.get(n).map_or(String::new(), |p| visible(&p.path, false));
    for (layer, flag, span) in places {
        let Some(f) = cleaned.ledger.layers.get(layer).and_then(|l| l.flags.get(flag)) else { continue };
        let spot = index.spot(span);
        let page = page_of(spot.page);
        write!(out, "{page}:{}:{}: {}: {}", spot.line, spot.column, f.rule, visible(&f.message, false))?;
        if let Some(p) = partners.get(&span).map(|p| index.spot(*p)) {
            let why = f.evidence.iter().find(|e| e.name == "because").map_or("", |e| e.value.as_ref());
            let at = page_of(p.page);
            write!(out, " -> {at}:{}:{} ({})", p.line, p.column, visible(why, false))?;
        }
        writeln!(out)?;
    }
    let counts = crate::ledger::counts(&cleaned.ledger);
    write_counts(out, &counts)?;
    Ok(!counts.is_empty())
}

/// Places that a check names one by one; a file that is no text at all has thousands.
const PLACES: usize = 20;

/// Writes where bytes of page `n` could not be decoded, or are another form of what encoding them would give.
fn write_raw(out: &mut impl Write, cleaned: &Cleaned, index: &PlaceIndex<'_>, n: usize) -> io::Result<()> {
    let Some(page) = cleaned.ledger.header.pages.get(n) else { return Ok(()) };
    let start = cleaned.issue.pages().get(n).map_or(0, |p| p.start());
    for r in page.decoding.raw.iter().take(PLACES) {
        let hex: String = r.bytes.iter().take(8).map(|b| format!(" {b:02x}")).collect();
        let more = if r.bytes.len() > 8 { " …" } else { "" };
        let place = Span::new(start + r.span.start(), start + r.span.end());
        let spot = index.spot(place);
        let lost = cleaned.issue.text().get(place.range()).is_some_and(|t| t.contains('\u{FFFD}'));
        let what = if lost { "cannot be decoded" } else { "kept, as they are a second form of the character" };
        writeln!(out, "  line {}, column {}: bytes{hex}{more} {what}", spot.line, spot.column)?;
    }
    if page.decoding.raw.len() > PLACES {
        writeln!(out, "  and {} such places more", page.decoding.raw.len() - PLACES)?;
    }
    Ok(())
}

/// Writes which lines of a file in several encodings are in which.
fn write_parts(out: &mut impl Write, d: &Decoding) -> io::Result<()> {
    let (mut line, mut bytes) = (1, 0);
    for p in &d.parts {
        let lines = if line < p.line { format!("lines {line} to {}", p.line) } else { format!("line {}", p.line) };
        writeln!(out, "  {lines}, bytes {bytes} to {}: {}", p.bytes, p.encoding)?;
        (line, bytes) = (p.line + 1, p.bytes);
    }
    Ok(())
}

/// `1 page`, `2 pages`.
pub fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Writes a line per rule with what it did.
pub(super) fn write_counts(out: &mut impl Write, counts: &Counts) -> io::Result<()> {
    for (rule, fates) in counts {
        let list: Vec<String> = fates.iter().map(|(fate, n)| format!("{n} {fate}")).collect();
        writeln!(out, "  {rule:<36} {}", list.join(", "))?;
    }
    Ok(())
}

/// Writes what a run over folders did and did not do.
///
/// # Errors
/// Those of `out`.
pub fn write_summary(out: &mut impl Write, s: &Summary, folder: &str) -> io::Result<()> {
    if let Some(stop) = &s.stopped {
        return write_stop(out, s, stop);
    }
    let counts = &s.counts;
    let total = |fate: &str| -> usize { counts.values().filter_map(|f| f.get(fate)).sum() };
    let (pages, issues) = (plural(s.pages, "page"), plural(s.issues, "issue"));
    let (edits, flags) = (plural(total("applied"), "edit"), plural(total("flag"), "flag"));
    writeln!(out, "{pages} in {issues}: {edits} applied, {} proposed, {flags}", total("proposed"))?;
    write_counts(out, counts)?;
    write_bad(out, s)?;
    for name in &s.taken_in {
        writeln!(out, "empty: {}: its text stands on the page before", visible(name, false))?;
    }
    for name in &s.gone {
        writeln!(
            out,
            "gone: {}: no longer among the inputs; its output was {}",
            visible(name, false),
            s.fate_of_gone()
        )?;
    }
    if s.carried > 0 {
        writeln!(out, "{} found again in a new reading of the page", plural(s.carried, "decision"))?;
    }
    if s.stale > 0 {
        writeln!(out, "{} stale (recto review asks again)", plural(s.stale, "decision"))?;
    }
    if s.before > 0 {
        writeln!(out, "{} done by an earlier run and left as they are", plural(s.before, "issue"))?;
    }
    write!(out, "cleaned text: {folder}/text   record: {folder}/ledger")?;
    if s.taken_out {
        write!(out, "   taken out: {folder}/dropped")?;
    }
    writeln!(out)
}

fn write_bad(out: &mut impl Write, s: &Summary) -> io::Result<()> {
    for p in &s.bad {
        let name = visible(&p.path, false);
        match (&p.failure, &p.damaged) {
            (Some(why), _) => writeln!(out, "failed: {name}: {}", visible(why, false))?,
            (None, Some(why)) => writeln!(out, "damaged: {name}: {why} — kept whole, not cleaned")?,
            (None, None) => {}
        }
    }
    for (path, why) in &s.failures {
        writeln!(out, "failed: {}: {}", visible(path, false), visible(why, false))?;
    }
    Ok(())
}

/// What is said of a run that ended early.
fn write_stop(out: &mut impl Write, s: &Summary, stop: &Stop) -> io::Result<()> {
    write_bad(out, s)?;
    match stop {
        Stop::Interrupted => write!(out, "interrupted")?,
        Stop::Failures(n) => write!(out, "stopped after {}", plural(*n, "failure"))?,
        Stop::Disk(why) => write!(out, "stopped: {}", visible(why, false))?,
    }
    writeln!(out, "; {} left: the same command goes on where it ended", plural(s.left, "issue"))
}
