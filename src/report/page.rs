//! The report as one file for a browser: no script, nothing fetched, every text escaped, and a policy that forbids the
//! rest.

use super::folder::not_done;
use super::tally::{Fates, Tally};
use super::{plural, visible};
use crate::batch::RunRecord;
use base64::Engine;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Pages that the chart and the list of pages show; the CSV form has all.
const MOST_PAGES: usize = 500;

/// Width of a chart's bars in pixels.
const BAR: usize = 420;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1b1b1b;background:#fff}\
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ccc}table{border-collapse:collapse}\
td,th{padding:.15em .7em;text-align:right;font-variant-numeric:tabular-nums}td:first-child,th:first-child{text-align:left}\
tr:nth-child(even) td{background:#f6f6f6}.bar{display:block}.a{fill:#2a6f97}.p{fill:#e09f3e}.r{fill:#9e2a2b}.s{fill:#b7b7b7}\
.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}li{margin:.2em 0}.why{color:#555}\
@media(prefers-color-scheme:dark){body{background:#161616;color:#e8e8e8}tr:nth-child(even) td{background:#202020}.why{color:#aaa}}";

/// What the browser may do with the page: apply this very style, and nothing else.
fn policy() -> String {
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn write_report_html(out: &mut impl Write, run: &RunRecord, t: &Tally, folder: &str) -> io::Result<()> {
    let total = t.total();
    let mut rules: Vec<(&String, &super::RuleTally)> = t.rules.iter().collect();
    rules.sort_by(|a, b| (b.1.fates.all() + b.1.flags).cmp(&(a.1.fates.all() + a.1.flags)).then(a.0.cmp(b.0)));
    let people = t.for_a_person();
    let mut busy: Vec<&super::PageTally> = t.pages.iter().filter(|p| p.fates.all() > 0).collect();
    busy.sort_by(|a, b| b.fates.all().cmp(&a.fates.all()).then_with(|| a.path.cmp(&b.path)));
    let title = format!("recto: {}", visible(folder, false));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p {
                    (plural(t.pages.len(), "page")) " in " (plural(t.issues, "issue")) ", " (run.tool) ", policy "
                    (run.configuration.policy.name()) ", " (run.ended) ". "
                    (plural(total.applied, "edit")) " applied, " (total.proposed) " proposed, " (total.rejected)
                    " rejected, " (total.superseded) " superseded. Every one can be taken back."
                }
                h2 { "What was not done" }
                ul { @for line in not_done(run, t) { li { (line) } } }
                h2 { "For a person: " (plural(people.len(), "page")) }
                ul {
                    @for p in people.iter().take(MOST_PAGES) {
                        li {
                            b { (visible(&p.path, false)) } " " (visible(&p.reasons.join("; "), false))
                            @for m in &p.messages { br; span .why { (visible(m, false)) } }
                        }
                    }
                }
                @if people.len() > MOST_PAGES { p { "and " (people.len() - MOST_PAGES) " more" } }
                (chart("By stage", t.stages.values().map(|(n, f)| ((*n).to_owned(), *f)).collect()))
                (chart("By confidence", t.confidences.iter().map(|(n, f)| ((*n).to_owned(), *f)).collect()))
                (chart("By rule", rules.iter().map(|(n, r)| ((*n).clone(), r.fates)).collect()))
                (chart("By page", busy.iter().take(MOST_PAGES).map(|p| (visible(&p.path, false), p.fates)).collect()))
                @if busy.len() > MOST_PAGES { p { "and " (busy.len() - MOST_PAGES) " more pages" } }
                h2 { "Language data" }
                ul {
                    @for d in &run.dictionaries {
                        li { @for (k, v) in d { (k) ": " (v) "  " } }
                    }
                }
            }
        }
    };
    out.write_all(page.into_string().as_bytes())
}

/// A table whose rows carry a bar. Drawn with attributes only, which the policy allows.
fn chart(title: &str, rows: Vec<(String, Fates)>) -> Markup {
    let most = rows.iter().map(|(_, f)| f.all()).max().unwrap_or(0).max(1);
    html! {
        h2 { (title) }
        table {
            tr {
                th { "" } th { "applied" } th { "proposed" } th { "rejected" } th { "superseded" }
                th { (legend()) }
            }
            @for (name, f) in &rows {
                tr {
                    td { (name) } td { (f.applied) } td { (f.proposed) } td { (f.rejected) } td { (f.superseded) }
                    td { (bar(f, most)) }
                }
            }
        }
    }
}

fn legend() -> Markup {
    let part = |class: &str, name: &str| {
        html! { svg .key viewBox="0 0 10 10" { rect class=(class) width="10" height="10" {} } (name) }
    };
    html! { (part("a", "applied")) (part("p", "proposed")) (part("r", "rejected")) (part("s", "superseded")) }
}

fn bar(f: &Fates, most: usize) -> Markup {
    let parts = [("a", f.applied), ("p", f.proposed), ("r", f.rejected), ("s", f.superseded)];
    let mut at = 0;
    let rects: Vec<(&str, usize, usize)> = parts
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(class, n)| {
            // A bar that stands for anything can be seen.
            let width = (n * BAR / most).max(1);
            at += width;
            (class, at - width, width)
        })
        .collect();
    html! {
        svg .bar width=(BAR + 4) height="14" role="img" aria-label=(format!("{} of {most}", f.all())) {
            @for (class, x, width) in rects { rect class=(class) x=(x) y="1" width=(width) height="12" {} }
        }
    }
}
