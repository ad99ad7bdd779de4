import { startOfLine } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { lineBreak, replace } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'invalid-port',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a port name, such as a number in quotes.',
  why: 'Text in port is the name of a container port: at most 15 small letters, digits and dashes, with at least one letter. A number in quotes is such a text, and the API server rejects it.',
  *check({ issues, text }) {
    for (const { keyword, params, path, span, node, enforced } of issues) {
      if (keyword !== 'format' || params.format !== 'port-or-name' || typeof params.value !== 'string' || !enforced) continue;
      yield { span, path, message: message(params.value), fixes: fixes(params.value, node, text) };
    }
  },
};

export default rule;

const RANGE = /^\s*([0-9]{1,5})\s*(?:-|:|\.\.)\s*([0-9]{1,5})\s*$/;

function message(value: string): string {
  if (/^\s*[0-9]+\s*$/.test(value))
    return `${quote(value)} in quotes is a port name, and a name needs a letter; the API server rejects it. Remove the quotes.`;
  const range = RANGE.exec(value);
  if (range)
    return `${quote(value)} is no port; the API server rejects it. A range is 'port: ${range[1] ?? ''}' with 'endPort: ${range[2] ?? ''}'.`;
  const [, of, protocol] = WITH_PROTOCOL.exec(value) ?? [];
  if (of !== undefined)
    return `${quote(value)} is no port; the API server rejects it. Write 'port: ${of}', and 'protocol: ${protocol?.toUpperCase() ?? ''}' beside it.`;
  if (/^(?:\*|any|all)$/i.test(value)) return `${quote(value)} is no port; the API server rejects it. Leave 'port' out for every port.`;
  if (/^\d+(?:\s*[,;]\s*\d+)+$/.test(value)) return `${quote(value)} is no port; the API server rejects it. Write an item for each port.`;
  if (value === '') return "An empty text is no port; the API server rejects it. Leave 'port' out for every port.";
  const reason =
    value.length > 15
      ? 'has more than 15 characters'
      : /[A-Z]/.test(value)
        ? 'has capital letters'
        : /^-|-$|--/.test(value)
          ? 'has a dash at an end or two in a row'
          : 'has other characters than small letters, digits and dashes';
  return `${quote(value)} is no port name, because it ${reason}; the API server rejects it. Write a number or the name of a container port.`;
}

/** As Docker writes it. */
const WITH_PROTOCOL = /^([0-9]{1,5})[/:](tcp|udp|sctp)$/i;

function fixes(value: string, node: Node | undefined, text: string): readonly Fix[] {
  if (node?.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return [];
  const number = /^\s*0*([0-9]{1,5})\s*$/.exec(value)?.[1];
  if (number !== undefined) return [{ title: `Change to ${number}`, edits: [replace(node.span, number)], safe: true }];
  const [, from, to] = RANGE.exec(value) ?? [];
  if (from === undefined || to === undefined) return [];
  const lineStart = startOfLine(text, node.span.start);
  const column = text.slice(lineStart, node.span.start).search(/\bport["']?\s*:\s*$/);
  const inFlow = /[{[]/.test(text.slice(lineStart, node.span.start));
  const rest = inFlow || column < 0 ? `, endPort: ${to}` : `${lineBreak(text)}${' '.repeat(column)}endPort: ${to}`;
  return [{ title: `Write the range ${from} to ${to}`, edits: [replace(node.span, from + rest)], safe: true }];
}
