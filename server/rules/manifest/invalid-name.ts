import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { stringOf } from '../../syntax/tree.ts';
import { fits } from '../schema/formats.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const DNS = ['dns-subdomain-name', 'generate-name', 'dns-label-namespace'];

const rule: ManifestRule = {
  name: 'invalid-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A name that no object can have.',
  why: 'Names consist of lowercase letters, digits, dashes and dots (namespaces without dots), and start and end with a letter or digit. The API server rejects anything else.',
  about: everyKind,
  *check({ issues, kind, at }) {
    for (const { keyword, params, path, span, node } of issues) {
      const format = params.format ?? '';
      if (keyword !== 'format' || !DNS.includes(format)) continue;
      // The API server drops the namespace of a cluster-scoped object before it looks at it.
      if (format === 'dns-label-namespace' && kind?.scope === 'Cluster') continue;
      const text = String(params.value ?? '');
      const better = text
        .trim()
        .toLowerCase()
        .replace(/[\s_]+/g, '-')
        .replace(/[^-a-z0-9.]/g, '')
        .replace(/^[-.]+|[-.]+$/g, '');
      const fixes =
        node?.kind === 'scalar' && better !== '' && fits(format, better)
          ? [
              {
                title: `Change to '${better}'`,
                edits: [
                  replace(
                    node.span,
                    likeScalar(better, node.style === 'literal' || node.style === 'folded' ? { ...node, style: 'plain' } : node),
                  ),
                ],
                safe: false,
              },
            ]
          : [];
      const most = format === 'dns-label-namespace' ? 63 : 253;
      const reason =
        text.length > most
          ? `has ${text.length} characters, more than ${most}`
          : `must consist of lowercase letters, digits${format === 'dns-label-namespace' ? ' and dashes' : ', dashes and dots'}, and start and end with a letter or digit`;
      const what =
        format === 'dns-label-namespace' ? 'the name of a namespace' : format === 'generate-name' ? 'the prefix of a name' : 'a name';
      yield { span, path, message: `${quote(text)} cannot be ${what}: it ${reason}. The API server rejects it.`, fixes };
      // A prefix that is not a name makes no name either; the API server reports both.
      if (format === 'generate-name' && (stringOf(at(['metadata', 'name'])) ?? '') === '')
        yield {
          span,
          path: ['metadata', 'name'],
          message: 'No name can be generated from this prefix. Correct the prefix, or write a name.',
        };
    }
  },
};

export default rule;
