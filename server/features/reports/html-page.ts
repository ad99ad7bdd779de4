/*
 * The style and the script of every page. A page allows these two and nothing else, by their hashes: after a change, `npm test` says what
 * the hashes have to be.
 */

export const STYLE: string = `
:root { color-scheme: light dark; --allow: #1a7f37; --deny: #cf222e; --unknown: #9a6700; --line: #8886; font: 15px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --allow: #3fb950; --deny: #ff7b72; --unknown: #d29922; } }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; --allow: #1a7f37; --deny: #cf222e; --unknown: #9a6700; }
body.vscode-dark, body.vscode-high-contrast { color-scheme: dark; --allow: #3fb950; --deny: #ff7b72; --unknown: #d29922; }
body { color: var(--vscode-foreground, CanvasText); background: var(--vscode-editor-background, Canvas); font-family: var(--vscode-font-family, system-ui, sans-serif); }
main { max-width: 75rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5em; overflow-wrap: anywhere; } h2 { font-size: 1.2em; margin-top: 1.5em; }
a { color: var(--vscode-textLink-foreground, LinkText); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td a, td code { overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; margin: 1rem 0; }
label { display: flex; flex-direction: column; gap: .25rem; } label.check { flex-direction: row; align-items: center; }
input, select, button { font: inherit; color: inherit; }
input[type=search], select { background: var(--vscode-input-background, Field); border: 1px solid var(--line); padding: .15rem .35rem; }
button { background: var(--vscode-button-secondaryBackground, ButtonFace); color: var(--vscode-button-secondaryForeground, ButtonText); border: 1px solid var(--line); border-radius: 3px; padding: .15rem .6rem; margin-right: .4rem; cursor: pointer; }
:focus-visible { outline: 2px solid var(--vscode-focusBorder, Highlight); outline-offset: 1px; }
summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }
.allow { color: var(--allow); } .deny { color: var(--deny); } .unknown { color: var(--unknown); }
li.allow, li.deny, li.unknown { color: inherit; } li.allow > strong { color: var(--allow); } li.deny > strong { color: var(--deny); } li.unknown > strong { color: var(--unknown); }
li ul { opacity: .85; }
p.allow, p.deny, p.unknown { font-weight: 600; }
.about { opacity: .85; }
.picture { margin: 1rem 0; overflow: auto; }
svg { font-size: 12px; fill: currentColor; }
svg .group { fill: none; stroke: currentColor; stroke-opacity: .45; stroke-dasharray: 4 3; } svg .group-name { font-weight: 600; }
svg .node { fill: var(--vscode-editorWidget-background, Canvas); stroke: currentColor; } svg .outside { stroke-dasharray: 2 2; } svg .marked { stroke-width: 2.5; }
svg a text { fill: var(--vscode-textLink-foreground, LinkText); }
svg .line { fill: none; stroke-width: 1.4; } svg .line.allow { stroke: var(--allow); } svg .line.unknown { stroke: var(--unknown); stroke-dasharray: 4 3; }
svg .arrow.allow { fill: var(--allow); } svg .arrow.unknown { fill: var(--unknown); }
svg .traffic { font-size: 11px; paint-order: stroke; stroke: var(--vscode-editor-background, Canvas); stroke-width: 4px; }
svg .edge:hover .line { stroke-width: 3; }
`;

/** Filters the rows of all tables by what is typed above them. In an editor it hands over what is clicked. */
export const SCRIPT: string = `
const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
if (editor) {
  for (const one of document.querySelectorAll('.live')) one.hidden = false;
  addEventListener('message', ({ data }) => editor.setState({ ...editor.getState(), about: data.about }));
  addEventListener('scroll', () => editor.setState({ ...editor.getState(), top: scrollY }));
  addEventListener('load', () => scrollTo(0, (editor.getState() || {}).top || 0));
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-uri]');
    const button = event.target.closest('button[data-action]');
    if (link) {
      event.preventDefault();
      editor.postMessage({ action: 'open', uri: link.dataset.uri, line: Number(link.dataset.line) });
    }
    if (button) editor.postMessage({ action: button.dataset.action, item: button.dataset.item ?? '' });
  });
}
const form = document.forms[0];
if (form) {
  const rows = [...document.querySelectorAll('tr[data-from]')];
  const words = (name) => form.elements[name].value.trim().toLowerCase();
  const filter = () => {
    let shown = 0;
    for (const row of rows) {
      const { from, to, traffic, verdict, outside } = row.dataset;
      const namespace = words('namespace');
      const isShown = from.toLowerCase().includes(words('from')) && to.toLowerCase().includes(words('to')) &&
        traffic.toLowerCase().includes(words('traffic')) && (words('verdict') === '' || words('verdict') === verdict) &&
        (namespace === '' || [from, to].some((name) => name.includes('/') && name.toLowerCase().split('/')[0].includes(namespace))) &&
        (!form.elements.outside.checked || outside === 'yes');
      row.hidden = !isShown;
      if (isShown) shown++;
    }
    for (const group of document.querySelectorAll('details')) group.hidden = !group.querySelector('tr[data-from]:not([hidden])');
    document.getElementById('shown').textContent = shown + ' of ' + rows.length + ' rows shown';
    if (editor) editor.setState({ ...editor.getState(), filters: Object.fromEntries([...form.elements].map((one) => [one.name, one.type === 'checkbox' ? one.checked : one.value])) });
  };
  const kept = editor && editor.getState() && editor.getState().filters;
  for (const one of form.elements) {
    if (!kept || !(one.name in kept)) continue;
    if (one.type === 'checkbox') one.checked = kept[one.name];
    else one.value = kept[one.name];
  }
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  filter();
}
`;

export const STYLE_HASH = 'sha256-sv+0pDcg27aY37ydBxRx8elLgGXcDvGfmXvyeZwaxlc=';
export const SCRIPT_HASH = 'sha256-xB9lWYgBQ1Lonp7VkUsDa4jNWVWqU2ockCmH6/QFNP8=';
