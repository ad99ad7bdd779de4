import { plain } from '../base/english.ts';

/** Text as it is in HTML, on one line, in attributes too. */
export function htmlText(text: string): string {
  return plain(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * The start of a page that needs no other file: its style, and a script that filters tables by the words typed above them. The page may load
 * nothing, which its policy says to the browser.
 */
export function htmlHead(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
`;
}

/** The end of the page. */
export const HTML_END = '</main>\n</body>\n</html>\n';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
label { display: flex; flex-direction: column; gap: .25rem; }
summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }
.allow { color: #1a7f37; } .deny { color: #cf222e; } .unknown, .undefined { color: #9a6700; }
`;

/** The fields that filter the rows of all tables of a page, and the script that does it. A row says in its attributes what it is about. */
export const HTML_FILTERS = `<form aria-label="Filters">
<label>From <input name="from" type="search"></label>
<label>To <input name="to" type="search"></label>
<label>Namespace <input name="namespace" type="search"></label>
<label>Port or protocol <input name="traffic" type="search"></label>
<label>Outside only <input name="outside" type="checkbox"></label>
</form>
<p role="status" id="shown"></p>
<script>
addEventListener('DOMContentLoaded', () => {
  const form = document.forms[0];
  const rows = [...document.querySelectorAll('tr[data-from]')];
  const words = (name) => form.elements[name].value.trim().toLowerCase();
  const filter = () => {
    let shown = 0;
    for (const row of rows) {
      const { from, to, traffic, outside } = row.dataset;
      const namespace = words('namespace');
      const isShown = from.toLowerCase().includes(words('from')) && to.toLowerCase().includes(words('to')) &&
        traffic.toLowerCase().includes(words('traffic')) &&
        (namespace === '' || [from, to].some((name) => name.toLowerCase().split('/')[0].includes(namespace) && name.includes('/'))) &&
        (!form.elements.outside.checked || outside === 'yes');
      row.hidden = !isShown;
      if (isShown) shown++;
    }
    for (const group of document.querySelectorAll('details')) group.hidden = !group.querySelector('tr[data-from]:not([hidden])');
    document.getElementById('shown').textContent = shown + ' of ' + rows.length + ' connections';
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  filter();
});
</script>
`;
