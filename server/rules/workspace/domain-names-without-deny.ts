import { coversTraffic } from '../../base/ports.ts';
import { bitMembers } from '../../eval/bits.ts';
import { endpointName } from '../../eval/explain.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { isBeforeIsolation } from '../../eval/stages.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { onValue } from '../draft.ts';
import { examplePort, EXAMPLE_ADDRESS } from '../../analysis/witness/pairs.ts';
import { distinctPods } from '../../analysis/precedence/decisions.ts';
import { areDisjoint, policiesAfter, priorityGroupsOf } from '../../analysis/precedence/tier-order.ts';
import { trafficIn } from '../../analysis/networks.ts';
import { acceptedNames, isReadable } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { aboutPodsOf, decidingRuleOf } from '../../analysis/precedence/tier-match.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'domain-names-without-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'Domain names are accepted, but all other destinations are allowed as well.',
  why: 'An Accept denies nothing. A list of allowed names also needs a later Deny for all other addresses, or NetworkPolicies that isolate the pods for egress.',
  companions: ['channel-field'],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || !isReadable(policy.value, policy.value.at.egress)) return;
    for (const { peer, rule } of acceptedNames(policy.value)) {
      const open = openFor(context, policy, rule);
      if (open === undefined) continue;
      const message = `These names do not limit egress: ${open}. Add a Deny for networks 0.0.0.0/0 and ::/0 after them, or isolate the pods for egress with a NetworkPolicy.`;
      yield onValue(context, [...peer.path, 'domainNames'], message);
    }
  },
};

export default rule;

/** Classes of pods that are asked about, at most. */
const MAX_CLASSES = 200;

/** What is allowed anyway, in words: for a pod of the workspace to which a rule with domain names adds nothing, else for all of them. */
function openFor(context: WorkspaceContext, policy: Located<Policy>, rule: Rule): string | undefined {
  const evaluation = context.evaluation();
  const { space } = evaluation;
  const selected = bitMembers(subjectBits(space, policy.value)).slice(0, MAX_CLASSES);
  if (selected.length === 0) return isOpenAnyway(context, policy, rule) ? 'the pods can connect to all other addresses too' : undefined;
  const traffic = trafficIn(rule);
  const witness = examplePort(traffic);
  if (!witness) return undefined;
  // Pods that are bound alike fare alike.
  const open = distinctPods(evaluation, selected, 'egress').find((pod) =>
    space.atoms.every((_, atom) => coversTraffic(evaluation.outcome('egress', pod, space.classes.length + atom).sure, traffic)),
  );
  const sample = open === undefined ? undefined : space.classes[open]?.sample;
  return (
    sample &&
    `${workloadName(sample)} -> ${endpointName(EXAMPLE_ADDRESS)} ${witness.protocol} ${witness.port} is allowed, and so is every other address`
  );
}

/** Is nothing in the workspace the other half of the list: a Deny of addresses that comes after the names, an isolating NetworkPolicy? */
function isOpenAnyway({ cluster, ...context }: WorkspaceContext, policy: Located<Policy>, rule: Rule): boolean {
  const decider = decidingRuleOf(cluster, policy, 'egress', { kind: 'outside', protocol: 'TCP', port: 443 }, aboutPodsOf(policy.value));
  if (decider?.rule.action === 'Deny') return false;
  const own = policy.value.egress?.rules ?? [];
  if (own.slice(own.indexOf(rule) + 1).some(deniesAddresses)) return false;
  const below = isBeforeIsolation(policy.value) ? priorityGroupsOf(cluster, 'after').flat() : [];
  const after = [...policiesAfter(cluster, policy.value), ...below];
  const isolating = [...factsIn({ cluster, ...context }).policiesIn.values()].flat().filter(({ value }) => value.egress?.isolates);
  return (
    !after.some(({ value }) => mayDeny(value) && !areDisjoint(value, policy.value)) &&
    !isolating.some(({ value }) => !areDisjoint(value, policy.value))
  );
}

function mayDeny(policy: Policy): boolean {
  const { egress } = policy;
  return egress !== undefined && (!isReadable(policy, egress.path) || egress.rules.some(deniesAddresses));
}

/** Any Deny of addresses is taken for the other half of the list. */
function deniesAddresses({ action, peers }: Rule): boolean {
  return action === 'Deny' && (peers === 'any' || peers.some(({ kind }) => kind === 'networks' || kind === 'unreadable'));
}
