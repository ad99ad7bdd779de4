import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = rejectionRule({
  code: 'node-peers',
  summary: 'Peers by node labels (`fromNodes`, `toNodes`), which need an option of the agent.',
  why: 'Nodes get identities from their labels only where the Cilium agent runs with enable-node-selector-labels, which is off by default. Otherwise Cilium rejects the whole policy. Where the option is on, turn this rule off in the settings.',
  noFix: 'Only the author knows whether the option is on, and which entity would be right otherwise.',
});

export default rule;
