//! `recto report`: what was done to an output folder, what was not, and which pages need a person.

use super::output::{Folder, exit, misfit};
use crate::Outcome;
use crate::args::{Report, ReportFormat};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::{
    Tally, write_judged, write_judged_json, write_report, write_report_csv, write_report_html, write_report_json,
};
use recto::store::put_report;
use std::io::{BufWriter, Write};

pub(super) fn run(a: &Report, ui: &Ui) -> Outcome {
    let folder = Folder::open(&a.folder)?;
    if a.rules {
        return judged(a, &folder);
    }
    let mut t = Tally::default();
    let broken = folder.each(ui, |c| t.add(c).map_err(misfit))?;
    let name = a.folder.display().to_string();
    if let Some(file) = &a.html {
        let mut bytes = Vec::new();
        write_report_html(&mut bytes, &folder.run, &t, &name)?;
        put_report(file, &bytes, true)?;
        ui.say(&format!("report: {}", file.display()));
        return Ok(exit(broken));
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    match a.format {
        ReportFormat::Text => write_report(&mut out, &folder.run, &t, &name)?,
        ReportFormat::Json => write_report_json(&mut out, &folder.run, &t)?,
        ReportFormat::Csv => write_report_csv(&mut out, &t)?,
        ReportFormat::Html => write_report_html(&mut out, &folder.run, &t, &name)?,
    }
    out.flush()?;
    Ok(exit(broken))
}

/// What people decided, rule by rule.
fn judged(a: &Report, folder: &Folder) -> Outcome {
    let all = super::review::open(&folder.layout, None)?.judged();
    let mut out = BufWriter::new(std::io::stdout().lock());
    match a.format {
        ReportFormat::Text => write_judged(&mut out, &all, &folder.run.configuration)?,
        ReportFormat::Json => write_judged_json(&mut out, &all, &folder.run.configuration)?,
        ReportFormat::Csv | ReportFormat::Html => {
            return Err(
                Failure::usage("--rules is printed as text or json").hint("leave --format out, or --format json")
            );
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
