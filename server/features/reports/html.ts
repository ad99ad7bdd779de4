import { groupBy } from '../../base/lists.ts';
import { htmlText } from '../../base/inert.ts';
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './html-page.ts';
import { pictureHtml, type Attributes } from './picture.ts';
import type { Block, ConnectionRow, ConnectionsBlock, Inline, ReportItem, FieldPlace, Report, RowPeer } from './report.ts';

/** Where a place stands, as a page says it. */
export interface PageLink {
  /** What a browser opens. */
  readonly href: string;
  /** What an editor opens: the file and its line, from 0. */
  readonly uri: string;
  readonly line: number;
  /** The file and line in words. */
  readonly title: string;
}

/** A button of the page in an editor; what is done is up to the editor. */
export interface PageButton {
  readonly action: 'keep' | 'graph';
  readonly words: string;
}

/** What the page says besides the report. */
export interface PageOptions {
  readonly linkTo: (place: FieldPlace) => PageLink | undefined;
  /** A paragraph below the title: the cluster. */
  readonly about?: string;
  /** What else an editor can do with the report. */
  readonly buttons?: readonly PageButton[];
}

/**
 * A report as one page that needs no other file and loads nothing, which its policy says to the browser. The same page is shown by an
 * editor, where its buttons and links reach the manifests, and saved as a file, where there are no buttons.
 */
export function* htmlPage({ title, blocks }: Report, { linkTo, about, buttons = [] }: PageOptions): Iterable<string> {
  const attributes: Attributes = (place) => {
    const link = linkTo(place);
    return (
      link && `href="${htmlText(link.href)}" data-uri="${htmlText(link.uri)}" data-line="${link.line}" title="${htmlText(link.title)}"`
    );
  };
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<title>${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
`;
  for (const [at, block] of blocks.entries()) {
    yield* blockHtml(block, attributes);
    if (at === 0) yield `${about === undefined ? '' : `<p class="about">${htmlText(about)}</p>\n`}${toolbar(buttons)}`;
    if (at === 0 && blocks.some((one) => one.kind === 'connections' && one.rows.length > 0)) yield FILTERS;
  }
  yield `</main>\n<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

function toolbar(buttons: readonly PageButton[]): string {
  const own = buttons.map(({ action, words }) => `<button type="button" data-action="${action}">${htmlText(words)}</button>`);
  return `<p class="toolbar live" hidden>${own.join('')}<button type="button" data-action="save">Save as HTML…</button></p>\n`;
}

const FILTERS = `<form aria-label="Filters">
<label>From <input name="from" type="search"></label>
<label>To <input name="to" type="search"></label>
<label>Namespace <input name="namespace" type="search"></label>
<label>Port or protocol <input name="traffic" type="search"></label>
<label>Show <select name="verdict"><option value="allow">only allowed</option><option value="deny">only denied</option><option value="unknown">only unknown</option><option value="">all</option></select></label>
<label class="check"><input name="outside" type="checkbox"> Only from outside</label>
</form>
<p role="status" id="shown"></p>
`;

function* blockHtml(block: Block, attributes: Attributes): Iterable<string> {
  if (block.kind === 'connections') yield* connectionsHtml(block, attributes);
  else yield textHtml(block, attributes);
}

function textHtml(block: Exclude<Block, ConnectionsBlock>, attributes: Attributes): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${inlineHtml(block.content, attributes)}</h${block.level}>\n`;
    case 'paragraph':
      return `<p${block.tone === undefined ? '' : ` class="${block.tone}"`}>${inlineHtml(block.content, attributes)}</p>\n`;
    case 'list':
      return `<ul>\n${block.items.map((item) => itemHtml(item, attributes)).join('')}</ul>\n`;
    case 'picture':
      return pictureHtml(block, attributes);
    case 'remediations':
      return `<ol>\n${block.items.map((title) => remediationHtml(title)).join('')}</ol>\n`;
  }
}

function remediationHtml(title: string): string {
  const button = (action: string, words: string): string =>
    `<button type="button" data-action="${action}" data-item="${htmlText(title)}" aria-label="${words}: ${htmlText(title)}">${words}</button>`;
  return `<li>${htmlText(title)} <span class="live" hidden>${button('preview', 'Preview')}${button('apply', 'Apply')}</span></li>\n`;
}

function itemHtml({ content, items = [], tone }: ReportItem, attributes: Attributes): string {
  const below = items.length === 0 ? '' : `<ul>${items.map((item) => itemHtml(item, attributes)).join('')}</ul>`;
  return `<li${tone === undefined ? '' : ` class="${tone}"`}>${inlineHtml(content, attributes)}${below}</li>\n`;
}

function inlineHtml(content: Inline, attributes: Attributes): string {
  return content
    .map((part) => {
      if (typeof part === 'string') return spaced(part);
      if ('strong' in part) return `<strong>${htmlText(part.strong)}</strong>`;
      return linked(part.text, part, attributes);
    })
    .join('');
}

/** Blanks at the ends of a part stay: it stands between others. */
function spaced(text: string): string {
  const written = htmlText(text.trim());
  return `${/^\s/.test(text) ? ' ' : ''}${written}${written !== '' && /\s$/.test(text) ? ' ' : ''}`;
}

function linked(text: string, place: FieldPlace | undefined, attributes: Attributes): string {
  const found = place && attributes(place);
  return found === undefined ? htmlText(text) : `<a ${found}>${htmlText(text)}</a>`;
}

/** The rows by the namespace of their source. */
function* connectionsHtml(
  { rows, none, more = false, moreDenied = false, as }: ConnectionsBlock,
  attributes: Attributes,
): Iterable<string> {
  if (!rows.some(({ verdict }) => verdict === 'allow')) yield `<p>${htmlText(none)}</p>\n`;
  const groups = groupBy(rows, ({ from }) => from.namespace);
  for (const [namespace, group] of groups) {
    yield `<details open><summary>${namespace === '' ? 'From outside the cluster' : `From ${htmlText(namespace)}`}</summary>\n`;
    yield '<table><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Traffic</th><th scope="col">Verdict</th></tr></thead><tbody>\n';
    for (const row of group) yield rowHtml(row, attributes);
    yield '</tbody></table></details>\n';
  }
  if (more)
    yield `<p>More connections than these${as === 'table' ? '' : ' for this policy'}; <code>netpol connections</code> lists all.</p>\n`;
  if (moreDenied) yield '<p>Not all denied connections are listed.</p>\n';
}

function rowHtml({ from, to, traffic, verdict }: ConnectionRow, attributes: Attributes): string {
  const cell = ({ text, link }: RowPeer): string => linked(text, link, attributes);
  const data = `data-from="${htmlText(from.text)}" data-to="${htmlText(to.text)}" data-traffic="${htmlText(traffic)}" data-verdict="${verdict}" data-outside="${from.namespace === '' ? 'yes' : 'no'}"`;
  return `<tr ${data}><td>${cell(from)}</td><td>${cell(to)}</td><td>${htmlText(traffic)}</td><td class="${verdict}">${VERDICTS[verdict]}</td></tr>\n`;
}

const VERDICTS = { allow: 'allowed', deny: 'denied', unknown: 'unknown' } as const;
