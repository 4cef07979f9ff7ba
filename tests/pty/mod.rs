//! A program at a pseudo-terminal: keys in, screen out. Shared by the tests that drive the terminal review.

#![allow(dead_code, reason = "not every test uses all of it")]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A program at a terminal of 80 by 24.
pub(crate) struct Terminal {
    screen: vt100::Parser,
    raw: Vec<u8>,
    bytes: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub(crate) fn new(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut c = CommandBuilder::new(assert_cmd::cargo::cargo_bin("recto"));
        c.args(args);
        c.cwd(dir);
        c.env("TERM", "xterm");
        c.env("LC_ALL", "C.UTF-8");
        env.iter().for_each(|(k, v)| c.env(k, v));
        let child = pair.slave.spawn_command(c).expect("recto starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (send, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 8192];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || send.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        let screen = {
            let size = |n: u16| std::num::NonZero::new(n).expect("not nought");
            vt100::Parser::new(size(24), size(80), 0)
        };
        Self { screen, raw: Vec::new(), bytes, keys, child, _master: pair.master }
    }

    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen shows what is asked for.
    pub(crate) fn until(&mut self, what: &str, seen: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            if seen(&self.text()) {
                return self.text();
            }
            match self.bytes.recv_timeout(Duration::from_millis(200)) {
                Ok(b) => {
                    self.screen.process(&b);
                    self.raw.extend(b);
                }
                Err(_) => assert!(start.elapsed() < Duration::from_secs(30), "waited for {what}:\n{}", self.text()),
            }
        }
    }

    /// Takes in what the program has said so far.
    pub(crate) fn drain(&mut self) {
        while let Ok(b) = self.bytes.recv_timeout(Duration::from_millis(20)) {
            self.screen.process(&b);
            self.raw.extend(b);
        }
    }

    pub(crate) fn shows(&mut self, what: &str) -> String {
        self.until(what, |t| t.contains(what))
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("written");
        self.keys.flush().expect("flushed");
    }

    pub(crate) fn end(mut self) -> Vec<u8> {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                break status;
            }
            self.drain();
            if start.elapsed() > Duration::from_secs(30) {
                let _ = self.child.kill();
                panic!("it does not end:\n{}", self.text());
            }
        };
        assert!(status.success(), "{status:?}");
        while let Ok(b) = self.bytes.recv_timeout(Duration::from_millis(300)) {
            self.raw.extend(b);
        }
        self.raw
    }
}
