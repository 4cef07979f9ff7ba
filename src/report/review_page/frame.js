// Dialogs, the page side by side, printing, keys, and the frame around all.

// ---- dialogs -------------------------------------------------------------------------------------------------

function dialog(title, body, buttons) {
  const d = $('dialog');
  d.replaceChildren(h('h2', { id: 'dialog-h' }, title), h('div', { class: 'body' }, body.filter(Boolean)),
    h('div', { class: 'acts' }, ...buttons, button('Esc', t(buttons.length ? 'cancel' : 'close'), closeDialog)));
  if (!d.open) d.showModal();
  const first = d.querySelector('input, .acts button:not([disabled])');
  if (first) first.focus();
}

function closeDialog() {
  if ($('dialog').open) $('dialog').close();
}

function explain() {
  const i = current();
  if (!i) return;
  const r = M.rule(i);
  const example = (l) => {
    const el = h('div', { class: 'block small' });
    for (const [kind, x] of differences(l[0], l[1])) {
      if (kind === '=') put(el, x, {});
      else {
        const mark = h(kind === '-' ? 'del' : 'ins', { class: 'me' });
        put(mark, x, { spaces: true });
        el.append(mark);
      }
    }
    return el;
  };
  dialog(`${ruleName(r)}`, [h('p', { class: 'meta' }, h('code', {}, r.id), ` · ${r.stage} · ${t(i.confidence)}`),
    r.doc ? h('p', { lang: 'en' }, r.doc) : null, ...(r.examples || []).map(example),
    h('h3', {}, t('evidence')), h('ul', {}, i.reasons.map((x) => h('li', {}, seen(data.reasons[x]))))], []);
}

function actList() {
  const gone = M.undone();
  const all = M.acts().slice().reverse();
  const rows = all.slice(0, 300).map((a) => h('li', { class: gone.has(a.act) ? 'gone' : '' },
    h('span', {}, `${a.act} · ${a.op === 'undo' ? `${t('undo')} ${(a.of || []).join(', ')}` : opName(a.op)}${a.group ? ` (${t(`s_${a.scope}`) || a.scope})` : ''} · ${seen(a.what || '')}${a.note ? ` · ${seen(a.note)}` : ''}${a.by ? ` · ${seen(a.by)}` : ''}`),
    gone.has(a.act) ? h('i', {}, t('takenBack')) : readOnly ? null : button('', t('undo'), () => { closeDialog(); undo([a.act]); }, { class: 'small' })));
  dialog(t('acts'), [all.length ? h('ol', { class: 'list' }, rows) : h('p', {}, t('noActs')),
    all.length > 300 ? h('p', {}, t('more', num(all.length - 300))) : null], []);
}

function help() {
  const keys = [['a y ⏎', 'k_a'], ['r n', 'k_r'], ['s ␣', 'k_s'], ['A R S', 'k_A'], ['w 1 2 3', 'k_1'], ['e', 'k_e'], ['d', 'k_d'], ['u', 'k_u'],
    ['U', 'k_U'], ['j k', 'k_j'], ['J K ↓ ↑', 'k_J'], ['g', 'k_g'], ['c', 'k_c'], ['/', 'k_slash'], ['f', 'k_f'], ['p', 'k_p'], ['x', 'k_x'],
    ['v', 'k_v'], ['Esc', 'k_esc'], ['?', 'k_q']];
  const mutes = readOnly ? ['k_a', 'k_r', 'k_s', 'k_A', 'k_1', 'k_e', 'k_d', 'k_u', 'k_U', 'k_p'] : [];
  const signs = STATES.map((s) => h('span', { class: `chip s-${s}` }, `${SIGN[s]} ${stateName(s)}`));
  dialog(t('help'), [h('table', { class: 'keys' }, keys.filter((k) => !mutes.includes(k[1])).map(([k, w]) =>
    h('tr', {}, h('th', { scope: 'row' }, k.split(' ').map((x) => h('kbd', {}, x))), h('td', {}, t(w))))), h('p', { class: 'signs' }, signs)], []);
}

function askPlace() {
  const input = h('input', { type: 'text', id: 'goto', 'aria-label': t('goHint'), placeholder: t('goHint') });
  const go = () => { closeDialog(); goTo(input.value); };
  input.addEventListener('keydown', (e) => { if (e.key === 'Enter') { e.preventDefault(); go(); } });
  dialog(t('goTo'), [input], [button('⏎', t('goTo'), go, { class: 'yes' })]);
}

// ---- the page, side by side ----------------------------------------------------------------------------------

// Rows shown around the change at hand, and the length at which a line is cut into several rows.
const PAGE_ROWS = 160, LONG = 3000;

// The rows of a page: original lines that the edits join stand in one.
function pageRows(issue, page) {
  const [, from, to] = M.issues[issue].pages[page], text = M.issues[issue].text;
  const rows = [];
  const live = M.standing(issue, from, to, null);
  let start = from, k = 0, line = 1, first = 1;
  const inside = (o) => {
    while (k < live.length && live[k][1] <= o) k++;
    return k < live.length && live[k][0] <= o && o < live[k][1];
  };
  for (let o = from; o <= to; o++) {
    const end = o === to || text[o] === '\n';
    if (end) {
      if (o === to || !inside(o)) {
        if (o > start || o < to) rows.push([start, Math.min(o + 1, to), first]);
        start = o + 1;
        first = line + 1;
      }
      line++;
    } else if (o - start >= LONG && !inside(o) && (text.charCodeAt(o) & 0xfc00) !== 0xdc00) {
      rows.push([start, o, first]);
      start = o;
    }
  }
  return rows;
}

let pageAt = null;

function togglePages(open) {
  ui.pages = open;
  $('pages').hidden = !open;
  $('review').hidden = open;
  if (open) {
    pageAt = null;
    drawPages();
    $('pages').focus();
  } else {
    draw();
    $('rows').focus();
  }
}

function drawPages(move) {
  const i = current() || M.items[0];
  const issue = i ? i.issue : 0, page = i ? i.page : 0;
  const rows = pageRows(issue, page);
  const place = i ? rows.findIndex((r) => r[1] > M.start(i) || r[1] === rows[rows.length - 1][1]) : 0;
  const id = `${issue}:${page}`;
  if (!pageAt || pageAt.id !== id || (!move && (place < pageAt.first || place >= pageAt.first + PAGE_ROWS))) {
    pageAt = { id, first: Math.max(0, Math.min(place - PAGE_ROWS / 2, rows.length - PAGE_ROWS)) };
  }
  if (move) pageAt.first = Math.max(0, Math.min(pageAt.first + move * PAGE_ROWS, Math.max(0, rows.length - 1)));
  const l = M.issues[issue].lang;
  const cell = (r, side) => {
    const whole = M.issues[issue].text.slice(r[0], r[1]);
    return h('div', { class: `cell ${side}`, lang: langOf(whole, l), dir: 'auto' },
      paint(M, issue, r[0], r[1], side, i && M.start(i) < r[1] + 1 && M.end(i) >= r[0] ? i : null, {}));
  };
  const body = h('div', { class: 'sheet', role: 'table', 'aria-label': t('pageView') },
    h('div', { class: 'prow head', role: 'row' }, h('span', {}), h('b', { role: 'columnheader' }, t('before')), h('b', { role: 'columnheader' }, t('after'))));
  rows.slice(pageAt.first, pageAt.first + PAGE_ROWS).forEach((r, n) => {
    const here = pageAt.first + n === place;
    body.append(h('div', { class: `prow${here ? ' here-row' : ''}`, role: 'row' }, h('span', { class: 'no' }, String(r[2])), cell(r, 'before'), cell(r, 'after')));
  });
  const top = $('pages').scrollTop;
  $('pages').replaceChildren(
    h('div', { class: 'bar' }, h('h2', {}, M.issues[issue].pages[page][0]), h('span', { class: 'sub' }, t('preview')), button('v', t('back'), () => togglePages(false))),
    ...(pageAt.first > 0 ? [button('', t('earlier'), () => drawPages(-1))] : []), body,
    ...(pageAt.first + PAGE_ROWS < rows.length ? [button('', t('later'), () => drawPages(1))] : []));
  $('pages').scrollTop = top;
  const mark = move ? null : $('pages').querySelector('.here-row');
  if (mark) mark.scrollIntoView({ block: 'nearest' });
}

// ---- printing ------------------------------------------------------------------------------------------------

const MOST_PRINTED = 3000;

function fillPrint() {
  const rows = ui.shown.flatMap((s) => s.rows);
  $('print').replaceChildren(h('h1', {}, `${t(readOnly ? 'titleDiff' : 'title')} · ${nameOf()}`),
    h('p', {}, `${t('run')} ${data.run} · ${t('printed', num(rows.length))}`),
    h('table', {}, h('thead', {}, h('tr', {}, ...['place', 'rule', 'original', 'state', 'note'].map((k) => h('th', {}, t(k))))),
      h('tbody', {}, rows.slice(0, MOST_PRINTED).map((n) => {
        const i = M.items[n];
        return h('tr', {}, h('td', {}, placeOf(i)), h('td', {}, ruleName(M.rule(i))),
          h('td', {}, text(i, Math.max(0, M.start(i) - 16), M.end(i) + 16, 'both', { most: 120, others: false })),
          h('td', {}, `${SIGN[i.state]} ${stateName(i.state)}`), h('td', {}, i.act && i.act.note ? seen(i.act.note) : ''));
      }))), rows.length > MOST_PRINTED ? h('p', {}, t('more', num(rows.length - MOST_PRINTED))) : '');
  $('print').hidden = false;
}

// ---- keys ----------------------------------------------------------------------------------------------------

const KEYS = {
  a: () => one('accept'), y: () => one('accept'), Enter: () => one('accept'), r: () => one('reject'), n: () => one('reject'),
  s: skip, ' ': () => (ui.concordance ? toggle(ui.rows[ui.cur]) : readOnly ? null : skip()),
  A: () => (ui.concordance ? ticked('accept') : group('accept')), R: () => (ui.concordance ? ticked('reject') : group('reject')),
  S: () => nextBundle(1), e: own, d: doubt, u: () => undo(), U: actList, j: () => nextUndecided(1), k: () => nextUndecided(-1),
  J: () => step(1), K: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1), g: askPlace, c: concordance,
  '/': () => { $('search').focus(); $('search').select(); },
  f: () => { $('filters').open = true; $('filters').querySelector('select').focus(); },
  p: always, x: explain, v: () => togglePages(!ui.pages), '?': help, Escape: back,
  w: () => scope({ page: 'issue', issue: 'all' }[ui.scope] || 'page'), 1: () => scope('page'), 2: () => scope('issue'), 3: () => scope('all'),
};
const WRITES = new Set(['a', 'y', 'Enter', 'r', 'n', 's', 'A', 'R', 'e', 'd', 'u', 'p', 'w', '1', '2', '3']);

function scope(s) {
  ui.scope = s;
  drawHead();
}

// The letter meant, whatever Caps Lock says: a group act needs Shift. An input method may hide the letter.
function letter(e) {
  const k = e.key === 'Process' && /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : e.key;
  return /^[a-z]$/i.test(k) ? (e.shiftKey ? k.toUpperCase() : k.toLowerCase()) : k;
}

document.addEventListener('keydown', (e) => {
  const box = e.target;
  if (e.isComposing) return;
  if (box.id === 'own' && e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    return saveOwn();
  }
  if (e.key === 'Escape' && $('dialog').open) {
    e.preventDefault();
    return closeDialog();
  }
  // A dialog may name keys of its own.
  if ($('dialog').open && !e.ctrlKey && !e.metaKey && !e.altKey && !box.matches('input, textarea')) {
    const own = [...$('dialog').querySelectorAll('[data-key]')].find((x) => x.dataset.key === letter(e) && !x.disabled);
    if (own) {
      e.preventDefault();
      return own.click();
    }
  }
  if (e.ctrlKey || e.metaKey || e.altKey || $('dialog').open) return;
  if (box.id === 'note' && box.dataset.doubt && e.key === 'Enter' && !e.shiftKey) {
    e.preventDefault();
    delete box.dataset.doubt;
    one('doubt');
    return $('rows').focus();
  }
  if (box.matches('input:not([type=radio]), textarea, select')) {
    if (e.key === 'Escape' || (box.id === 'search' && e.key === 'Enter')) {
      e.preventDefault();
      delete box.dataset.doubt;
      if (box.id === 'own') back();
      $('rows').focus();
    }
    return;
  }
  if ((e.key === 'Enter' || e.key === ' ') && box.closest('button, summary, a')) return;
  if (e.key.startsWith('Arrow') && box.closest('#pages, input[type=radio]')) return;
  const k = letter(e);
  if (e.repeat && WRITES.has(k)) return void e.preventDefault();
  if (box.id === 'groups' && (k === 'ArrowDown' || k === 'ArrowUp')) {
    e.preventDefault();
    return choose(ui.at + (k === 'ArrowDown' ? 1 : -1));
  }
  if (!KEYS[k] || (readOnly && WRITES.has(k))) return;
  e.preventDefault();
  KEYS[k]();
});

// ---- the frame -----------------------------------------------------------------------------------------------

function clearFilters() {
  for (const k of Object.keys(filter)) filter[k] = '';
  $('search').value = '';
  frame();
  list();
  draw();
}

function select(id, label, values, change) {
  return h('label', {}, h('span', {}, label), h('select', { id, onchange: (e) => change(e.target.value) },
    values.map(([v, name]) => h('option', { value: v, selected: filter[id.slice(2)] === v }, name))));
}

function frame() {
  document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
  for (const el of document.querySelectorAll('[data-t]')) el.textContent = t(el.dataset.t);
  $('search').placeholder = `${t('search')}: ${t('searchHint')}`;
  $('search').setAttribute('aria-label', t('search'));
  $('tools').setAttribute('aria-label', t('title'));
  $('bar').setAttribute('aria-label', t('left'));
  const sort = $('sort').value || 'queue';
  $('sort').replaceChildren(...['queue', 'size', 'confidence', 'rule', 'state'].map((k) => h('option', { value: k }, t(k))));
  $('sort').value = sort;
  const set = (k) => (v) => { filter[k] = v; list(); draw(); };
  const used = [...new Set(M.items.map((i) => M.rule(i).id))].sort();
  const pages = data.issues.flatMap((i) => i.pages.map((p) => p[0]));
  const number = (k) => h('label', {}, h('span', {}, t(k)), h('input', { type: 'number', min: '0', max: '1', step: '0.05', value: filter[k], oninput: (e) => set(k)(e.target.value) }));
  $('filter-form').replaceChildren(
    select('f-state', t('state'), [['', t('any')], ['undecided', t('undecided')], ...STATES.map((s) => [s, stateName(s)])], set('state')),
    select('f-rule', t('rule'), [['', t('any')], ...used.map((r) => [r, ruleName(data.rules.find((x) => x.id === r) || { id: r })])], set('rule')),
    pages.length > 1 ? select('f-page', t('page'), [['', t('any')], ...pages.map((p) => [p, p])], set('page')) : '',
    h('div', { class: 'two' }, number('from'), number('to')), button('', t('clear'), clearFilters));
  const tools = readOnly ? [] : [
    button('u', t('undo'), () => undo()), button('U', t('acts'), actList),
    serve ? null : button('', t('download'), download, { id: 'download' }),
    button('', t('command'), command, { id: 'command' }), serve ? null : button('', t('load'), () => $('file').click(), { id: 'load' }),
  ];
  $('tools').replaceChildren(...[
    data.part && data.part.index ? h('a', { href: data.part.index }, t('index')) : null, ...tools,
    button('v', t('pageView'), () => togglePages(!ui.pages)), button('?', t('help'), help),
    button('', t('lang'), () => { lang = lang === 'zh' ? 'en' : 'zh'; frame(); draw(); }, { id: 'lang', lang: lang === 'zh' ? 'en' : 'zh-Hans' }),
  ].filter(Boolean));
}

let searching = 0;
$('search').addEventListener('input', () => {
  clearTimeout(searching);
  searching = setTimeout(() => { filter.text = $('search').value; list(); draw(); }, 120);
});
$('sort').addEventListener('change', () => { list(); draw(); });
$('file').addEventListener('change', async () => {
  const f = $('file').files[0];
  if (f) load(await f.text());
  $('file').value = '';
});
$('dialog').addEventListener('close', () => (ui.pages ? $('pages') : $('rows')).focus());
$('pages').addEventListener('click', (e) => {
  const mark = e.target.closest('[data-n]');
  if (mark) {
    show(M.items[Number(mark.dataset.n)]);
    drawPages();
  }
});
$('filter-form').addEventListener('submit', (e) => e.preventDefault());
addEventListener('beforeunload', (e) => { keepNow(); if (unsaved()) e.preventDefault(); });
addEventListener('pagehide', keepNow);
addEventListener('beforeprint', fillPrint);
addEventListener('afterprint', () => { $('print').hidden = true; $('print').replaceChildren(); });
if (serve) {
  // Tells the local page that somebody is here, and brings what another front end decided.
  setInterval(() => {
    busy = busy.then(async () => {
      try {
        const r = await fetch(`/acts?since=${M.acts().length}`);
        const { acts } = await r.json();
        if (!acts.length) return;
        M.append(acts);
        M.refresh();
        draw();
      } catch { /* The next act says that the server is gone. */ }
    });
  }, 15000);
}

frame();
resume();
list();
const first = ui.shown.findIndex((s) => !s.b.safe && s.rows.some(undecided));
if (first >= 0) {
  ui.at = first;
  ui.cur = ui.shown[first].rows.findIndex(undecided);
  rowsOf();
}
draw();
$('rows').focus({ preventScroll: true });
