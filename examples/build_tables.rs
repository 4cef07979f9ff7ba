//! Builds the compiled tables of `dictionaries/compiled/` from their reviewable sources.
//!
//! `cargo run --example build_tables` compiles the word list. `cargo run --example build_tables -- chars OUT FILE...`
//! counts a character model from clean text: one paragraph a line, the first line of a file a headline. The text is
//! counted, never kept.
use recto::language::{CharCounter, HanModel, HanWords, Idioms, PairMap, word_table};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("chars") => {
            let mut counter = CharCounter::default();
            for path in &args[2..] {
                let text = std::fs::read_to_string(path)?;
                let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
                if let Some(first) = lines.next() {
                    if first.ends_with(['。', '！', '？', '」', '”']) {
                        counter.paragraph(first)
                    } else {
                        counter.headline(first)
                    }
                }
                lines.for_each(|l| counter.paragraph(l));
            }
            std::fs::write(&args[1], counter.build())?;
        }
        _ => {
            let tsv = std::fs::read_to_string("dictionaries/zh-words.tsv")?;
            std::fs::write("dictionaries/compiled/zh-words.table", HanWords::build(&tsv))?;
            std::fs::write("dictionaries/compiled/zh-idioms.table", Idioms::build(&tsv))?;
            let model = HanModel::new(std::fs::read("dictionaries/compiled/zh-model.table")?)?;
            std::fs::write("dictionaries/compiled/zh-pairs.table", PairMap::build(&model, &tsv))?;
            let tsv = std::fs::read_to_string("dictionaries/en-words.tsv")?;
            std::fs::write("dictionaries/compiled/en-words.table", word_table(&tsv))?;
        }
    }
    Ok(())
}
