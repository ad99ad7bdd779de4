import { likeScalar, replace } from '../../syntax/edit.ts';
import { fits } from '../schema/formats.ts';
import { valueFault } from '../text/label-words.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-label-value',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a label value.',
  why: 'A label value has at most 63 letters, digits, dashes, dots and underscores, and starts and ends with a letter or digit. The API server rejects anything else; no pod can have such a label.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, enforced, params, node, span, path } of issues) {
      if (!enforced || keyword !== 'format' || !FORMATS.includes(params.format ?? '')) continue;
      const text = String(params.value ?? '');
      const better = text.trim();
      const fixes =
        node?.kind === 'scalar' && better !== text && fits('label-value', better)
          ? [
              {
                title: `Change to '${better}'`,
                edits: [
                  replace(
                    node.span,
                    likeScalar(better, node.style === 'literal' || node.style === 'folded' ? { ...node, style: 'plain' } : node),
                  ),
                ],
                safe: true,
              },
            ]
          : [];
      yield { span, path, message: `${valueFault(text)}, so the API server rejects the manifest.${advice(text)}`, fixes };
    }
  },
};

export default rule;

/** The second is what CRDs check that leave the length out. */
const FORMATS: readonly string[] = ['label-value', 'label-value-pattern'];

function advice(text: string): string {
  return text.includes('*') ? ' Selectors have no wildcards: use a label that all of them have, or list the values with In.' : '';
}
