// What the page shows: groups, places, one change. It reads the model and paints; a text never becomes markup.

const data = JSON.parse(document.getElementById('data').textContent);
const M = makeModel(data);
const $ = (id) => document.getElementById(id);
const readOnly = data.mode === 'diff', serve = data.mode === 'serve';
const SIGN = { auto: '●', proposed: '○', accepted: '✓', rejected: '✗', edited: '✎', doubt: '?', stale: '!', superseded: '–' };
// Acts on more places than this are asked about once.
const MANY = 1000;
// Untouched places listed in a concordance, at most.
const MOST_PLAIN = 2000;
const ROW = 58, GROUP = 68;
const key = `recto:${data.run}${data.part ? `:${data.part.name}` : ''}`;

let lang = data.ui === 'zh' ? 'zh' : 'en';
const t = (k, ...v) => (WORDS[lang][k] || WORDS.en[k] || k).replace(/\{(\d)\}/g, (_, n) => String(v[n]));
const num = (n) => n.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en');
const stateName = (s) => t(s === 'doubt' ? 'doubtState' : s);
const seen = (text) => text.replace(UNSEEN, sign);
const short = (text, most = 40) => (text.length > most ? `${text.slice(0, most)}…` : text);
const ruleName = (r) => (lang === 'zh' && r.zh ? r.zh : r.id.replaceAll('-', ' '));
const score = (i) => (i.p == null ? { certain: 1, likely: 0.9, suggest: 0.5 }[i.confidence] : i.p);
const figure = (i) => (i.p == null ? t(i.confidence) : i.p.toFixed(2));
const places = (n) => (n === 1 ? t('place1') : t('placesN', num(n)));
const placeOf = (i) => `${M.pagePath(i)}:${i.line}`;
// The pages' names without what they have in common, so that a row can hold one.
const common = (() => {
  const all = data.issues.flatMap((i) => i.pages.map((p) => p[0]));
  if (!all.length) return '';
  let c = all[0].slice(0, all[0].lastIndexOf('/') + 1);
  for (const p of all) while (c && !p.startsWith(c)) c = c.slice(0, c.lastIndexOf('/', c.length - 2) + 1);
  return c;
})();
const onePage = data.issues.length === 1 && data.issues[0].pages.length === 1;
document.body.classList.toggle('one-page', onePage);
const shortPage = (path) => {
  if (onePage) return '';
  const p = path.slice(common.length).replace(/\.txt$/i, '');
  return p.length > 12 ? `…${p.slice(-11)}` : p;
};

const ui = { shown: [], at: 0, rows: [], cur: 0, concordance: null, ticks: new Set(), scope: 'all', pages: false, own: false };
const filter = { state: '', rule: '', page: '', from: '', to: '', text: '' };
const pace = [];
const batches = new Map();
let saved = M.acts().length, draftKept = true;

const bundleStats = M.bundles.map((b) => {
  const all = b.members.map((m) => score(M.items[m]));
  return { low: all.reduce((x, y) => Math.min(x, y), 1), high: all.reduce((x, y) => Math.max(x, y), 0) };
});

// ---- what is shown -------------------------------------------------------------------------------------------

function matcher() {
  const text = filter.text.trim();
  let test = null;
  const regex = /^\/(.+)\/$/su.exec(text);
  if (regex) {
    try {
      const r = new RegExp(regex[1], 'su');
      test = (s) => r.test(s);
    } catch { /* Half a pattern is a plain text. */ }
  }
  if (!test && text) test = (s) => s.includes(text);
  const from = filter.from === '' ? 0 : Number(filter.from), to = filter.to === '' ? 1 : Number(filter.to);
  return (i) => {
    if (filter.state === 'undecided' ? DECIDED.has(i.state) : filter.state && i.state !== filter.state) return false;
    if (filter.rule && M.rule(i).id !== filter.rule) return false;
    if (filter.page && M.pagePath(i) !== filter.page) return false;
    const s = score(i);
    if (s < from || s > to) return false;
    if (!test) return true;
    const whole = M.issues[i.issue].text, r = M.rule(i);
    return test(whole.slice(Math.max(0, M.start(i) - 16), M.end(i) + 16)) || test(M.after(i)) || test(r.id)
      || test(r.zh || '') || test(M.pagePath(i)) || i.id.startsWith(text);
  };
}

const filtering = () => Object.values(filter).some(Boolean);

function list() {
  const match = matcher();
  const kept = ui.shown[ui.at] ? ui.shown[ui.at].b.n : -1;
  ui.shown = [];
  for (const b of M.bundles) {
    const rows = filtering() ? b.members.filter((m) => match(M.items[m])) : b.members;
    if (rows.length) ui.shown.push({ b, rows });
  }
  const by = {
    size: (x, y) => y.rows.length - x.rows.length,
    confidence: (x, y) => bundleStats[x.b.n].low - bundleStats[y.b.n].low,
    rule: (x, y) => (M.groups[x.b.group].rule || '').localeCompare(M.groups[y.b.group].rule || ''),
    state: (x, y) => STATES.indexOf(bundleState(y.b)) - STATES.indexOf(bundleState(x.b)),
  }[$('sort').value];
  if (by) ui.shown.sort((x, y) => by(x, y) || x.b.n - y.b.n);
  const again = ui.shown.findIndex((s) => s.b.n === kept);
  ui.at = Math.max(0, again);
  if (again < 0) ui.cur = 0;
  rowsOf();
}

function rowsOf() {
  if (ui.concordance) {
    ui.rows = ui.concordance.rows;
  } else {
    ui.rows = ui.shown[ui.at] ? ui.shown[ui.at].rows : [];
  }
  ui.cur = Math.min(ui.cur, Math.max(0, ui.rows.length - 1));
}

const current = () => {
  const n = ui.rows[ui.cur];
  return typeof n === 'number' ? M.items[n] : null;
};

function bundleState(b) {
  let mixed = null;
  for (const m of b.members) {
    const s = M.items[m].state;
    if (mixed === null) mixed = s; else if (mixed !== s) return M.open(b) ? 'proposed' : s;
  }
  return mixed || 'auto';
}

// ---- painting ------------------------------------------------------------------------------------------------

function text(i, from, to, side, options) {
  const slice = M.issues[i.issue].text.slice(from, to);
  return h('span', { class: 't', lang: langOf(slice, M.issues[i.issue].lang), dir: 'auto' },
    paint(M, i.issue, from, to, side, i, options));
}

function drawGroup(n) {
  const { b, rows } = ui.shown[n];
  const first = M.items[rows[0]], st = bundleStats[b.n], state = bundleState(b);
  const open = b.members.reduce((c, m) => c + (DECIDED.has(M.items[m].state) ? 0 : 1), 0);
  const range = st.low === st.high ? st.low.toFixed(2) : `${st.low.toFixed(2)}–${st.high.toFixed(2)}`;
  const facts = [b.single ? t('single') : b.safe ? t('safe') : null, t(first.confidence), range].filter(Boolean).join(' · ');
  return h('div', {
    class: `row group s-${state}${M.open(b) ? '' : ' done'}`, onclick: () => { choose(n); $('groups').focus(); },
    'aria-label': `${ruleName(M.rule(first))}, ${places(b.members.length)}, ${facts}, ${open} ${t('undecided')}`,
  },
  h('div', { class: 'l1' }, h('span', { class: 'sign', title: stateName(state) }, b.safe || !M.open(b) ? SIGN[state] : '○'),
    h('span', { class: 'rule' }, ruleName(M.rule(first))),
    h('span', { class: 'count' }, filtering() && rows.length !== b.members.length ? t('of2', num(rows.length), num(b.members.length)) : num(b.members.length))),
  h('div', { class: 'l2' }, text(first, M.start(first), M.end(first), 'before', { most: 14, others: false }), h('span', { class: 'to' }, ' → '),
    text(first, M.start(first), M.end(first), 'after', { most: 14, others: false })),
  h('div', { class: 'l3' }, facts));
}

function drawRow(n) {
  const row = ui.rows[n];
  if (typeof row !== 'number') return drawPlain(row);
  const i = M.items[row], s = M.start(i), e = M.end(i);
  const whole = M.issues[i.issue].text;
  const from = Math.max(0, s - 24), to = Math.min(whole.length, e + 48);
  const line = (side) => h('div', { class: `line ${side}` },
    h('span', { class: 'kl' }, text(i, from, s, side, { others: false })),
    h('span', { class: 'kr' }, text(i, s, to, side, { most: 60, others: false })));
  return h('div', {
    class: `row s-${i.state}`, onclick: (ev) => { if (ui.concordance && ev.target.closest('.tick')) toggle(row); at(n); $('rows').focus(); },
    'aria-label': `${placeOf(i)}: ${saying(i)}; ${stateName(i.state)}, ${figure(i)}`,
  },
  h('span', { class: 'sign', title: stateName(i.state) }, SIGN[i.state]),
  ui.concordance ? h('span', { class: 'tick', 'aria-hidden': 'true' }, ui.ticks.has(row) ? '☑' : '☐') : null,
  h('span', { class: 'place', title: placeOf(i) }, h('b', {}, shortPage(M.pagePath(i))), h('span', {}, `:${i.line}`)),
  h('div', { class: 'kwic' }, line('before'), line('after')),
  h('span', { class: 'p' }, figure(i), i.protected ? h('span', { class: 'lock', title: t(`a_${i.protected}`) }, '⚠') : null));
}

// A place where the same text stands untouched.
function drawPlain(r) {
  const whole = M.issues[r.issue].text;
  const part = (a, b, mark) => {
    const el = h(mark ? 'mark' : 'span', { class: 't', lang: langOf(whole.slice(a, b), M.issues[r.issue].lang), dir: 'auto' });
    put(el, whole.slice(a, b));
    return el;
  };
  return h('div', { class: 'row plain', onclick: () => at(ui.rows.indexOf(r)), 'aria-label': `${t('plain')}: ${seen(whole.slice(r.s - 10, r.e + 10))}` },
    h('span', { class: 'sign' }, '·'), h('span', { class: 'tick' }), h('span', { class: 'place' }, h('b', {}, shortPage(r.page))),
    h('div', { class: 'kwic' }, h('div', { class: 'line' }, h('span', { class: 'kl' }, part(Math.max(0, r.s - 24), r.s)),
      h('span', { class: 'kr' }, part(r.s, r.e, true), part(r.e, r.e + 40))), h('div', { class: 'line note' }, t('plain'))),
    h('span', { class: 'p' }));
}

const saying = (i) => `${short(seen(M.before(i))) || '∅'} → ${short(seen(M.after(i))) || '∅'}`;

const button = (k, label, act, props = {}) => h('button', { type: 'button', onclick: act, ...props },
  k ? h('kbd', {}, k) : null, k ? ' ' : null, label);

function drawHead() {
  const s = ui.shown[ui.at], i = current() || (s && M.items[s.rows[0]]);
  if (!s || !i) {
    $('group').replaceChildren(h('p', { class: 'empty' }, t(M.items.length ? 'empty' : 'noChanges')));
    return;
  }
  const r = M.rule(i);
  const head = h('div', { class: 'title' }, h('h2', {}, ruleName(r)), h('code', {}, r.id), h('span', { class: 'sub' },
    ui.concordance ? `${t('concordance')}: ${saying(i)} · ${places(ui.concordance.found)}`
      : places(s.rows.length)));
  if (ui.concordance && ui.concordance.plain) head.append(h('span', { class: 'sub' }, t('plainN', num(ui.concordance.plain))));
  const parts = [head];
  if (!readOnly) parts.push(ui.concordance ? tickedBar() : groupBar(s, i));
  else parts.push(h('div', { class: 'acts' }, button('c', t('concordance'), concordance), button('x', t('explain'), explain)));
  $('group').replaceChildren(...parts);
}

function groupBar(s, i) {
  const count = (scope, op) => M.reach(i.n, scope, op).length + M.elsewhere(i.n, scope);
  const scopes = ['page', 'issue', 'all'];
  const radios = h('fieldset', { class: 'scopes' }, h('legend', {}, t('scope')),
    ...scopes.map((sc, n) => h('label', {},
      h('input', { type: 'radio', name: 'scope', value: sc, checked: ui.scope === sc, onchange: () => { ui.scope = sc; drawHead(); } }),
      h('kbd', {}, String(n + 1)), ' ', t(`s_${sc}`), ' ', h('b', {}, num(count(sc, 'reject'))))));
  const a = s.b.single ? 0 : count(ui.scope, 'accept'), r = count(ui.scope, 'reject');
  const stays = r - a;
  const bar = h('div', { class: 'acts' },
    button('A', `${t('acceptAll')} ${num(a)}`, () => group('accept'), { disabled: !a, class: 'yes', title: s.b.single ? t('protectedNo') : '' }),
    button('R', `${t('rejectAll')} ${num(r)}`, () => group('reject'), { disabled: !r, class: 'no' }),
    button('S', t('skip'), () => nextBundle(1)),
    button('c', t('concordance'), concordance), button('p', t('always'), always), button('x', t('explain'), explain),
    stays > 0 ? h('span', { class: 'sub' }, `⚠ ${t('stays', num(stays))}`) : null);
  return h('div', {}, count('all', 'reject') > 1 ? radios : null, bar);
}

function tickedBar() {
  const n = ui.ticks.size;
  return h('div', { class: 'acts' },
    button('A', `${t('acceptTicked')} ${num(n)}`, () => ticked('accept'), { disabled: !n, class: 'yes' }),
    button('R', `${t('rejectTicked')} ${num(n)}`, () => ticked('reject'), { disabled: !n, class: 'no' }),
    h('span', { class: 'sub' }, h('kbd', {}, '␣'), ` ${t('tick')} ${num(n)}`), button('Esc', t('back'), back));
}

// Characters on each side of a change in the two texts that are compared.
const NEAR = 42;

// Three lines before and after, but never more than a screen.
function around(whole, s, e) {
  const most = 400;
  let from = s, to = e;
  for (let n = 0; n < 4 && from > 0; n++) from = whole.lastIndexOf('\n', from - 1) < 0 ? 0 : whole.lastIndexOf('\n', from - 1);
  for (let n = 0; n < 4 && to < whole.length; n++) to = whole.indexOf('\n', to + 1) < 0 ? whole.length : whole.indexOf('\n', to + 1);
  return [Math.max(from === 0 ? 0 : from + 1, s - most), Math.min(to, e + most)];
}

function drawDetail() {
  const i = current(), box = $('detail');
  if (!i) {
    const r = ui.rows[ui.cur];
    box.replaceChildren(h('h2', { id: 'detail-h' }, t('detail')));
    if (r) {
      const [a, b] = around(M.issues[r.issue].text, r.s, r.e);
      box.append(h('div', { class: 'block' }, paint(M, r.issue, a, b, 'after', null, { breaks: true })));
    }
    return;
  }
  const whole = M.issues[i.issue].text, [from, to] = around(whole, M.start(i), M.end(i));
  const s = Math.max(from, M.start(i) - NEAR), e = Math.min(to, M.end(i) + NEAR);
  const pair = (side) => h('div', { class: `block ${side}`, lang: langOf(whole.slice(s, e), M.issues[i.issue].lang), dir: 'auto' },
    s > from ? '…' : null, paint(M, i.issue, s, e, side, i, { most: 400, others: side === 'after' }), e < to ? '…' : null);
  const act = i.act;
  const parts = [
    h('h2', { id: 'detail-h' }, t('detail'), ' ', h('span', { class: `chip s-${i.state}` }, `${SIGN[i.state]} ${stateName(i.state)}`)),
    h('p', { class: 'meta' }, `${M.pagePath(i)}:${i.line}:${i.column} · ${t(i.confidence)}${i.p == null ? '' : ` ${i.p.toFixed(3)}`} · `, h('code', {}, i.id)),
    i.protected ? h('p', { class: 'warn' }, `⚠ ${t('alone')} ${t(`a_${i.protected}`)}`) : null,
    readOnly ? null : h('div', { class: 'acts' },
      button('a', t('accept'), () => one('accept'), { class: 'yes' }), button('r', t('reject'), () => one('reject'), { class: 'no' }),
      button('d', t('doubt'), doubt), button('e', t('edit'), own), button('s', t('skip'), skip)),
    h('h3', {}, t('before')), pair('before'),
    h('h3', {}, t(LIVE.has(i.state) ? 'after' : 'afterIf')), pair('after'),
    act ? h('p', { class: 'meta' }, `${act.op}${act.group ? ` (${act.scope})` : ''}`, act.by ? ` · ${act.by}` : '', act.at ? ` · ${act.at}` : '', act.note ? ` · ${act.note}` : '',
      ' ', readOnly ? null : button('', t('undoThis'), () => undo([act.act]), { class: 'small' })) : null,
    readOnly ? null : h('div', { class: 'field', id: 'own-box', hidden: !ui.own }, h('label', { for: 'own' }, t('own')),
      h('textarea', { id: 'own', rows: '2', spellcheck: false }), button('Ctrl+⏎', t('ownSave'), saveOwn)),
    readOnly ? null : h('div', { class: 'field' }, h('label', { for: 'note' }, t('note')),
      h('textarea', { id: 'note', rows: '2', placeholder: t('noteHint') })),
    h('h3', {}, t('context')), h('div', { class: 'block small', lang: langOf(whole.slice(from, to), M.issues[i.issue].lang), dir: 'auto' },
      paint(M, i.issue, from, to, 'both', i, { breaks: true, most: 900 })),
    h('h3', {}, t('evidence')), h('ul', { class: 'why' }, i.reasons.map((r) => h('li', {}, seen(data.reasons[r])))),
  ];
  const note = $('note') ? $('note').value : '';
  const keep = box.dataset.n === String(i.n);
  box.replaceChildren(...parts.filter(Boolean));
  box.dataset.n = i.n;
  if ($('note') && keep) $('note').value = note;
  if (!keep) box.scrollTop = 0;
}

function drawTop() {
  const left = M.left(), total = M.bundles.filter((b) => !b.safe).length;
  document.title = `recto · ${t(readOnly ? 'titleDiff' : 'title')} · ${nameOf()}`;
  $('title').textContent = t(readOnly ? 'titleDiff' : 'title');
  $('name').textContent = nameOf();
  $('bar').max = Math.max(1, total);
  $('bar').value = total - left;
  const rest = left ? `${num(left)} ${t('left')}` : t('allDone');
  $('left').textContent = readOnly ? `${t('printed', num(M.items.length))} · ${t('readOnly')}` : `${rest}${minutes(left)}`;
  $('bar').hidden = readOnly;
  $('progress').title = `${t('run')} ${data.run}`;
  $('groups-n').textContent = num(ui.shown.length);
  const open = unsaved();
  $('kept').textContent = [
    `${t('run')} ${data.run}`, readOnly ? null : serve ? t('writing', `${data.folder}/decisions.jsonl`) : t(draftKept ? 'draft' : 'noDraft'),
    open && !serve ? t('unsaved', open) : null,
  ].filter(Boolean).join(' · ');
  const dl = $('download');
  if (dl) dl.classList.toggle('due', open > 0);
}

const nameOf = () => (data.part ? data.part.name : data.issues.length === 1 ? data.issues[0].name : data.name || '');

function minutes(left) {
  const recent = pace.slice(-30);
  let time = 0, done = 0;
  for (let n = 1; n < recent.length; n++) {
    const gap = recent[n][0] - recent[n - 1][0];
    if (gap > 120000) continue;
    time += gap;
    done += Math.max(0, recent[n - 1][1] - recent[n][1]);
  }
  return done >= 3 && left ? ` · ${t('pace', Math.max(1, Math.round((left * time) / done / 60000)))}` : '';
}

const groupRows = new Rows($('groups'), GROUP, drawGroup);
const placeRows = new Rows($('rows'), ROW, drawRow);

function draw() {
  groupRows.show(ui.shown.length, ui.shown.length ? ui.at : -1);
  placeRows.show(ui.rows.length, ui.rows.length ? ui.cur : -1);
  drawHead();
  drawDetail();
  drawTop();
  if (ui.pages) drawPages();
}

function say(message) {
  $('live').textContent = message;
}
