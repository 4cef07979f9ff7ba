// Moving about, deciding, and what is kept of it: drafts, downloads, other logs.

// ---- moving --------------------------------------------------------------------------------------------------

function at(n) {
  ui.cur = Math.max(0, Math.min(n, ui.rows.length - 1));
  ui.own = false;
  placeRows.select(ui.rows.length ? ui.cur : -1);
  drawHead();
  drawDetail();
  if (ui.pages) drawPages();
}

function choose(n, row = 0) {
  ui.concordance = null;
  ui.ticks.clear();
  ui.at = Math.max(0, Math.min(n, ui.shown.length - 1));
  ui.cur = row;
  ui.own = false;
  rowsOf();
  draw();
}

function step(by) {
  const n = ui.cur + by;
  if (n >= 0 && n < ui.rows.length) at(n);
  else if (!ui.concordance && by > 0 && ui.at + 1 < ui.shown.length) choose(ui.at + 1);
  else if (!ui.concordance && by < 0 && ui.at > 0) choose(ui.at - 1, ui.shown[ui.at - 1].rows.length - 1);
}

const undecided = (n) => typeof n === 'number' && !DECIDED.has(M.items[n].state);

function nextUndecided(by) {
  for (let n = ui.cur + by; n >= 0 && n < ui.rows.length; n += by) if (undecided(ui.rows[n])) return at(n), true;
  if (ui.concordance) return false;
  for (let b = ui.at + by; b >= 0 && b < ui.shown.length; b += by) {
    if (ui.shown[b].b.safe) continue;
    const rows = ui.shown[b].rows;
    const hit = by > 0 ? rows.findIndex(undecided) : rows.findLastIndex(undecided);
    if (hit >= 0) return choose(b, hit), true;
  }
  // Then from the start: what was skipped is asked again.
  const again = by > 0 ? ui.shown.findIndex((s) => !s.b.safe && s.rows.some(undecided)) : -1;
  if (again >= 0 && again !== ui.at) return choose(again, ui.shown[again].rows.findIndex(undecided)), true;
  if (again === ui.at && ui.rows.some(undecided)) return at(ui.rows.findIndex(undecided)), true;
  return false;
}

function nextBundle(by) {
  const open = (s) => !s.b.safe && s.rows.some(undecided);
  for (let b = ui.at + by; b >= 0 && b < ui.shown.length; b += by) if (open(ui.shown[b])) return choose(b, ui.shown[b].rows.findIndex(undecided));
  const again = ui.shown.findIndex(open);
  if (again >= 0) choose(again, ui.shown[again].rows.findIndex(undecided));
}

function skip() {
  if (nextUndecided(1)) say(t('skipped'));
}

function goTo(wanted) {
  const w = wanted.trim();
  const find = () => {
    if (/^\d{1,6}$/.test(w) && Number(w) >= 1 && Number(w) <= ui.rows.length) return at(Number(w) - 1), true;
    const place = /^(.*):(\d+)$/.exec(w);
    const bundle = ui.shown.findIndex((x) => x.b.id === w);
    if (bundle >= 0) return choose(bundle), true;
    const hit = M.items.find((i) => (place ? i.line === Number(place[2]) && M.pagePath(i).includes(place[1]) : w && i.id.startsWith(w)));
    return hit ? (show(hit), true) : false;
  };
  if (!find()) say(t('notFound', w));
}

function show(item) {
  const b = M.bundleOf[item.n];
  let n = ui.shown.findIndex((s) => s.b.n === b && s.rows.includes(item.n));
  if (n < 0 && filtering()) {
    clearFilters();
    n = ui.shown.findIndex((s) => s.b.n === b);
  }
  if (n >= 0) choose(n, ui.shown[n].rows.indexOf(item.n));
}

function concordance() {
  const i = current();
  if (!i) return;
  if (ui.concordance) return back();
  const [b, a] = [M.before(i), M.after(i)];
  const rows = M.items.filter((x) => x.state !== 'superseded' && M.before(x) === b && M.after(x) === a).map((x) => x.n);
  const found = rows.length;
  let plain = 0;
  // A line end is no word: its untouched places would be the whole page.
  if (b.trim()) {
    const touched = new Set(M.items.filter((x) => M.before(x) === b).map((x) => `${x.issue}:${M.start(x)}`));
    M.issues.forEach((issue, n) => {
      for (let s = issue.text.indexOf(b); s >= 0; s = issue.text.indexOf(b, s + b.length)) {
        if (touched.has(`${n}:${s}`)) continue;
        plain++;
        if (plain <= MOST_PLAIN) rows.push({ issue: n, s, e: s + b.length, page: issue.pages.reduce((p, q) => (q[1] <= s ? q[0] : p), '') });
      }
    });
  }
  ui.concordance = { rows, found, plain, from: [ui.at, ui.cur] };
  ui.ticks = new Set(rows.filter((n) => undecided(n) && !M.items[n].protected));
  rowsOf();
  ui.cur = Math.max(0, rows.indexOf(i.n));
  draw();
  $('rows').focus();
}

function toggle(n) {
  if (typeof n !== 'number') return;
  if (ui.ticks.has(n)) ui.ticks.delete(n); else ui.ticks.add(n);
  drawHead();
  placeRows.draw();
}

function back() {
  if (ui.concordance) {
    const [b, r] = ui.concordance.from;
    choose(b, r);
  } else if (ui.pages) togglePages(false);
  else if (ui.own) {
    ui.own = false;
    drawDetail();
  }
  $('rows').focus();
}

// ---- acts ----------------------------------------------------------------------------------------------------

function context() {
  const note = $('note') ? $('note').value.trim() : '';
  return { by: data.by || '', at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), note };
}

let busy = Promise.resolve();

// Lets acts hold: here, or in the log of the local page. They are one undo step.
function commit(list, message, then) {
  busy = busy.then(async () => {
    const made = [];
    for (const d of list) {
      if (serve) {
        const answer = await post({ since: M.acts().length, act: d });
        if (!answer) return;
        M.append(answer.acts);
        made.push(answer.act);
      } else made.push(M.push(d).act);
    }
    if (list.length > 1) for (const a of made) batches.set(a, made);
    const touched = list.length === 1 && !serve ? M.touched(list[0]) : null;
    M.refresh(touched);
    pace.push([Date.now(), M.left()]);
    if ($('note')) $('note').value = '';
    ui.own = false;
    keep();
    say(`${message}${M.left() ? '' : ` · ${t('allDone')}`}`);
    if (then) then();
    draw();
  });
  return busy;
}

async function post(body) {
  try {
    const r = await fetch('/acts', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (r.ok) return await r.json();
    say(`${r.status}: ${await r.text()}`);
  } catch {
    say(t('serverGone'));
  }
  return null;
}

const opName = (op) => t({ accept: 'accepted', reject: 'rejected', doubt: 'doubtState', edit: 'edited' }[op]);

function one(op) {
  const i = current();
  if (!i || readOnly) return;
  if (i.state === 'superseded') return void say(t('nothing'));
  const d = M.decide(i.n, 'one', op, context());
  commit([d], t('said', opName(op), saying(i)), () => nextUndecided(1));
}

function group(op) {
  const s = ui.shown[ui.at], i = current();
  if (!s || !i || readOnly || ui.concordance) return;
  if (op === 'accept' && s.b.single) return void say(t('protectedNo'));
  const n = M.reach(i.n, ui.scope, op).length + M.elsewhere(i.n, ui.scope);
  const d = M.decide(i.n, ui.scope, op, context());
  if (!d) return void say(t('nothing'));
  const go = () => commit([d], t('said', opName(op), `${saying(i)}, ${places(n)}`), () => nextUndecided(1));
  if (n > MANY) ask(n, go); else go();
}

function ticked(op) {
  const list = ui.rows.filter((n) => ui.ticks.has(n));
  if (!list.length || readOnly) return;
  const ds = M.decideItems(list, op, context());
  const go = () => commit(ds, t('said', opName(op), `${saying(M.items[list[0]])}, ${places(list.length)}`), () => ui.ticks.clear());
  if (list.length > MANY) ask(list.length, go); else go();
}

function ask(n, go) {
  dialog(t('title'), [h('p', {}, t('many', num(n)))], [button('', t('yes', num(n)), () => { closeDialog(); go(); }, { class: 'yes', id: 'ask-yes' })]);
}

// Doubt wants a reason: the note box takes it, Enter puts the change in doubt.
function doubt() {
  if (readOnly || !current()) return;
  const box = $('note');
  if (box.value.trim()) return one('doubt');
  box.dataset.doubt = '1';
  box.focus();
}

function own() {
  const i = current();
  if (readOnly || !i || i.state === 'superseded') return;
  ui.own = true;
  $('own-box').hidden = false;
  $('own').value = i.state === 'edited' && i.act && i.act.text != null ? i.act.text : M.after(i);
  $('own').focus();
  $('own').select();
}

function saveOwn() {
  const i = current();
  if (!i) return;
  const made = M.own(i.n, $('own').value, context());
  if (made.error) return void say(t(made.error));
  commit([made.act], t('said', opName('edit'), seen(made.act.text)), () => nextUndecided(1));
  $('rows').focus();
}

function undo(list) {
  if (readOnly) return;
  const held = M.active();
  let of = list;
  if (!of) {
    const last = held[held.length - 1];
    if (!last) return void say(t('nothingUndo'));
    of = batches.get(last.act) || [last.act];
  }
  const gone = held.filter((a) => of.includes(a.act));
  const what = gone.length ? `${opName(gone[0].op)} · ${seen(gone[0].what || '')}` : of.join(', ');
  // Back to where the act was: what it decided is asked again.
  const hits = M.items.filter((i) => i.act && of.includes(i.act.act) && M.bundleOf[i.n] >= 0);
  commit([M.undo(M.withOrigins(of), { ...context(), note: '' })], t('undid', what), () => {
    if (ui.concordance) hits.forEach((i) => ui.ticks.add(i.n));
    else if (hits.length) show(hits[0]);
  });
}

// Lines for the title's word list that the page shows of each kind.
const MOST_LINES = 6;

function always() {
  const i = current();
  if (!i || readOnly) return;
  const s = ui.shown[ui.at];
  const n = (op) => M.reach(i.n, 'always', op).length + M.elsewhere(i.n, 'always');
  const lines = ['accept', 'reject'].flatMap((op) => M.wordLines(M.reach(i.n, 'always', op), op).slice(0, MOST_LINES));
  const act = (op) => () => {
    closeDialog();
    const d = M.decide(i.n, 'always', op, context());
    if (!d) return void say(t('nothing'));
    commit([d], t('said', opName(op), `${saying(i)}, ${places(n(op))}`), () => nextUndecided(1));
  };
  dialog(t('alwaysTitle'), [
    h('p', {}, saying(i)), h('p', {}, t('alwaysSays', num(n('reject')))),
    lines.length ? h('p', {}, t('alwaysWords')) : null,
    ...lines.map((l) => h('pre', {}, seen(l))),
  ], [
    button('a', `${t('alwaysAccept')} ${num(n('accept'))}`, act('accept'), { class: 'yes', 'data-key': 'a', disabled: s.b.single || !n('accept') }),
    button('r', `${t('alwaysReject')} ${num(n('reject'))}`, act('reject'), { class: 'no', 'data-key': 'r', disabled: !n('reject') }),
  ]);
}

// ---- drafts and files ----------------------------------------------------------------------------------------

const unsaved = () => (readOnly || serve ? 0 : M.acts().length - saved);
let timer = 0;

function keep() {
  if (serve || readOnly) return;
  clearTimeout(timer);
  timer = setTimeout(keepNow, 150);
}

function keepNow() {
  if (serve || readOnly) return;
  clearTimeout(timer);
  const own = M.acts().slice(data.log.length);
  try {
    if (own.length) localStorage.setItem(key, JSON.stringify({ v: 1, acts: own, saved: saved - data.log.length, left: M.left() }));
    else localStorage.removeItem(key);
    draftKept = true;
  } catch {
    draftKept = false;
  }
}

function resume() {
  if (serve || readOnly) return;
  try {
    const draft = JSON.parse(localStorage.getItem(key) || 'null');
    if (!draft || draft.v !== 1 || !draft.acts.length) return;
    const { added } = M.merge(M.parse(draft.acts.map((a) => JSON.stringify(a)).join('\n')));
    if (draft.saved >= draft.acts.length) saved = M.acts().length;
    if (added) say(t('restored', added));
  } catch {
    draftKept = false;
  }
}

function download() {
  const lines = M.acts().map((a) => `${JSON.stringify(a)}\n`).join('');
  const url = URL.createObjectURL(new Blob([lines], { type: 'application/jsonl' }));
  const a = h('a', { href: url, download: 'decisions.jsonl' });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  saved = M.acts().length;
  keepNow();
  say(t('downloaded', M.acts().length));
  drawTop();
}

const quoted = (s) => (/^[\w@%+=:,./-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`);
const commandLine = () => `recto apply ${quoted(data.folder || 'OUT')}${serve ? '' : ' --decisions decisions.jsonl'}`;

async function command() {
  const line = commandLine();
  try {
    await navigator.clipboard.writeText(line);
    say(t('copied', line));
  } catch { /* Without leave to copy the line stands in the dialog. */ }
  dialog(t('command'), [h('p', {}, t('copyByHand')), h('pre', { id: 'command-line' }, line), h('p', {}, t('commandDoes'))], []);
}

function load(text) {
  try {
    const { added, conflicts } = M.merge(M.parse(text));
    keepNow();
    list();
    draw();
    say([t('added', added, M.parse(text).length - added), conflicts.length ? t('conflicts', conflicts.length) : null].filter(Boolean).join(' · '));
    if (conflicts.length) {
      dialog(t('load'), [h('p', {}, t('conflicts', conflicts.length)), h('ul', {}, conflicts.slice(0, 200).map(([a, b]) =>
        h('li', {}, `${seen(b.what || '')}: ${opName(a.op)} (${a.by || '–'}) → ${opName(b.op)} (${b.by || '–'})`)))], []);
    }
  } catch (e) {
    const message = e.code === 'otherRun' ? t('otherRun', seen(short(e.run)), data.run) : t(e.code || 'badLine', e.line);
    say(message);
    dialog(t('load'), [h('p', { class: 'warn' }, message)], []);
  }
}
