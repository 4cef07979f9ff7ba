//! A headless Chromium, spoken to over its debugging pipe: no driver program, no socket, no crate. It must never touch a
//! profile that a person uses.

#![allow(dead_code, reason = "not every test uses all of it")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Numbers of the answers to dialogs, which nobody waits for.
const ANSWERS: usize = 1 << 30;

/// A running browser with one page.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    next: u64,
    session: String,
    events: Vec<Value>,
    /// Where downloads go.
    pub(crate) downloads: TempDir,
    _profile: TempDir,
}

/// The browser program.
fn program() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let own = std::env::var_os("RECTO_CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = || std::env::split_paths(&path).flat_map(|d| names.map(|n| d.join(n))).find(|p| p.is_file());
    own.or_else(found)
        .expect("Chromium is needed for this test: `apt-get install chromium`, or name it in RECTO_CHROMIUM")
}

impl Browser {
    /// Starts a browser with an empty page of that size.
    pub(crate) fn start(width: u32, height: u32) -> Self {
        let profile = TempDir::new().expect("a folder");
        let downloads = TempDir::new().expect("a folder");
        // The pipe is file descriptors 3 and 4 of the browser.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#])
            .arg(program())
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
            .args(["--disable-background-networking", "--disable-component-update", "--hide-scrollbars"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let to = child.stdin.take().expect("a pipe");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while out.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if send.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut b =
            Self { child, to, from, next: 0, session: String::new(), events: Vec::new(), downloads, _profile: profile };
        let all = b.call("Target.getTargets", json!({}));
        let page =
            all["targetInfos"].as_array().expect("targets").iter().find(|t| t["type"] == "page").expect("a page");
        let id = page["targetId"].clone();
        let attached = b.call("Target.attachToTarget", json!({"targetId": id, "flatten": true}));
        b.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "DOM.enable"] {
            b.call(domain, json!({}));
        }
        let to = b.downloads.path().display().to_string();
        b.call("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": to}));
        b.call("Network.enable", json!({}));
        b.size(width, height);
        b
    }

    /// Sets the size of the page.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Light or dark, as the reader's system would ask for.
    pub(crate) fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let f = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.call("Emulation.setEmulatedMedia", f);
    }

    /// Calls a method of the debugging protocol.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.ask(method, params).unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    /// The same, with what the browser says against it.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if !self.session.is_empty() && !method.starts_with("Browser.") {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).and_then(|()| self.to.flush()).expect("the browser listens");
        loop {
            let m = self.from.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("{method}: no answer: {e}"));
            if m["id"] == json!(self.next) {
                return m.get("error").map_or_else(|| Ok(m["result"].clone()), |e| Err(e.clone()));
            }
            // What a page asks before it is left, a test always grants.
            if m["method"] == "Page.javascriptDialogOpening" {
                let id = ANSWERS + self.events.len();
                let yes = json!({"id": id, "sessionId": self.session, "method": "Page.handleJavaScriptDialog", "params": {"accept": true}});
                let _ = self.to.write_all(format!("{yes}\0").as_bytes());
            }
            self.events.push(m);
        }
    }

    /// Opens an address and waits for its page.
    pub(crate) fn open(&mut self, address: &str) {
        self.call("Page.navigate", json!({"url": address}));
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// Opens a file.
    pub(crate) fn file(&mut self, path: &Path) {
        self.open(&format!("file://{}", path.canonicalize().expect("there").display()));
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let r = self.call("Runtime.evaluate", params);
        assert!(r.get("exceptionDetails").is_none(), "{expression}: {}", r["exceptionDetails"]);
        r["result"]["value"].clone()
    }

    /// The text of the element with that id.
    pub(crate) fn text(&mut self, id: &str) -> String {
        let v = self.eval(&format!("document.getElementById({id:?}).textContent"));
        v.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    pub(crate) fn wait(&mut self, expression: &str) {
        let from = Instant::now();
        loop {
            // While a page is being left there is nothing to ask.
            let params = json!({"expression": format!("!!({expression})"), "returnByValue": true});
            if self.ask("Runtime.evaluate", params).is_ok_and(|r| r["result"]["value"] == true) {
                return;
            }
            assert!(from.elapsed() < PATIENCE, "still not: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key as a person would; a capital letter is pressed with Shift.
    pub(crate) fn key(&mut self, key: &str) {
        let shift = key.len() == 1 && (key.chars().all(|c| c.is_ascii_uppercase()) || key == "?");
        let modifiers = if shift { 8 } else { 0 };
        let text = match key {
            "Enter" => "\r",
            k if k.chars().count() == 1 => k,
            _ => "",
        };
        let mut down = json!({"type": "keyDown", "key": key, "modifiers": modifiers});
        if !text.is_empty() {
            down["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key, "modifiers": modifiers}));
        // Acts are promises: the next turn sees them settled.
        self.eval("new Promise((r) => setTimeout(r, 0))");
    }

    /// Types text where the focus is.
    pub(crate) fn type_in(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Gives a file to the file field of that id.
    pub(crate) fn give_file(&mut self, id: &str, path: &Path) {
        let object = self.call("Runtime.evaluate", json!({"expression": format!("document.getElementById({id:?})")}));
        let id = object["result"]["objectId"].clone();
        self.call("DOM.setFileInputFiles", json!({"objectId": id, "files": [path.display().to_string()]}));
    }

    /// Waits for a download of that name and reads it.
    pub(crate) fn downloaded(&mut self, name: &str) -> Vec<u8> {
        let path = self.downloads.path().join(name);
        let from = Instant::now();
        // The browser makes an empty file first and puts the whole one in its place.
        while !std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() > 0) {
            assert!(from.elapsed() < PATIENCE, "{name} was not downloaded");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::fs::read(path).expect("readable")
    }

    /// The page as a picture.
    pub(crate) fn picture(&mut self, format: &str) -> Vec<u8> {
        self.eval(
            "document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 200))))",
        );
        let r = self.call("Page.captureScreenshot", json!({"format": format, "quality": 50}));
        {
            use base64::Engine;
            base64::engine::general_purpose::STANDARD.decode(r["data"].as_str().expect("data")).expect("base64")
        }
    }

    /// Errors, blocked scripts and addresses asked for: what a harmless page never has.
    pub(crate) fn troubles(&mut self) -> Vec<String> {
        self.eval("0");
        let bad = |e: &&Value| match e["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Log.entryAdded" | "Page.javascriptDialogOpening") => true,
            Some("Network.requestWillBeSent") => {
                let url = e["params"]["request"]["url"].as_str().unwrap_or("");
                !(url.starts_with("file://") || url.starts_with("blob:") || url == "about:blank")
            }
            _ => false,
        };
        self.events.iter().filter(bad).map(Value::to_string).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let close = json!({"id": i32::MAX, "method": "Browser.close"});
        let _ = self.to.write_all(format!("{close}\0").as_bytes());
        let from = Instant::now();
        while from.elapsed() < Duration::from_secs(5) {
            if self.child.try_wait().is_ok_and(|s| s.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
