import { list } from '../../base/english.ts';
import { isBeforeIsolation } from '../../eval/stages.ts';
import { policyName } from '../../eval/names.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { isReadable, picksAll } from '../../analysis/policy-parts.ts';
import { fatesOf } from '../../analysis/witness/rule-fate.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'admin-deny-overrides-allow',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A default deny in the Admin tier, which overrides the allow rules of NetworkPolicies.',
  why: 'The Admin tier is evaluated before NetworkPolicies, and its Deny is final: a NetworkPolicy that allows the same connections has no effect. A default that namespaces may open belongs in the Baseline tier, which applies only to pods that no NetworkPolicy isolates.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isBeforeIsolation(policy) || policy.unreadable.length > 0) return;
    for (const direction of DIRECTIONS) {
      for (const deny of policy[direction]?.rules ?? []) {
        if (deny.action !== 'Deny' || !isReadable(policy, deny.path)) continue;
        const dead: Dead[] = [];
        for (const other of isolating(context)) {
          dead.push(...deadRules(context, policy, deny, other, direction));
          yield undefined;
        }
        const [first] = dead;
        if (!first) continue;
        const names = list([...new Set(dead.map(({ of }) => policyName(of.value)))], 'and', 3);
        const isDefault = deny.ports === 'any' && (deny.peers === 'any' || deny.peers.some(isEveryPod));
        const fix = isDefault
          ? 'Move it to the Baseline tier if NetworkPolicies may override it.'
          : 'Add an Accept or Pass before it, if these connections are required.';
        const message = `This Deny is evaluated before NetworkPolicies, so what ${names} ${dead.length === 1 ? 'allows' : 'allow'} stays denied, for example ${first.example}. ${fix}`;
        yield onKey(context, deny.path, message, {
          severity: isDefault ? 'warning' : 'information',
          related: dead.slice(0, 5).map(({ of, allow }) => ({ key: of.key, path: allow.path, message: 'This rule has no effect.' })),
        });
      }
    }
  },
};

export default rule;

/** An allow rule without effect. */
interface Dead {
  readonly of: Located<Policy>;
  readonly allow: Rule;
  readonly example: string;
}

/** How many policies are compared with one Deny. */
const MAX_POLICIES = 200;

function isolating({ cluster }: WorkspaceContext): readonly Located<Policy>[] {
  return cluster.policies.filter(({ value }) => value.traits.isolates && value.unreadable.length === 0).slice(0, MAX_POLICIES);
}

/** The rules of a policy of which the Deny leaves nothing. */
function deadRules(context: WorkspaceContext, policy: Policy, deny: Rule, of: Located<Policy>, direction: Direction): readonly Dead[] {
  return (of.value[direction]?.rules ?? []).flatMap((allow): readonly Dead[] => {
    if (allow.action !== 'Accept' || allow.peers === 'any') return [];
    const fates = fatesOf(context.evaluation(), of.value, allow, direction);
    const isDead = fates.length > 0 && fates.every(({ deniedBy }) => deniedBy?.policy.value === policy && deniedBy.rule === deny);
    return isDead && fates[0] ? [{ of, allow, example: pairWords(fates[0].connection) }] : [];
  });
}

function isEveryPod(peer: Peer): boolean {
  return peer.kind === 'pods' && peer.namespaces.kind === 'selected' && picksAll(peer.namespaces.selector) && picksAll(peer.pods);
}
