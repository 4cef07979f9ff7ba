//! `recto sample`: draws edits of a rule, takes verdicts, gives the rule's precision with its interval.

use super::output::{Folder, exit, misfit};
use crate::Outcome;
use crate::args::Sample as Args;
use crate::exit::{Exit, Failure};
use crate::settings::unknown_rule;
use crate::ui::Ui;
use recto::report::{Drawn, Sample, Verdicts, visible};
use recto::store::put_report;
use std::io::{BufRead, IsTerminal, Write};

pub(super) fn run(a: &Args, ui: &Ui) -> Outcome {
    if let Some(sheet) = &a.verdicts {
        let file = std::fs::File::open(sheet).map_err(|e| Failure::file(sheet, &e))?;
        let v = Verdicts::read(file).map_err(|e| {
            let again = "recto sample OUT --rule RULE -o sheet.csv";
            Failure::usage(format!("{}: {e}", sheet.display()))
                .hint(format!("name the sheet that `{again}` wrote, saved as CSV with commas, in UTF-8"))
        })?;
        return tell(&v);
    }
    let Some(rule) = &a.rule else {
        return Err(Failure::usage("no rule was named").hint("recto sample OUT --rule RULE -n 100 -o sheet.csv"));
    };
    if recto::rules::find(rule).is_none() {
        return Err(unknown_rule(rule));
    }
    let folder = Folder::open(&a.folder)?;
    let fate = (a.fate != "any").then_some(a.fate.as_str());
    let mut sample = Sample::new(rule, fate, a.number, &a.seed);
    let broken = folder.each(ui, |c| sample.add(c).map_err(misfit))?;
    let n = sample.drawn().count();
    if n == 0 {
        ui.say(&format!("{}: {rule} has no edit here with the fate {}", a.folder.display(), a.fate));
        return Ok(exit(broken));
    }
    ui.say(&format!("{n} of {} edits of {rule}, seed {}", sample.of, a.seed));
    if a.ask {
        return ask(&sample, n);
    }
    match &a.out {
        Some(file) => {
            let mut bytes = Vec::new();
            sample.write_sheet(&mut bytes)?;
            put_report(file, &bytes, false)?;
            let again = format!("recto sample {} --verdicts {}", a.folder.display(), file.display());
            ui.say(&format!("fill in the first column with y, n or ?, then: {again}"));
        }
        None => sample.write_sheet(std::io::stdout().lock())?,
    }
    Ok(exit(broken))
}

/// Shows one edit after the other on stderr and reads a verdict for each from standard input.
fn ask(sample: &Sample, n: usize) -> Outcome {
    let mut v = Verdicts::default();
    let mut err = std::io::stderr().lock();
    let mut lines = std::io::stdin().lock().lines();
    if !std::io::stdin().is_terminal() {
        writeln!(err, "reading a verdict a line from standard input")?;
    }
    for (i, d) in sample.drawn().enumerate() {
        write!(err, "{}/{n} {} [y/n/?/q] ", i + 1, shown(d))?;
        err.flush()?;
        match lines.next().transpose()? {
            Some(l) if l.trim() != "q" => v.take(&l),
            _ => {
                v.open += n - i;
                break;
            }
        }
    }
    writeln!(err)?;
    tell(&v)
}

fn shown(d: &Drawn) -> String {
    let (before, after) = d.texts();
    format!(
        "{}:{}  {}[-{}-]{{+{}+}}{}",
        visible(&d.field("page"), false),
        d.field("line"),
        visible(&d.field("left"), false),
        visible(&before, true),
        visible(&after, true),
        visible(&d.field("right"), false)
    )
}

fn tell(v: &Verdicts) -> Outcome {
    let mut out = std::io::stdout().lock();
    match v.precision() {
        Some((p, low, high)) => writeln!(
            out,
            "precision {:.1} %, 95 % interval {:.1} to {:.1} % (Wilson); {} right, {} wrong, {} unsure, {} not judged",
            p * 100.0,
            low * 100.0,
            high * 100.0,
            v.right,
            v.wrong,
            v.unsure,
            v.open
        )?,
        None => writeln!(out, "nothing was judged right or wrong; {} unsure, {} not judged", v.unsure, v.open)?,
    }
    Ok(Exit::Done)
}
