'use strict';
// The model of the page: items, the log of acts, and what the acts come to. The rules are those of src/review; a test
// compares both. It must never touch the document.

const STATES = ['auto', 'proposed', 'accepted', 'rejected', 'edited', 'doubt', 'stale', 'superseded'];
const DECIDED = new Set(['accepted', 'rejected', 'edited', 'doubt']);
const LIVE = new Set(['auto', 'accepted', 'edited']);
// Rank of bundles that need no decision.
const SAFE = 4;
// Characters of context that an own text is found again by.
const OWN_CONTEXT = 16;

const same = (wanted, has) => wanted == null || wanted === has;
const utf8 = (text) => new TextEncoder().encode(text).length;

function makeModel(data) {
  const groups = data.groups;
  const rules = new Map(data.rules.map((r) => [r.id, r]));
  const issues = data.issues;
  const issueNumber = new Map(issues.map((i, n) => [i.name, n]));
  const items = data.items.map((a, n) => ({
    n, id: a[0], keys: a[1], pieces: a[2], group: a[3], confidence: a[4], p: a[5], reasons: a[6], protected: a[7],
    base: a[8], issue: a[9], page: a[10], line: a[11], column: a[12], what: a[13], state: a[8], act: null,
  }));
  const byGroup = groups.map(() => []);
  for (const i of items) byGroup[i.group].push(i.n);
  const bundles = data.bundles.map(([id, rank, group, members], n) => ({
    n, id, rank, group, members, single: !id.startsWith('g-'), safe: rank >= SAFE,
  }));
  const bundleOf = new Int32Array(items.length).fill(-1);
  for (const b of bundles) for (const m of b.members) bundleOf[m] = b.n;
  const stale = issues.map((i) => new Set(i.stale));
  let acts = [];

  const rule = (item) => rules.get(groups[item.group].rule) || { id: groups[item.group].rule || '', stage: '' };
  const pagePath = (item) => issues[item.issue].pages[item.page][0];
  const start = (item) => (item.pieces.length ? item.pieces[0][0] : 0);
  const end = (item) => item.pieces.reduce((m, p) => Math.max(m, p[1]), start(item));
  const before = (item) => issues[item.issue].text.slice(start(item), end(item));

  // The text of the whole place after the change, as the program proposes it.
  function after(item) {
    const text = issues[item.issue].text;
    let out = '', at = start(item);
    for (const [s, e, put] of item.pieces) {
      out += text.slice(at, s) + put;
      at = e;
    }
    return out;
  }

  // The pieces as they stand: a person's own text takes the whole place.
  function pieces(item) {
    const own = item.state === 'edited' && rule(item).stage !== 'review' && item.act && item.act.text;
    return typeof own === 'string' ? [[start(item), end(item), own]] : item.pieces;
  }

  function covers(g, item) {
    const own = groups[item.group];
    return same(g.rule, own.rule) && same(g.stage, rule(item).stage) && same(g.page, pagePath(item))
      && same(g.before, own.before) && same(g.after, own.after) && same(g.class, own.class);
  }

  // The numbers of the acts that another act took back. An undo can be undone.
  function undone() {
    const gone = new Set();
    for (let n = acts.length - 1; n >= 0; n--) {
      if (!gone.has(acts[n].act)) for (const o of acts[n].of || []) gone.add(o);
    }
    return gone;
  }

  function active() {
    const gone = undone();
    return acts.filter((a) => a.op !== 'undo' && !gone.has(a.act));
  }

  // What the acts come to, issue by issue. A later act on a key beats an earlier one; keys beat groups.
  function resolve() {
    const all = issues.map(() => ({ keys: new Map(), groups: [] }));
    for (const a of active()) {
      let targets = all;
      if (a.issue != null) {
        if (!issueNumber.has(a.issue)) continue;
        targets = [all[issueNumber.get(a.issue)]];
      }
      for (const t of targets) {
        if (a.group) t.groups.push(a);
        for (const k of a.keys || []) t.keys.set(k, a);
      }
    }
    return all;
  }

  function settle(item, resolved) {
    let act = null;
    for (const k of item.keys) {
      act = resolved.keys.get(k);
      if (act) break;
    }
    if (!act) {
      for (let n = resolved.groups.length - 1; n >= 0 && !act; n--) {
        if (covers(resolved.groups[n].group, item)) act = resolved.groups[n];
      }
      if (act && act.op === 'accept' && item.protected) act = null;
    }
    item.act = act || null;
    if (!act) item.state = item.base;
    else if (stale[item.issue].has(act.act)) item.state = 'stale';
    else item.state = { accept: 'accepted', reject: 'rejected', edit: 'edited' }[act.op] || 'doubt';
  }

  function refresh(only) {
    const resolved = resolve();
    for (const n of only || items.keys()) settle(items[n], resolved[items[n].issue]);
  }

  const free = (item, op) => item.state !== 'superseded' && (op !== 'accept' || !item.protected);
  const byKeys = (item) => item.act && (item.act.keys || []).length > 0;

  // The items of a group that an act would decide: without those that an act of their own decides, and without
  // protected ones where it accepts.
  function reach(n, scope, op) {
    const first = items[n];
    if (scope === 'one') return [n];
    return byGroup[first.group].filter((m) => {
      const i = items[m];
      if (!free(i, op) || byKeys(i)) return false;
      if (scope === 'page') return i.issue === first.issue && i.page === first.page;
      return scope === 'issue' ? i.issue === first.issue : true;
    });
  }

  // Members of the group in other pages of a split review: counted when the page was made.
  const elsewhere = (n, scope) => (scope === 'all' || scope === 'always' ? groups[items[n].group].elsewhere || 0 : 0);

  // A new act with its fields in the order of the log.
  function act(fields, context) {
    const d = { v: 1, act: '', op: fields.op, scope: fields.scope || 'one' };
    for (const k of ['issue', 'keys', 'group', 'text', 'edits', 'of']) if (fields[k] != null) d[k] = fields[k];
    d.run = data.run;
    for (const k of ['what', 'by', 'at', 'note']) {
      const v = fields[k] != null ? fields[k] : context[k];
      if (v) d[k] = v;
    }
    return d;
  }

  // The act of a scope on the group of an item, or on that item alone. Null where nothing is left to decide.
  function decide(n, scope, op, context) {
    const reached = reach(n, scope, op);
    if (!reached.length && !elsewhere(n, scope)) return null;
    const item = items[n];
    const name = issues[item.issue].name;
    const what = items[reached.length ? reached[0] : n].what;
    if (scope === 'one') return act({ op, issue: name, keys: item.keys, what }, context);
    const { rule: r, stage, before: b, after: a, class: c } = groups[item.group];
    const group = {};
    for (const [k, v] of [['rule', r], ['stage', stage], ['before', b], ['after', a], ['class', c]]) {
      if (v != null) group[k] = v;
    }
    if (scope === 'page') group.page = pagePath(item);
    const issue = scope === 'page' || scope === 'issue' ? name : null;
    return act({ op, scope, issue, group, what }, context);
  }

  // One act for each issue on these items.
  function decideItems(list, op, context) {
    const split = new Map();
    for (const n of list) {
      if (!split.has(items[n].issue)) split.set(items[n].issue, []);
      split.get(items[n].issue).push(n);
    }
    return [...split].map(([issue, own]) => act({
      op, issue: issues[issue].name, keys: own.flatMap((n) => items[n].keys), what: items[own[0]].what,
    }, context));
  }

  // The act that puts a person's own text, or the reason why that place cannot take one.
  function own(n, text, context) {
    const item = items[n], issue = issues[item.issue];
    const s = start(item), e = end(item);
    const inside = (m) => m.n !== n && m.issue === item.issue && start(m) < e && s < end(m) && m.state !== 'superseded';
    if (item.pieces.length > 1 && items.some(inside)) return { error: 'ownInside' };
    const page = issue.pages[item.page];
    if (e > page[2]) return { error: 'ownOver' };
    const left = [...issue.text.slice(Math.max(page[1], s - 2 * OWN_CONTEXT), s)].slice(-OWN_CONTEXT).join('');
    const right = [...issue.text.slice(e, Math.min(page[2], e + 2 * OWN_CONTEXT))].slice(0, OWN_CONTEXT).join('');
    const place = { page: page[0], at: utf8(issue.text.slice(page[1], s)), before: before(item), left, right, text };
    return { act: act({ op: 'edit', issue: issue.name, keys: item.keys, text, edits: [place], what: item.what }, context) };
  }

  const undo = (of, context) => act({ op: 'undo', of }, context);

  // Acts and those of earlier readings of the page that they were carried over from: taken back together.
  function withOrigins(list) {
    const all = [...list];
    for (let n = 0; n < all.length; n++) {
      const carried = acts.find((a) => a.act === all[n] && a.reading);
      for (const o of (carried && carried.of) || []) if (!all.includes(o)) all.push(o);
    }
    return all;
  }

  // Gives the act its number and lets it hold.
  function push(d) {
    const last = acts.reduce((m, a) => (/^\d+$/.test(a.act) ? Math.max(m, Number(a.act)) : m), 0);
    d.act = String(last + 1);
    acts.push(d);
    return d;
  }

  // Adds acts that have their numbers: those of the local page's log.
  const append = (list) => acts.push(...list);

  function touched(d) {
    return d.op === 'undo' || d.group ? null : items.filter((i) => i.keys.some((k) => (d.keys || []).includes(k))).map((i) => i.n);
  }

  const identity = (a) => JSON.stringify([a.op, a.scope || 'one', a.issue || null, a.keys || [], a.group || null,
    a.edits || [], a.of || [], a.run || null, a.by || null, a.at || null]);

  // Adds the acts of another log that this one does not hold: numbered anew, equal ones once. Gives how many were
  // added and the pairs that disagree.
  // The same act said again after it was taken back is another one: equal ones are told apart by their order.
  function merge(others) {
    const counter = () => {
      const times = new Map();
      return (a) => {
        const id = identity(a), n = (times.get(id) || 0) + 1;
        times.set(id, n);
        return `${n} ${id}`;
      };
    };
    const first = counter(), nth = counter();
    const known = new Map(acts.map((a) => [first(a), a.act]));
    const mine = new Map();
    for (const a of active()) for (const k of a.keys || []) mine.set(`${a.issue || ''} ${k}`, a);
    const renamed = new Map(), conflicts = [];
    const gone = new Set(others.flatMap((a) => a.of || []));
    let added = 0;
    for (const o of others) {
      const copy = { ...o };
      if (o.of) copy.of = o.of.map((a) => renamed.get(a)).filter(Boolean);
      const id = nth(copy);
      if (known.has(id)) {
        renamed.set(o.act, known.get(id));
        continue;
      }
      push(copy);
      known.set(id, copy.act);
      renamed.set(o.act, copy.act);
      added++;
      const other = (o.keys || []).map((k) => mine.get(`${o.issue || ''} ${k}`)).find(Boolean);
      if (other && !gone.has(o.act) && (other.op !== o.op || other.text !== o.text)) conflicts.push([other, copy]);
    }
    refresh();
    return { added, conflicts };
  }

  // Reads lines of a log. Throws what was expected, with the line.
  // An act of another run is one of ours where our own log holds it: the pages were read anew since, or more came.
  function parse(text) {
    const own = new Set(data.log.map(identity));
    const out = [];
    const lines = text.split('\n');
    lines.forEach((line, n) => {
      if (!line.trim()) return;
      let d;
      try {
        d = JSON.parse(line);
      } catch {
        if (n === lines.length - 1) return; // A last line without its end was cut off.
        throw { line: n + 1, code: 'badLine' };
      }
      const ops = ['accept', 'reject', 'edit', 'doubt', 'undo'];
      if (!d || typeof d !== 'object' || !ops.includes(d.op) || typeof d.act !== 'string') throw { line: n + 1, code: 'badLine' };
      if (d.v !== 1) throw { line: n + 1, code: 'badVersion' };
      if (d.run && d.run !== data.run && !own.has(identity(d))) throw { line: n + 1, code: 'otherRun', run: String(d.run) };
      out.push(d);
    });
    return out;
  }

  const open = (b) => !b.safe && b.members.some((m) => !DECIDED.has(items[m].state));
  const left = () => bundles.reduce((n, b) => n + (open(b) ? 1 : 0), 0);

  // Characters that a line about Han characters has at least.
  const HAN_CHARS = 3;

  // The word that a correction is about, as it was and as it is then: a Latin one whole, Han characters with neighbours.
  function words(i) {
    const word = (w) => w !== '' && /^[\p{L}\p{N}\-'’]+$/u.test(w);
    const [b, a] = [before(i), after(i)];
    if (rule(i).stage !== 'lexicon' || !word(b) || !word(a)) return null;
    const han = (c) => /\p{Script=Han}/u.test(c), letter = (c) => /[\p{L}\p{N}]/u.test(c) && !han(c);
    const text = issues[i.issue].text;
    const left = [...text.slice(Math.max(0, start(i) - 200), start(i))].reverse();
    const right = [...text.slice(end(i), end(i) + 200)];
    let head = '', tail = '';
    if (han(b + a)) {
      let chars = [...b].length;
      while (chars < HAN_CHARS) {
        const had = chars;
        if (left.length && han(left[0])) { head = left.shift() + head; chars++; } else left.length = 0;
        if (chars < HAN_CHARS && right.length && han(right[0])) { tail += right.shift(); chars++; }
        if (chars === had) return null;
      }
    } else {
      while (left.length && letter(left[0])) head = left.shift() + head;
      while (right.length && letter(right[0])) tail += right.shift();
    }
    return [head + b + tail, head + a + tail];
  }

  // The lines of the title's word list that *always* stands for, each once; none where the changes are not about words.
  function wordLines(list, op) {
    const lines = list.map((n) => words(items[n])).filter(Boolean);
    return [...new Set(lines.map(([b, a]) => (op === 'accept' ? `replace\t${b}\t${a}` : `good\t${b}`)))];
  }

  // Every piece of an issue in text order, with the furthest end so far, for painting.
  const order = issues.map(() => []);
  for (const i of items) {
    if (i.base === 'superseded') continue;
    i.pieces.forEach((p, k) => order[i.issue].push({ s: p[0], e: p[1], item: i, k }));
  }
  for (const list of order) {
    list.sort((a, b) => a.s - b.s || a.e - b.e);
    let reach = 0;
    for (const p of list) p.reach = reach = Math.max(reach, p.e);
  }

  // The disjoint pieces that stand in [from, to) of an issue as [start, end, put, item]; `focus` stands whatever its
  // state, and first.
  function standing(issue, from, to, focus) {
    const list = order[issue];
    let lo = 0, hi = list.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (list[mid].reach < from) lo = mid + 1; else hi = mid;
    }
    const out = [];
    const fs = focus ? pieces(focus) : [];
    const hits = (s, e) => fs.some((f) => s < f[1] && f[0] < e) || fs.some((f) => s === f[0] && e === f[1]);
    let at = -1, own = null;
    for (let n = lo; n < list.length && list[n].s <= to; n++) {
      const { s, e, item, k } = list[n];
      if (item === focus || !LIVE.has(item.state) || e < from) continue;
      if (item === own) continue;
      const now = pieces(item);
      const [a, b, put] = now === item.pieces ? item.pieces[k] : now[0];
      if (now !== item.pieces) own = item;
      if (a < at || hits(a, b)) continue;
      out.push([a, b, put, item]);
      at = Math.max(b, at);
    }
    for (const f of fs) if (f[1] >= from && f[0] <= to) out.push([...f, focus]);
    return out.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  }

  function load(log) {
    acts = log.slice();
    refresh();
  }
  load(data.log);

  return {
    data, items, groups, bundles, bundleOf, issues, rule, pagePath, start, end, before, after, pieces, standing, reach,
    elsewhere, decide, decideItems, own, undo, withOrigins, push, append, refresh, touched, merge, parse, open, left, wordLines, undone,
    active, load, acts: () => acts,
  };
}
