// Text as nodes: what is invisible gets a sign, what differs a mark. Every text goes in as a text node, never as markup:
// OCR text is hostile input.

function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v == null || v === false) continue;
    if (k.startsWith('on')) el.addEventListener(k.slice(2), v);
    else if (k === 'class') el.className = v;
    else if (k in el && typeof v !== 'string') el[k] = v;
    else el.setAttribute(k, v === true ? '' : v);
  }
  for (const c of children.flat()) if (c != null) el.append(c);
  return el;
}

// Characters that print as nothing, as an odd space, or that turn the text around. The page shows them by a sign; the
// character itself stays in the text node.
const UNSEEN = /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff9-\ufffd\ue000-\uf8ff]/gu;
const SIGNS = {
  '\n': '⏎', '\r': '␍', '\t': '⇥', '\f': '⎙', '\u0000': '␀', '\u001b': '␛', '\u007f': '␡', '\u00a0': 'NBSP',
  '\u00ad': 'SHY', '\u061c': 'ALM', '\u2002': 'ENSP', '\u2003': 'EMSP', '\u2009': 'THSP', '\u200a': 'HSP',
  '\u200b': 'ZWSP', '\u200c': 'ZWNJ', '\u200d': 'ZWJ', '\u200e': 'LRM', '\u200f': 'RLM', '\u2028': 'LSEP',
  '\u2029': 'PSEP', '\u202a': 'LRE', '\u202b': 'RLE', '\u202c': 'PDF', '\u202d': 'LRO', '\u202e': 'RLO',
  '\u202f': 'NNBSP', '\u2060': 'WJ', '\u2066': 'LRI', '\u2067': 'RLI', '\u2068': 'FSI', '\u2069': 'PDI',
  '\u3000': '□', '\ufeff': 'BOM', '\ufffd': '�',
};

function sign(c) {
  const code = c.codePointAt(0);
  if (SIGNS[c]) return SIGNS[c];
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code.toString(16).toUpperCase().padStart(4, '0');
}

// Puts `text` into `parent`. With `spaces` an ordinary space has a sign too; with `breaks` a line end breaks the line.
function put(parent, text, { spaces = false, breaks = false } = {}) {
  const unseen = spaces ? new RegExp(UNSEEN.source.replace('[', '[ '), 'gu') : UNSEEN;
  let at = 0;
  for (const m of text.matchAll(unseen)) {
    if (m.index > at) parent.append(text.slice(at, m.index));
    const c = m[0];
    const code = `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    parent.append(h('span', { class: 'mk', 'data-m': c === ' ' ? '␣' : sign(c), title: code }, c));
    if (breaks && c === '\n') parent.append(h('br'));
    at = m.index + c.length;
  }
  if (at < text.length) parent.append(text.slice(at));
}

// Texts longer than this (product of lengths) are not compared character by character.
const MOST_CELLS = 60000;

// The differences of two texts as [kind, text], kind one of = - +, by characters.
function differences(a, b) {
  const x = [...a], y = [...b];
  let head = 0, tail = 0;
  while (head < x.length && head < y.length && x[head] === y[head]) head++;
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++;
  const out = [];
  const add = (kind, list) => {
    if (!list.length) return;
    const last = out[out.length - 1];
    if (last && last[0] === kind) last[1] += list.join(''); else out.push([kind, list.join('')]);
  };
  add('=', x.slice(0, head));
  const m = x.slice(head, x.length - tail), n = y.slice(head, y.length - tail);
  if (m.length && n.length && m.length * n.length <= MOST_CELLS) {
    // Longest common subsequence from the ends.
    const w = n.length + 1;
    const t = new Uint16Array((m.length + 1) * w);
    for (let i = m.length - 1; i >= 0; i--) {
      for (let j = n.length - 1; j >= 0; j--) {
        t[i * w + j] = m[i] === n[j] ? t[(i + 1) * w + j + 1] + 1 : Math.max(t[(i + 1) * w + j], t[i * w + j + 1]);
      }
    }
    let i = 0, j = 0, del = [], ins = [];
    const flush = () => { add('-', del); add('+', ins); del = []; ins = []; };
    while (i < m.length || j < n.length) {
      if (i < m.length && j < n.length && m[i] === n[j]) {
        flush();
        add('=', [m[i]]);
        i++; j++;
      } else if (j >= n.length || (i < m.length && t[(i + 1) * w + j] >= t[i * w + j + 1])) del.push(m[i++]);
      else ins.push(n[j++]);
    }
    flush();
  } else {
    add('-', m);
    add('+', n);
  }
  add('=', x.slice(x.length - tail));
  return out;
}

// Cuts a long text in the middle; the row is a glance, the page view has it whole.
function shorten(text, most) {
  if (text.length <= most) return [text];
  const half = Math.floor(most / 2);
  return [text.slice(0, half), null, text.slice(text.length - half)];
}

// [from, to) of an issue as it was (`before`), as it becomes (`after`) or with both (`both`). The pieces of `focus` are
// marked strongly, those of others lightly.
function paint(model, issue, from, to, side, focus, { breaks = false, most = Infinity, others = true } = {}) {
  const out = document.createDocumentFragment();
  const text = model.issues[issue].text;
  const plain = (parent, t, options) => {
    for (const part of shorten(t, most)) {
      if (part == null) parent.append(h('span', { class: 'gap' }, '…')); else put(parent, part, options);
    }
  };
  let at = from;
  for (const [s, e, after, item] of model.standing(issue, from, to, focus)) {
    if (s < at || e > to || (!others && item !== focus)) continue;
    plain(out, text.slice(at, s), { breaks });
    const strong = item === focus ? 'me' : 'them';
    for (const [kind, t] of differences(text.slice(s, e), after)) {
      if (kind === '=') plain(out, t, { breaks });
      else if (kind === '-' && side !== 'after') {
        const el = h('del', { class: strong, 'data-n': item.n });
        plain(el, t, { spaces: true, breaks: breaks && side === 'before' });
        out.append(el);
      } else if (kind === '+' && side !== 'before') {
        const el = h('ins', { class: strong, 'data-n': item.n });
        plain(el, t, { spaces: true, breaks });
        out.append(el);
      }
    }
    // A place where something was only taken away, or only put in, shows where that was.
    if (side === 'after' && after === '' && item === focus) out.append(h('span', { class: 'here', 'aria-hidden': 'true' }));
    if (side === 'before' && s === e && item === focus) out.append(h('span', { class: 'here', 'aria-hidden': 'true' }));
    at = e;
  }
  plain(out, text.slice(at, to), { breaks });
  return out;
}

// The language of a text for `lang`: by the letters it has, where the run says nothing.
function langOf(text, known) {
  if (/\p{Script=Hiragana}|\p{Script=Katakana}/u.test(text)) return 'ja';
  if (/\p{Script=Han}/u.test(text)) return known && known.startsWith('zh') ? known : 'zh';
  return known && !known.startsWith('zh') ? known : 'und';
}

// A list of rows of one height of which only those in sight exist.
class Rows {
  constructor(el, height, render) {
    Object.assign(this, { el, height, render, count: 0, current: -1 });
    this.inner = h('div', { class: 'inner', role: 'presentation' });
    el.append(this.inner);
    let asked = false;
    const later = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; this.draw(); });
    };
    el.addEventListener('scroll', later, { passive: true });
    new ResizeObserver(later).observe(el);
  }

  show(count, current) {
    this.count = count;
    this.inner.style.height = `${count * this.height}px`;
    this.select(current);
  }

  select(n) {
    this.current = n;
    const top = n * this.height, view = this.el.clientHeight || 400;
    if (n >= 0) {
      if (top < this.el.scrollTop) this.el.scrollTop = Math.max(0, top - this.height);
      else if (top + this.height > this.el.scrollTop + view) this.el.scrollTop = top + 2 * this.height - view;
    }
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.el.scrollTop / this.height) - 4);
    const last = Math.min(this.count, Math.ceil((this.el.scrollTop + (this.el.clientHeight || 400)) / this.height) + 4);
    const rows = [];
    for (let n = first; n < last; n++) {
      const row = this.render(n);
      row.style.transform = `translateY(${n * this.height}px)`;
      row.style.height = `${this.height}px`;
      row.id = `${this.el.id}-${n}`;
      row.setAttribute('role', 'option');
      row.setAttribute('aria-setsize', this.count);
      row.setAttribute('aria-posinset', n + 1);
      row.setAttribute('aria-selected', String(n === this.current));
      rows.push(row);
    }
    this.inner.replaceChildren(...rows);
    if (this.current >= first && this.current < last) this.el.setAttribute('aria-activedescendant', `${this.el.id}-${this.current}`);
    else this.el.removeAttribute('aria-activedescendant');
  }
}
