import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { ScalarNode } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { fits } from '../schema/formats.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'invalid-domain-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a domain name, or a wildcard in the wrong place.',
  why: "A domain name has at least two parts, and '*.' may stand only at its start, where it matches one part or more. The API server rejects anything else.",
  companions: ['channel-field'],
  *check({ issues }) {
    for (const { keyword, params, span, path, node } of issues) {
      if (keyword !== 'format' || params.format !== 'domain-name') continue;
      const text = String(params.value ?? '');
      const fixes = node?.kind === 'scalar' ? repairs(text, node) : [];
      yield { span, path, message: `${reason(text)}; the API server rejects it.`, fixes };
    }
  },
};

export default rule;

/** What was probably meant: without what makes a URL of it, and with a wildcard where one can stand. */
function repairs(text: string, node: ScalarNode): readonly Fix[] {
  const bare = text
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[:/].*$/, '')
    .replace(/^[*.]*[*.](?=[^*.])/, '*.');
  const below = bare.slice(1).includes('*') ? bare.slice(bare.lastIndexOf('*')).replace(/^[^.]*\./, '') : undefined;
  const name = below === undefined ? bare : `*.${below}`;
  if (name === text || !fits('domain-name', name)) return [];
  const title = below === undefined ? `Change to '${name}'` : `Change to '${name}', which is every name below ${below}`;
  return [{ title, edits: [replace(node.span, likeScalar(name, node))], safe: false }];
}

function reason(text: string): string {
  if (text === '') return 'An empty text is no domain name';
  const shown = `${quote(text)} is no domain name`;
  if (/^\*\.[^.]+\.?$|^\*$/.test(text)) return `${shown}: behind '*.' at least two parts are needed`;
  if (text.slice(1).includes('*')) return `${shown}: a '*' may stand only at the start, followed by a dot`;
  if (text.includes('://') || text.includes('/')) return `${shown} but a URL`;
  if (text.includes(':')) return `${shown}: a port goes into 'protocols'`;
  return text.includes('.') ? shown : `${shown}: at least two parts are needed, as in 'example.com'`;
}
