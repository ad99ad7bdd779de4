import { startOfLine } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { lineBreak, replace } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-port',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a port name, such as a number in quotes.',
  why: 'A string in port is the name of a container port: at most 15 lowercase letters, digits and dashes, and at least one letter. A number in quotes is a string, and the API server rejects it.',
  about: everyKind,
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
    return `${quote(value)} in quotes is a port name without a letter, so the API server rejects the manifest. Remove the quotes.`;
  const range = RANGE.exec(value);
  if (range)
    return `${quote(value)} is not a port, so the API server rejects the manifest. Write the range as 'port: ${range[1] ?? ''}' and 'endPort: ${range[2] ?? ''}'.`;
  const [, of, protocol] = WITH_PROTOCOL.exec(value) ?? [];
  if (of !== undefined)
    return `${quote(value)} is not a port, so the API server rejects the manifest. Write 'port: ${of}' and 'protocol: ${protocol?.toUpperCase() ?? ''}'.`;
  if (/^(?:\*|any|all)$/i.test(value))
    return `${quote(value)} is not a port, so the API server rejects the manifest. Omit 'port' to match every port.`;
  if (/^\d+(?:\s*[,;]\s*\d+)+$/.test(value))
    return `${quote(value)} is not a port, so the API server rejects the manifest. Write an item for each port.`;
  if (value === '') return "An empty string is not a port, so the API server rejects the manifest. Omit 'port' to match every port.";
  const reason =
    value.length > 15
      ? 'has more than 15 characters'
      : /[A-Z]/.test(value)
        ? 'has uppercase letters'
        : /^-|-$|--/.test(value)
          ? 'starts or ends with a dash, or has two dashes in a row'
          : 'has characters other than lowercase letters, digits and dashes';
  return `${quote(value)} is not a port name, because it ${reason}; the API server rejects the manifest. Write a number or the name of a container port.`;
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
