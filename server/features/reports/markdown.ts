import { plain } from '../../base/english.ts';
import { code, escape, table } from '../../base/markdown.ts';
import type { Block, ConnectionRow, ConnectionsBlock, Inline, ReportItem, Link, Part, Report, RowPeer } from './report.ts';

/** Markdown, as text and as text that leads to a place. Joined it is the whole document. */
export type MarkdownPart = string | Link;

/** A report as Markdown, which people read as it stands and in a preview. */
export function markdownParts({ blocks }: Report): readonly MarkdownPart[] {
  return blocks.flatMap((block, at): readonly MarkdownPart[] => {
    const parts = blockParts(block);
    return parts.length === 0 || at === 0 ? parts : ['\n', ...parts];
  });
}

function blockParts(block: Block): readonly MarkdownPart[] {
  switch (block.kind) {
    case 'heading':
      return [block.level === 1 ? '# ' : '## ', ...inline(block.content), '\n'];
    case 'paragraph':
      return [...inline(block.content), '\n'];
    case 'list':
      return block.items.flatMap((item) => itemParts(item, ''));
    case 'connections':
      return connectionsParts(block);
    case 'remediations':
      return block.items.map((item) => `- ${reportText(item)}\n`);
    case 'picture':
      return [];
  }
}

function itemParts({ content, items = [] }: ReportItem, indent: string): readonly MarkdownPart[] {
  return [`${indent}- `, ...inline(content), '\n', ...items.flatMap((item) => itemParts(item, `${indent}  `))];
}

/** Only what is allowed: what is denied or unknown would be many times as much. */
function connectionsParts({ rows, as, none, more = false }: ConnectionsBlock): readonly MarkdownPart[] {
  const allowed = rows.filter(({ verdict }) => verdict === 'allow');
  if (allowed.length === 0) return [`${reportText(none)}\n`];
  const end = more ? `${as === 'table' ? '\n' : '- '}More connections than these; \`netpol connections\` lists all.\n` : '';
  if (as === 'list') return [...allowed.flatMap(listed), end];
  const cells = allowed.map(({ from, to, traffic }) => [cell(from), cell(to), reportText(traffic)]);
  return [`${table(['from', 'to', 'traffic'], cells)}\n`, end];
}

function listed({ from, to, traffic }: ConnectionRow): readonly MarkdownPart[] {
  return ['- ', peer(from), ' → ', peer(to), `: ${reportText(traffic)}\n`];
}

function peer({ text, namespace, link }: RowPeer): MarkdownPart {
  return link && namespace !== '' ? { text: reportText(text), ...link } : reportText(text);
}

function cell({ text, namespace }: RowPeer): string {
  const isAddress = namespace === '' && /^[\w.:/ ,–-]*$/.test(text); // in our words
  return isAddress ? text : code(text);
}

function inline(content: Inline): readonly MarkdownPart[] {
  return content.map((part: Part): MarkdownPart => {
    if (typeof part === 'string') return /^\s|\s$/.test(part) ? around(part) : reportText(part);
    return 'strong' in part ? `**${reportText(part.strong)}**` : { ...part, text: reportText(part.text) };
  });
}

/** Blanks at the ends of a part stay: it stands between others. */
function around(text: string): string {
  const [, start = '', middle = '', end = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return `${start === '' ? '' : ' '}${middle === '' ? '' : reportText(middle)}${end === '' ? '' : ' '}`;
}

/**
 * Text from files in a report, which people read as it stands and in a Markdown preview: on one line, and escaped where Markdown would
 * make something of it. Names of Kubernetes stay as they are.
 */
export function reportText(text: string): string {
  return /[<`*~\\&$]|!\[|\]\s*[([]|(?<!\w)_|_(?!\w)|:\/\/|\bwww\.|\w@\w|^\s*(?:[-+=#>]|\d+[.)])/i.test(text) ? escape(text) : plain(text);
}
