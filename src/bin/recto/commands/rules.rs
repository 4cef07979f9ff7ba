//! `recto rules list` and `recto rules show`.

use crate::Outcome;
use crate::args::{Rules, RulesCommand};
use crate::exit::Exit;
use crate::settings::unknown_rule;
use recto::report::{write_rule, write_rule_list};

pub(super) fn run(a: &Rules) -> Outcome {
    let mut out = std::io::stdout().lock();
    match &a.command {
        RulesCommand::List { ui_lang } => write_rule_list(&mut out, recto::rules::all(), ui_lang == "zh")?,
        RulesCommand::Show { id } => write_rule(&mut out, recto::rules::find(id).ok_or_else(|| unknown_rule(id))?)?,
    }
    Ok(Exit::Done)
}
