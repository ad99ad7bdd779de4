import { coversTraffic } from '../../base/ports.ts';
import { membersOf } from '../../eval/bits.ts';
import { endName } from '../../eval/explain.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/peers.ts';
import { isBeforeIsolation } from '../../eval/stages.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { Placed } from '../../workspace/cluster.ts';
import { onValue } from '../draft.ts';
import { examplePort } from '../witness/example-port.ts';
import { SOMEBODY } from '../witness/pairs.ts';
import { cnp, np } from '../examples.ts';
import { unlike } from '../ladder/decisions.ts';
import { areApart, policiesAfter, stepsOf } from '../ladder/ladder.ts';
import { trafficIn } from '../networks.ts';
import { acceptedNames, isReadable } from '../parts.ts';
import type { WorkspaceContext, WorkspaceRule } from '../rule.ts';
import { aboutPodsOf, deciderOf } from '../ladder/tier-match.ts';
import { documents, namespace, pod } from '../workspace-examples.ts';
import { factsIn, policyIn } from '../workspace-parts.ts';

const names = cnp`
  tier: Admin
  priority: 10
  subject:
    namespaces:
      matchLabels: {team: web}
  egress:
  - action: Accept
    to:
    - domainNames: [api.example.com]
      #            ^^^^^^^^^^^^^^^^^ no list
`;

const unmarked = names.replace(/ +#.*\n/, '');

const later = cnp`
  tier: Admin
  priority: 20
  subject:
    namespaces:
      matchLabels: {team: web}
  egress:
  - action: Deny
    to:
    - networks: [0.0.0.0/0, "::/0"]
`.replace('name: guard', 'name: no-internet');

const isolated = np`
  podSelector: {}
  policyTypes: [Egress]
`;

const shop = [namespace('shop', 'team: web'), pod('shop', 'web', 'app: web')];

const rule: WorkspaceRule = {
  name: 'domain-names-without-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'Domain names are accepted, and everything else is open as well.',
  why: 'An Accept takes nothing away from anybody. A list of allowed names needs the other half: a Deny for all other addresses that comes after it, or NetworkPolicies that close the egress of the pods.',
  bad: [{ yaml: names }, { yaml: documents(names, ...shop) }],
  good: [
    cnp`
      tier: Admin
      priority: 10
      subject:
        namespaces:
          matchLabels: {team: web}
      egress:
      - action: Pass
        to:
        - namespaces: {}
      - action: Accept
        to:
        - domainNames: [api.example.com]
      - action: Deny
        to:
        - networks: [0.0.0.0/0, "::/0"]
    `,
    documents(unmarked, later),
    documents(unmarked, later, ...shop),
    documents(unmarked, later.replace('tier: Admin', 'tier: Baseline'), ...shop),
    documents(unmarked, isolated, ...shop),
  ],
  companions: ['channel-field'],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || !isReadable(policy.value, ['spec', 'egress'])) return;
    for (const { peer, rule } of acceptedNames(policy.value)) {
      const open = openFor(context, policy, rule);
      if (open === undefined) continue;
      const message = `These names are no list of what is allowed: ${open}. Add a Deny for networks 0.0.0.0/0 and ::/0 behind them, or close the egress of the pods by NetworkPolicies.`;
      yield onValue(context, [...peer.path, 'domainNames'], message);
    }
  },
};

export default rule;

/** Classes of pods that are asked about, at most. */
const MOST = 200;

/** What is open anyway, in words: to a pod that is known here, for which a rule about names opens nothing more, else to all of them. */
function openFor(context: WorkspaceContext, policy: Placed<Policy>, rule: Rule): string | undefined {
  const made = context.evaluation();
  const { space } = made;
  const known = membersOf(subjectBits(space, policy.value)).slice(0, MOST);
  if (known.length === 0) return isOpenAnyway(context, policy, rule) ? 'the pods may reach all other addresses too' : undefined;
  const traffic = trafficIn(rule);
  const witness = examplePort(traffic);
  if (!witness) return undefined;
  // Pods that are bound alike fare alike.
  const open = unlike(made, known, 'egress').find((pod) =>
    space.atoms.every((_, atom) => coversTraffic(made.outcome('egress', pod, space.classes.length + atom).sure, traffic)),
  );
  const sample = open === undefined ? undefined : space.classes[open]?.sample;
  return (
    sample &&
    `${workloadName(sample)} -> ${endName(SOMEBODY)} ${witness.protocol} ${witness.port} is allowed, and so is every other address`
  );
}

/** Is nothing in the workspace the other half of the list: a Deny of addresses that comes after the names, an isolating NetworkPolicy? */
function isOpenAnyway({ cluster, ...context }: WorkspaceContext, policy: Placed<Policy>, rule: Rule): boolean {
  const decider = deciderOf(cluster, policy, 'egress', { kind: 'outside', protocol: 'TCP', port: 443 }, aboutPodsOf(policy.value));
  if (decider?.rule.action === 'Deny') return false;
  const own = policy.value.egress?.rules ?? [];
  if (own.slice(own.indexOf(rule) + 1).some(deniesAddresses)) return false;
  const below = isBeforeIsolation(policy.value) ? stepsOf(cluster, 'after').flat() : [];
  const after = [...policiesAfter(cluster, policy.value), ...below];
  const isolating = [...factsIn({ cluster, ...context }).policiesIn.values()].flat().filter(({ value }) => value.egress?.isolates);
  return (
    !after.some(({ value }) => mayDeny(value) && !areApart(value, policy.value)) &&
    !isolating.some(({ value }) => !areApart(value, policy.value))
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
