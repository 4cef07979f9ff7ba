//! `recto review --serve`: the review page on 127.0.0.1, its acts written straight to the log.
//!
//! Whoever may act holds a cookie that a token in the printed address gave, once. Host and Origin must be our own, so
//! that no other page in the same browser can act. It must never listen beyond this machine, nor serve a file.

use super::decisions::now;
use super::review_html::options;
use crate::Outcome;
use crate::args::Review;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use recto::apply::open_all;
use recto::report::{PageMode, PageOptions, Pages, page_policy};
use recto::review::{Decision, Log, Op, Opened, Scope, Session, run_id};
use recto::store::{Layout, append_log, read_log};
use serde::Deserialize;
use serde_json::json;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// An act on a hundred thousand single changes fits in this.
const MOST_BODY_BYTES: usize = 16 << 20;
/// How often the server looks whether anybody is still there.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What all requests share.
struct Local {
    opened: Vec<Opened>,
    layout: Layout,
    options: PageOptions,
    run: String,
    /// `127.0.0.1:PORT`.
    host: String,
    /// What the cookie holds.
    secret: String,
    /// What the printed address holds, until it was used.
    token: Mutex<Option<String>>,
    log: Mutex<Written>,
    last: Mutex<Instant>,
    /// Where *always* adds a line.
    words: PathBuf,
    ui: Ui,
}

/// The log and how long its file was when it was read or written.
struct Written {
    log: Log,
    bytes: u64,
}

pub(super) fn run(a: &Review, ui: &Ui) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    runtime.block_on(serve(a, ui))
}

async fn serve(a: &Review, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let log = super::decisions::read_run_log(&layout)?;
    let opened = open_all(&layout)?;
    let run = run_id(opened.iter().map(|o| &o.ledger));
    let seat = super::review::seat(&layout, a.who.reviewer.as_deref(), ui);
    let mode = if seat.is_some() { PageMode::Serve } else { PageMode::Diff };
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let host = listener.local_addr()?.to_string();
    let (token, secret) = (random()?, random()?);
    let address = format!("http://{host}/?t={token}");
    let local = Arc::new(Local {
        options: options(&a.folder, a.who.reviewer.clone(), a.ui_lang.chinese(), mode),
        log: Mutex::new(Written { log, bytes: length(&layout) }),
        last: Mutex::new(Instant::now()),
        words: a.words.clone(),
        ui: ui.clone(),
        token: Mutex::new(Some(token)),
        opened,
        layout,
        run,
        host,
        secret,
    });
    let router = Router::new()
        .route("/", get(page))
        .route("/acts", get(acts).post(act))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(from_fn_with_state(local.clone(), guard))
        .with_state(local.clone());
    writeln!(std::io::stdout().lock(), "{address}")?;
    ui.say("open this address in a browser on this machine; it lets in once. Acts are written as they are made.");
    if a.open {
        open::that_detached(&address)
            .map_err(|e| Failure::usage(format!("no browser: {e}")).hint("open the address by hand"))?;
    }
    let idle = Duration::from_secs(a.idle);
    let gone = async {
        while lock(&local.last).elapsed() < idle {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::select! {
        done = axum::serve(listener, router).into_future() => done?,
        () = gone => ui.say("nobody is there any more"),
    }
    ui.say(&format!("`recto apply {}` rebuilds the output", a.folder.display()));
    Ok(Exit::Done)
}

/// 128 random bits in hexadecimal.
fn random() -> Result<String, Failure> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Failure::usage(format!("the system gives no random bytes: {e}")))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

fn length(layout: &Layout) -> u64 {
    std::fs::metadata(layout.decisions()).map_or(0, |m| m.len())
}

fn answer(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut r = Response::new(body.into());
    *r.status_mut() = status;
    let mut set = |name, value: &str| {
        if let Ok(v) = value.parse() {
            r.headers_mut().insert(name, v);
        }
    };
    set(header::CONTENT_TYPE, kind);
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, &format!("{}; frame-ancestors 'none'", page_policy(PageMode::Serve)));
    r
}

fn refuse(status: StatusCode, why: &str) -> Response {
    answer(status, "text/plain; charset=utf-8", why.to_owned())
}

async fn guard(State(local): State<Arc<Local>>, request: Request, next: Next) -> Response {
    if let Some(other) = instead(&local, &request) {
        return other;
    }
    *lock(&local.last) = Instant::now();
    next.run(request).await
}

/// Lets a request in that comes from our own page; the answer to any other, the one that brings the token included.
fn instead(local: &Local, request: &Request) -> Option<Response> {
    let field = |name| request.headers().get(name).and_then(|v| v.to_str().ok());
    let ours = format!("http://{}", local.host);
    if field(header::HOST) != Some(&local.host) {
        return Some(refuse(StatusCode::FORBIDDEN, "another host"));
    }
    // A browser names the origin of every request that may write.
    let origin = field(header::ORIGIN);
    if origin.is_some_and(|o| o != ours) || (request.method() != Method::GET && origin.is_none()) {
        return Some(refuse(StatusCode::FORBIDDEN, "another origin"));
    }
    let name = format!("recto-{}=", local.host.rsplit(':').next().unwrap_or(""));
    let known = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|c| c.to_str().ok())
        .any(|c| c.split(';').any(|one| one.trim().strip_prefix(name.as_str()) == Some(local.secret.as_str())));
    let brought = request.uri().query().and_then(|q| q.strip_prefix("t="));
    if let Some(t) = brought.filter(|_| request.uri().path() == "/" && !known) {
        let mut token = lock(&local.token);
        if token.as_deref() != Some(t) {
            return Some(refuse(
                StatusCode::FORBIDDEN,
                "this address was used, or is another one; start recto review again",
            ));
        }
        *token = None;
        let mut r = refuse(StatusCode::SEE_OTHER, "");
        let cookie = format!("{name}{}; HttpOnly; SameSite=Strict; Path=/", local.secret);
        for (name, value) in [(header::SET_COOKIE, cookie.as_str()), (header::LOCATION, "/")] {
            if let Ok(v) = value.parse() {
                r.headers_mut().insert(name, v);
            }
        }
        return Some(r);
    }
    (!known).then(|| refuse(StatusCode::FORBIDDEN, "open the address that recto printed"))
}

/// The page, with the log as it stands on the disk.
async fn page(State(local): State<Arc<Local>>) -> Response {
    let log = match fresh(&local) {
        Ok(w) => w.log.clone(),
        Err(r) => return *r,
    };
    let s = Session::new(local.opened.clone(), log, local.options.by.clone());
    let mut bytes = Vec::new();
    match Pages::new(&s).write(&mut bytes, &local.options) {
        Ok(()) => answer(StatusCode::OK, "text/html; charset=utf-8", bytes),
        Err(e) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
    }
}

/// The log, read again where somebody else wrote to it.
fn fresh(local: &Local) -> Result<MutexGuard<'_, Written>, Box<Response>> {
    let mut w = lock(&local.log);
    let bytes = length(&local.layout);
    if bytes != w.bytes {
        w.log = read_log(&local.layout.decisions())
            .map_err(|e| Box::new(refuse(StatusCode::INTERNAL_SERVER_ERROR, &e.to_string())))?;
        w.bytes = bytes;
    }
    Ok(w)
}

/// The acts after the first so many.
async fn acts(State(local): State<Arc<Local>>, uri: Uri) -> Response {
    let since = uri.query().and_then(|q| q.strip_prefix("since=")).and_then(|n| n.parse().ok()).unwrap_or(0);
    match fresh(&local) {
        Ok(w) => json_answer(&json!({ "acts": w.log.acts().get(since..).unwrap_or_default() })),
        Err(r) => *r,
    }
}

fn json_answer(value: &serde_json::Value) -> Response {
    answer(StatusCode::OK, "application/json", value.to_string())
}

#[derive(Deserialize)]
struct Posted {
    /// How many acts the page knows.
    since: usize,
    act: Decision,
}

/// Writes an act: numbered, signed and dated here, on the disk before the answer.
async fn act(State(local): State<Arc<Local>>, headers: HeaderMap, body: Bytes) -> Response {
    if local.options.mode != PageMode::Serve {
        return refuse(StatusCode::FORBIDDEN, "read only");
    }
    if headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) != Some("application/json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "JSON was expected");
    }
    let posted: Posted = match serde_json::from_slice(&body) {
        Ok(p) => p,
        Err(e) => return refuse(StatusCode::BAD_REQUEST, &format!("no act: {e}")),
    };
    let mut d = posted.act;
    if d.v != recto::review::DECISION_VERSION || d.run.as_deref() != Some(&local.run) {
        return refuse(StatusCode::CONFLICT, "an act of another run or version");
    }
    let mut w = match fresh(&local) {
        Ok(w) => w,
        Err(r) => return *r,
    };
    let gone = w.log.undone();
    let holds = |n: &String| w.log.acts().iter().any(|a| a.act == *n) && !gone.contains(n.as_str());
    if (d.op == Op::Undo && d.of.is_empty()) || !d.of.iter().all(holds) {
        return refuse(StatusCode::CONFLICT, "that act does not hold any more");
    }
    d.by.clone_from(&local.options.by);
    d.at = Some(now());
    let act = w.log.push(d).clone();
    let expected = w.bytes + act.line().len() as u64 + 1;
    let written = append_log(&local.layout.decisions(), std::slice::from_ref(&act));
    // What is on the disk counts, where the act went wrong or somebody else wrote in between.
    let ours = written.as_ref().is_ok_and(|w| w.first() == Some(&act)) && length(&local.layout) == expected;
    w.bytes = if ours { expected } else { u64::MAX };
    let act = match written {
        Ok(written) => written.into_iter().next().unwrap_or(act),
        Err(e) => return refuse(StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
    };
    if !ours {
        drop(w);
        w = match fresh(&local) {
            Ok(w) => w,
            Err(r) => return *r,
        };
    }
    if act.scope == Scope::Always {
        let s = Session::new(local.opened.clone(), w.log.clone(), None);
        super::apply::keep_words(&s.lines_of(&act), &local.words, &local.ui);
    }
    json_answer(&json!({ "act": act.act, "acts": w.log.acts().get(posted.since..).unwrap_or_default() }))
}
