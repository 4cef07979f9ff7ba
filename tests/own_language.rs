//! What a user teaches recto: the title's own words (`recto words`) and models of own text (`recto lm`).

mod common;

use common::{folder, put, read, recto, said};
use std::fs;

/// A place name that no list has, in front of a misreading that is one: 汉 for 议.
const PAGE: &str = "昨天上午，靘茈镇召开会汉部署工作。靘茈镇的党员干部都参加了会议。\n";

fn model(t: &tempfile::TempDir) {
    put(t, "text/a.txt", &"靘茈镇的党员干部在靘茈镇召开了一次会议。\n".repeat(5));
    recto(t, &["lm", "build", "text", "-o", "own.lm"]).success();
    put(t, "recto.toml", "schema = 1\npolicy = \"nlp\"\n[models]\nfiles = [\"own.lm\"]\n");
}

#[test]
fn a_model_of_own_text_is_built_shown_and_used() {
    let t = folder(&[("a.txt", PAGE)]);
    model(&t);
    let shown = said(&recto(&t, &["lm", "show", "own.lm"]).success());
    assert!(shown.starts_with("zh\t105 characters counted\t"), "{shown}");
    recto(&t, &["clean", "in", "-o", "out"]).success();
    let run: serde_json::Value = serde_json::from_str(&read(&t, "out/run.json")).expect("JSON");
    let own = run["dictionaries"].as_array().expect("a list").last().expect("one").clone();
    assert_eq!((own["name"].as_str(), own["licence"].as_str()), (Some("own.lm"), Some("the user's own")));
    assert!(read(&t, "out/.recto/settings.json").contains("dictionaries"));

    // The folder holds all that it takes to rebuild it, wherever it lies.
    fs::remove_file(t.path().join("own.lm")).expect("removed");
    fs::remove_file(t.path().join("recto.toml")).expect("removed");
    recto(&t, &["review", "out", "--accept", "han-look-alike"]).success();
    recto(&t, &["apply", "out"]).success();
    recto(&t, &["verify", "out"]).success();
    let sum = own["sha256"].as_str().expect("a sum");
    put(&t, &format!("out/.recto/models/{sum}.lm"), "altered");
    let a = recto(&t, &["apply", "out"]).code(4);
    assert!(said(&a).contains("not the model own.lm"), "{}", said(&a));
}

#[test]
fn another_model_is_another_configuration() {
    let t = folder(&[("a.txt", PAGE)]);
    model(&t);
    recto(&t, &["clean", "in", "-o", "out"]).success();
    put(&t, "text/b.txt", "县城里的罅嵝河发了大水，罅嵝河边的居民都搬走了。\n罅嵝河的水退了。\n");
    recto(&t, &["lm", "build", "text", "-o", "own.lm"]).success();
    let a = recto(&t, &["clean", "in", "-o", "out"]).code(2);
    assert!(said(&a).contains("--fresh"), "{}", said(&a));
    recto(&t, &["clean", "in", "-o", "out", "--fresh"]).success();
}

const CUT: &str =
    "{\"v\":1,\"t\":\"language-model\",\"what\":\"\",\"tables\":[{\"language\":\"zh\",\"bytes\":9}]}\nshort";

#[test]
fn a_bad_model_is_named_with_what_to_do() {
    let t = folder(&[("a.txt", PAGE)]);
    put(&t, "recto.toml", "schema = 1\n[models]\nfiles = [\"own.lm\"]\n");
    for text in ["", "no model\n", CUT] {
        put(&t, "own.lm", text);
        let a = recto(&t, &["clean", "in", "-o", "out"]).code(2);
        assert!(said(&a).contains("own.lm") && said(&a).contains("Hint: recto lm build"), "{}", said(&a));
    }
    // A file of another kind is not written over, and text without words makes no model.
    put(&t, "notes.txt", "mine");
    recto(&t, &["lm", "build", "in", "-o", "notes.txt"]).failure();
    assert_eq!(read(&t, "notes.txt"), "mine");
    put(&t, "none/a.txt", "1234 5678\n");
    let a = recto(&t, &["lm", "build", "none", "-o", "none.lm"]).code(2);
    assert!(said(&a).contains("nothing was counted"), "{}", said(&a));
}

#[test]
fn words_are_added_listed_and_obeyed() {
    let t =
        folder(&[("a.txt", "The Govemment sent Mr. Quibblewick to the Zanzabarra mines. The Govemment said so.\n")]);
    put(&t, "recto.toml", "schema = 1\n[words]\nfiles = [\"recto.words.tsv\"]\n");
    recto(&t, &["words", "add", "good", "Quibblewick"]).success();
    recto(&t, &["words", "add", "replace", "Govemment", "Government"]).success();
    let again = said(&recto(&t, &["words", "add", "good", "Quibblewick"]).success());
    assert!(again.contains("has that line already"), "{again}");
    assert_eq!(read(&t, "recto.words.tsv"), "good\tQuibblewick\nreplace\tGovemment\tGovernment\n");
    assert_eq!(said(&recto(&t, &["words", "list"]).success()), read(&t, "recto.words.tsv"));
    recto(&t, &["words", "add", "replace", "one"]).code(2);

    let check = said(&recto(&t, &["words", "check", "in", "--min", "1"]).success());
    let words: Vec<&str> = check.lines().filter_map(|l| l.split('\t').nth(1)).collect();
    assert!(words.contains(&"Zanzabarra") && !words.contains(&"Quibblewick"), "{check}");
    let learned = said(&recto(&t, &["words", "learn", "in", "--min", "1"]).success());
    assert!(learned.lines().any(|l| l == "good\tZanzabarra"), "{learned}");
    let out = said(&recto(&t, &["clean", "in/a.txt", "-q"]).success());
    assert_eq!(out.matches("Government").count(), 2, "{out}");
}

#[cfg(feature = "hunspell")]
#[test]
fn words_of_a_hunspell_dictionary_are_explained() {
    let t = folder(&[(
        "a.txt",
        "Der Müßigknödler und die Zwirbelquasten sind in der Stadt und auf dem Lande bekannt, und es ist gut.\n",
    )]);
    put(&t, "recto.toml", "schema = 1\n[hunspell]\nde = \"dict/own\"\n");
    put(&t, "dict/own.aff", "SET ISO8859-1\nSFX A Y 1\nSFX A 0 en .\n");
    let words = |t| {
        let said = said(&recto(t, &["words", "check", "in", "--min", "1"]).success());
        said.lines().filter_map(|l| l.split('\t').nth(1).map(str::to_owned)).collect::<Vec<_>>()
    };
    let a = recto(&t, &["words", "check", "in"]).code(2);
    assert!(said(&a).contains("dict/own.dic") && said(&a).contains("Hint: "), "{}", said(&a));
    // In Latin-1, as the first file says.
    fs::write(t.path().join("dict/own.dic"), b"2\nM\xFC\xDFigkn\xF6dler\nZwirbelquast/A\n").expect("written");
    assert_eq!(words(&t), Vec::<String>::new());
    put(&t, "recto.toml", "schema = 1\n");
    assert_eq!(words(&t), ["Müßigknödler", "Zwirbelquasten"]);
}

#[cfg(not(feature = "hunspell"))]
#[test]
fn a_build_without_hunspell_says_so() {
    let t = folder(&[("a.txt", PAGE)]);
    put(&t, "recto.toml", "schema = 1\n[hunspell]\nde = \"own\"\n");
    put(&t, "own.aff", "SET UTF-8\n");
    put(&t, "own.dic", "1\nWort\n");
    let a = recto(&t, &["clean", "in", "-o", "out"]).code(2);
    assert!(said(&a).contains("feature `hunspell`"), "{}", said(&a));
}
