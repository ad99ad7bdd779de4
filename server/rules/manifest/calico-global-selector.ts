import { parseSelector } from '../../model/calico/selector/parse.ts';
import { selectorNodes } from '../../model/calico/selector/places.ts';
import { ofApi } from '../about.ts';
import { refused } from '../findings/calico.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-global-selector',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: "A 'global()' outside the namespaceSelector of a rule, or combined with other conditions.",
  why: 'global() selects what is in no namespace: GlobalNetworkSets and host endpoints. Calico accepts it only in source.namespaceSelector and destination.namespaceSelector, and only by itself; everywhere else it rejects the policy.',
  *check(context) {
    for (const { node, path, role, of } of selectorNodes(context.root)) {
      if (of === 'peer' && role === 'namespaces') {
        if (!node.text.includes('global(') || isGlobalAlone(node.text)) continue;
        const fix = {
          title: 'Change to global()',
          edits: [replace(node.span, node.style === 'plain' ? 'global()' : likeScalar('global()', node))],
          safe: false,
        };
        yield refused(
          context,
          path,
          "'global()' cannot be combined with other conditions.",
          node.style === 'literal' || node.style === 'folded' ? {} : { fixes: [fix] },
        );
      } else if (node.text.includes('global()') && isChecked(path)) {
        yield refused(context, path, "'global()' can only be used in the namespaceSelector of a rule's source or destination.");
      }
    }
  },
};

export default rule;

/** Calico's validator (`validateEntityRule`, `validateNetworkPolicySpec`) looks into all selectors but these. */
function isChecked(path: Path): boolean {
  return path.at(-1) !== 'notSelector' && !path.includes('serviceAccounts');
}

/** Nothing but `global()`, with or without blanks. */
function isGlobalAlone(text: string): boolean {
  return parseSelector(text).expression?.kind === 'global' && !text.includes('(global');
}
