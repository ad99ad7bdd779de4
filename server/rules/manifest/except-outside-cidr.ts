import { parseCidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import { stringOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'except-outside-cidr',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An except that is not a smaller block inside its cidr.',
  why: 'The API server rejects the manifest: an except must be a smaller block inside its cidr, of the same IP family.',
  *check({ issues, at }) {
    for (const { keyword, params, path, span } of issues) {
      if (keyword !== 'subset-of') continue;
      const outer = stringOf(at(params.other ?? [])) ?? '';
      const inner = String(params.value ?? '');
      yield {
        span,
        path,
        message: `${quote(inner)} ${relation(inner, outer)} the cidr ${quote(outer)}, so the API server rejects the manifest. Write a smaller block inside it.`,
        related: [{ path: params.other ?? [], message: 'The cidr of this block.' }],
      };
    }
  },
};

export default rule;

function relation(inner: string, outer: string): string {
  const [one, other] = [parseCidr(inner), parseCidr(outer)];
  if (!one.ok || !other.ok || one.family !== other.family) return 'is not of the same IP family as';
  return one.base === other.base && one.prefix === other.prefix
    ? 'is all of'
    : one.prefix <= other.prefix
      ? 'is larger than'
      : 'is outside';
}
