//! The review page: one HTML file with the changes of a sitting, for a reader who has nothing but a browser.
//!
//! Script and style stand in the file and are named by hash in its policy, so that nothing else runs and nothing is
//! loaded. Texts stand in one JSON block. It must never put a text into markup, nor touch a file.

mod data;

use crate::ledger::Group;
use crate::review::{Item, Session, State};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

/// The frame, with a place in braces for each part.
const FRAME: &str = include_str!("review_page/page.html");
/// The style.
const STYLE: &str = include_str!("review_page/page.css");
/// The script. Its files share one scope.
const SCRIPT: &str = concat!(
    include_str!("review_page/model.js"),
    include_str!("review_page/paint.js"),
    include_str!("review_page/words.js"),
    include_str!("review_page/view.js"),
    include_str!("review_page/acts.js"),
    include_str!("review_page/frame.js")
);

/// Frame and script of the index of a split review.
const INDEX: &str = include_str!("review_page/index.html");
const INDEX_SCRIPT: &str = include_str!("review_page/index.js");

/// What the reader of a page may do.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum PageMode {
    /// Decide; acts stay in the browser until they are downloaded.
    #[default]
    Review,
    /// Decide; each act goes to the local server that gave the page.
    Serve,
    /// Look only.
    Diff,
}

impl PageMode {
    const fn name(self) -> &'static str {
        match self {
            PageMode::Review => "review",
            PageMode::Serve => "serve",
            PageMode::Diff => "diff",
        }
    }
}

/// How a page is made.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// What its reader may do.
    pub mode: PageMode,
    /// True for Chinese words on buttons and labels; the reader may change it.
    pub chinese: bool,
    /// The output folder as the command that the page gives names it.
    pub folder: String,
    /// What the run is called in the heading.
    pub name: String,
    /// The name that decisions carry.
    pub by: Option<String>,
    /// Language of the texts as a tag, where it is known.
    pub language: Option<String>,
    /// Only this issue, by its number in the sitting.
    pub issue: Option<usize>,
    /// Where the index of a split review is, from this page.
    pub index: Option<String>,
}

impl PageOptions {
    const fn ui(&self) -> &'static str {
        if self.chinese { "zh" } else { "en" }
    }
}

/// The pages of a review: one over all issues of a sitting, or one for each.
#[derive(Debug)]
pub struct Pages<'s> {
    session: &'s Session,
    /// Items of each issue.
    items: Vec<Vec<usize>>,
    /// Bundle of each item; none for what no decision is asked about.
    bundle: Vec<Option<usize>>,
    /// Members of each group that an act on the group would decide.
    free: HashMap<&'s Group, usize>,
}

impl<'s> Pages<'s> {
    /// Sorts the changes of `session` by issue.
    pub fn new(session: &'s Session) -> Self {
        let number: HashMap<&str, usize> = session.issues().enumerate().map(|(n, o)| (o.name.as_str(), n)).collect();
        let mut items = vec![Vec::new(); number.len().max(session.issues().count())];
        let mut free: HashMap<&Group, usize> = HashMap::new();
        for (n, i) in session.items().iter().enumerate() {
            if let Some(own) = number.get(session.issue_of(n).name.as_str()).and_then(|&i| items.get_mut(i)) {
                own.push(n);
            }
            *free.entry(&i.group).or_default() += usize::from(is_free(i));
        }
        let mut bundle = vec![None; session.items().len()];
        for (b, members) in session.queue().bundles.iter().enumerate() {
            members.members.iter().for_each(|&m| bundle[m] = Some(b));
        }
        Self { session, items, bundle, free }
    }

    /// Number of changes in an issue.
    pub fn changes(&self, issue: usize) -> usize {
        self.items.get(issue).map_or(0, Vec::len)
    }

    /// Decisions left in an issue.
    pub fn left(&self, issue: usize) -> usize {
        let own = self.items.get(issue).map_or(&[][..], Vec::as_slice);
        let open = own.iter().filter(|&&n| !self.session.items()[n].state.decided()).filter_map(|&n| self.bundle[n]);
        open.filter(|&b| self.session.bundle(b).is_some_and(|b| !b.is_safe())).collect::<HashSet<usize>>().len()
    }

    /// Writes the page; with `options.issue` of that issue alone.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write, options: &PageOptions) -> io::Result<()> {
        let data = data::Data::new(self, options);
        fill(out, FRAME, SCRIPT, options, &data)
    }

    /// Writes the index of a split review: (issue, link) for each page.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_index(
        &self,
        out: &mut impl Write,
        options: &PageOptions,
        links: &[(usize, String)],
    ) -> io::Result<()> {
        let names: Vec<&str> = self.session.issues().map(|o| o.name.as_str()).collect();
        let entry = |(n, link): &(usize, String)| json!([names.get(*n), link, self.changes(*n), self.left(*n)]);
        let data = json!({
            "ui": options.ui(), "mode": options.mode.name(), "run": self.session.run(), "name": options.name,
            "folder": options.folder, "entries": links.iter().map(entry).collect::<Vec<_>>(),
        });
        fill(out, INDEX, INDEX_SCRIPT, options, &data)
    }
}

/// True for what an act on the group would decide.
fn is_free(i: &Item) -> bool {
    i.protected.is_none() && matches!(i.state, State::Auto | State::Proposed | State::Stale)
}

fn fill(
    out: &mut impl Write,
    frame: &str,
    script: &str,
    options: &PageOptions,
    data: &impl Serialize,
) -> io::Result<()> {
    let mut rest = frame;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, a)| Some((b, a.split_once('}')?))) {
        out.write_all(before.as_bytes())?;
        match name {
            "lang" => out.write_all(if options.chinese { b"zh-Hans" } else { b"en" })?,
            "policy" => out.write_all(policy(options.mode, script).as_bytes())?,
            "style" => out.write_all(STYLE.as_bytes())?,
            "script" => out.write_all(script.as_bytes())?,
            _ => serde_json::to_writer(Escaped(out), data)?,
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// What the browser may do for a page, as its own head says it.
pub fn page_policy(mode: PageMode) -> String {
    policy(mode, SCRIPT)
}

/// Run and show what stands in the page, and nothing else. The local page may also speak to its own server.
fn policy(mode: PageMode, script: &str) -> String {
    let hash = |text: &str| BASE64.encode(Sha256::digest(text.as_bytes()));
    let connect = if mode == PageMode::Serve { "; connect-src 'self'" } else { "" };
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'{connect}",
        hash(script),
        hash(STYLE)
    )
}

/// Writes JSON so that no text in it ends the script element or begins a comment: outside strings these characters do
/// not occur.
struct Escaped<'w, W>(&'w mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut from = 0;
        for at in memchr::memchr3_iter(b'<', b'>', b'&', bytes) {
            self.0.write_all(&bytes[from..at])?;
            write!(self.0, "\\u{:04x}", bytes[at])?;
            from = at + 1;
        }
        self.0.write_all(&bytes[from..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that the page may take without its data.
    const MOST_BYTES: usize = 150_000;

    #[test]
    fn the_page_is_small_and_its_parts_cannot_end_each_other() {
        let all = FRAME.len() + STYLE.len() + SCRIPT.len();
        assert!(all <= MOST_BYTES, "{all} bytes");
        for bad in ["</script", "<!--", "<script"] {
            assert!(!SCRIPT.contains(bad) && !INDEX_SCRIPT.contains(bad), "{bad} in the script");
        }
        assert!(!STYLE.contains("</") && !STYLE.contains("url(") && !STYLE.contains("@import"));
        for net in ["http://", "https://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!SCRIPT.contains(net), "{net} in the script");
        }
    }

    #[test]
    fn texts_in_the_data_end_nothing() {
        let mut out = Vec::new();
        let text = "</script><!-- <script>&amp;\0\u{202E}\u{2028}\r\n";
        serde_json::to_writer(Escaped(&mut out), text).expect("written");
        let json = String::from_utf8(out).expect("UTF-8");
        assert!(!json.contains(['<', '>', '&', '\0', '\r', '\n']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
    }

    #[test]
    fn every_part_of_the_frame_is_filled() {
        for frame in [FRAME, INDEX] {
            let places: Vec<&str> = frame.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|p| p.0).collect();
            assert_eq!(places, ["lang", "policy", "style", "data", "script"]);
        }
    }
}
