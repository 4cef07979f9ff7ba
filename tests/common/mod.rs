//! What tests of the command line share: a folder to run in, files in it, and what a run said.

// Each test file uses its own part of this.
#![allow(dead_code)]

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use std::fs;
use tempfile::TempDir;

/// Runs recto in the folder, with an empty environment.
pub(crate) fn recto(t: &TempDir, args: &[&str]) -> Assert {
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    c.env_clear().current_dir(t).args(args).assert()
}

/// A folder with these files below `in/`.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let t = TempDir::new().expect("a folder");
    for (name, text) in files {
        put(&t, &format!("in/{name}"), text);
    }
    t
}

/// Writes a file, its folders too.
pub(crate) fn put(t: &TempDir, name: &str, text: &str) {
    let p = t.path().join(name);
    fs::create_dir_all(p.parent().expect("a parent")).expect("made");
    fs::write(p, text).expect("written");
}

/// The text of a file.
pub(crate) fn read(t: &TempDir, name: &str) -> String {
    fs::read_to_string(t.path().join(name)).expect("readable")
}

/// Both outputs of a run.
pub(crate) fn said(a: &Assert) -> String {
    let o = a.get_output();
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}
