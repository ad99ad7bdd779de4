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
  why: "A domain name has at least two labels, and '*.' is allowed only at its start, where it matches one label or more. The API server rejects anything else.",
  companions: ['channel-field'],
  *check({ issues }) {
    for (const { keyword, params, span, path, node } of issues) {
      if (keyword !== 'format' || params.format !== 'domain-name') continue;
      const text = String(params.value ?? '');
      const fixes = node?.kind === 'scalar' ? repairs(text, node) : [];
      yield { span, path, message: `${reason(text)}. The API server rejects the manifest.`, fixes };
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
  const title = below === undefined ? `Change to '${name}'` : `Change to '${name}', which matches every name below ${below}`;
  return [{ title, edits: [replace(node.span, likeScalar(name, node))], safe: false }];
}

function reason(text: string): string {
  if (text === '') return 'An empty string is not a domain name';
  const shown = `${quote(text)} is not a domain name`;
  if (/^\*\.[^.]+\.?$|^\*$/.test(text)) return `${shown}: at least two labels are required after '*.'`;
  if (text.slice(1).includes('*')) return `${shown}: '*' is allowed only at the start, followed by a dot`;
  if (text.includes('://') || text.includes('/')) return `${shown}, but a URL`;
  if (text.includes(':')) return `${shown}: write the port under 'protocols'`;
  return text.includes('.') ? shown : `${shown}: at least two labels are required, as in 'example.com'`;
}
