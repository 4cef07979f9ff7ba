'use strict';
// The index of a review in several pages: a line for each issue, with what this browser's drafts have settled.

(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const zh = data.ui === 'zh';
  const words = zh
    ? { title: '审阅', issue: '刊期', changes: '改动', left: '待决定', run: '批次', apply: '每期各有一份 decisions.jsonl，用同一命令逐份载入：' }
    : { title: 'Review', issue: 'issue', changes: 'changes', left: 'decisions left', run: 'run', apply: 'Each issue has a decisions.jsonl of its own; the same command takes one after the other:' };
  const make = (tag, text, attrs = {}) => {
    const el = document.createElement(tag);
    for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
    el.append(text);
    return el;
  };
  function draft(name) {
    try {
      return JSON.parse(localStorage.getItem(`recto:${data.run}:${name}`) || 'null');
    } catch {
      return null;
    }
  }
  function draw() {
    const table = make('table', '');
    const head = make('tr', '');
    for (const k of ['issue', 'changes', 'left']) head.append(make('th', words[k], { scope: 'col' }));
    table.append(head);
    let left = 0;
    for (const [name, link, changes, open] of data.entries) {
      const kept = draft(name);
      const rest = kept && Number.isInteger(kept.left) ? kept.left : open;
      left += rest;
      const row = make('tr', '');
      const first = make('td', '');
      first.append(make('a', name, { href: link }));
      row.append(first, make('td', String(changes)), make('td', rest ? String(rest) : '✓'));
      table.append(row);
    }
    document.getElementById('title').textContent = words.title;
    document.getElementById('name').textContent = data.name;
    document.getElementById('progress').textContent = `${left} ${words.left} · ${words.run} ${data.run}`;
    document.title = `recto · ${words.title} · ${data.name}`;
    const help = make('p', `${words.apply} `);
    help.append(make('code', `recto apply ${data.folder} --decisions decisions.jsonl`));
    document.getElementById('list').replaceChildren(table, ...(data.mode === 'diff' ? [] : [help]));
  }
  addEventListener('pageshow', draw);
  addEventListener('focus', draw);
  draw();
})();
