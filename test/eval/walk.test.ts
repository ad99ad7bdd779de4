import { expect, test } from 'vitest';
import { ALL_TRAFFIC, formatTraffic, hasTraffic, portSet, trafficOf } from '../../server/base/ports.ts';
import { antreaPlane, calicoPlane, ciliumPlane, UPSTREAM, type Plane } from '../../server/eval/stages.ts';
import { stageGroups, type Order } from '../../server/eval/stage-order.ts';
import { walk } from '../../server/eval/walk.ts';
import type { Decision, MatchedRule } from '../../server/eval/outcome.ts';
import { anyRule, type Rule } from '../../server/model/policy.ts';

/*
 * Synthetic rule lists for one pod, one direction and one other endpoint, in the planes of all network plugins. The facts are those of the
 * vendors' own tests, one test each. A rule is written `Action ports`, as in `Deny 80` or `Accept *`.
 */

interface List extends Order {
  readonly stage: string;
  readonly isolates?: boolean;
  readonly rules: readonly string[];
}

const RULE: Rule = anyRule();

function ruleOf(text: string, index: number): MatchedRule {
  const [word = '', port = '*', ...marks] = text.split(' ');
  const action = (['Accept', 'Deny', 'Pass', 'Log'] as const).find((one) => one === word) ?? 'Accept';
  return {
    rule: RULE,
    action,
    index,
    traffic: port === '*' ? ALL_TRAFFIC : trafficOf('TCP', portSet(Number(port))),
    ...(marks.includes('perhaps') ? { uncertain: true } : {}),
    ...(marks.includes('http') ? { condition: 'HTTP' } : {}),
  };
}

function verdict(plane: Plane, lists: readonly List[], port: number = 80): string {
  const stages = stageGroups(lists, (list) => list, plane).map(({ stage, groups }) => ({
    stage,
    groups: groups.map((group) => group.map((list) => ({ item: list, isolates: list.isolates === true, rules: list.rules.map(ruleOf) }))),
  }));
  const told: Decision<List>[] = [];
  const quiet = walk(stages, undefined, undefined, plane);
  const outcome = walk(stages, undefined, (decision) => told.push(decision), plane);
  expect(quiet).toEqual(outcome);
  const at = (traffic: typeof ALL_TRAFFIC | undefined): boolean => traffic !== undefined && hasTraffic(traffic, 'TCP', port);
  if (at(outcome.sure)) return outcome.conditional?.some(({ traffic }) => at(traffic)) === true ? 'allow, then layer 7' : 'allow';
  if (!at(outcome.maybe)) return 'deny';
  return at(outcome.unknown) ? 'unknown' : 'ambiguous';
}

const list = (stage: string, rules: readonly string[], place: Partial<Omit<List, 'stage' | 'rules'>> = {}): List => ({
  stage,
  rules,
  name: 'one',
  ...place,
});
const np = (...rules: readonly string[]): List => list('networkpolicy', rules, { isolates: true });

test.each<[string, readonly List[], string]>([
  ['nothing applies', [], 'allow'],
  ['an isolated pod', [np()], 'deny'],
  ['rules add up', [np('Accept 443'), np('Accept 80')], 'allow'],
  ['Admin Accept over isolation', [list('admin', ['Accept 80'], { priority: 1 }), np()], 'allow'],
  ['Admin Pass to NetworkPolicies', [list('admin', ['Pass 80', 'Accept *'], { priority: 1 }), np()], 'deny'],
  ['Baseline only where nothing isolates', [np('Accept 80'), list('baseline', ['Deny *'])], 'allow'],
  ['Baseline Pass to the default', [list('baseline', ['Pass 80', 'Deny *'])], 'allow'],
  ['priority before rule order', [list('admin', ['Deny *'], { priority: 2 }), list('admin', ['Accept *'], { priority: 1 })], 'allow'],
  [
    'a tie that matters',
    [list('admin', ['Deny *'], { priority: 1 }), list('admin', ['Accept *'], { priority: 1, name: 'two' })],
    'ambiguous',
  ],
  ['a tie that agrees', [list('admin', ['Deny *'], { priority: 1 }), list('admin', ['Deny *'], { priority: 1, name: 'two' })], 'deny'],
  [
    'a tie between Pass and Accept, allowed below',
    [list('admin', ['Pass *']), list('admin', ['Accept *'], { name: 'two' }), np('Accept 80')],
    'allow',
  ],
  [
    'a tie between Pass and Accept, denied below',
    [list('admin', ['Pass *']), list('admin', ['Accept *'], { name: 'two' }), np()],
    'ambiguous',
  ],
  ['a rule that matches perhaps', [list('admin', ['Deny 80 perhaps'])], 'unknown'],
  ['perhaps, and denied anyway', [list('admin', ['Deny 80 perhaps']), np()], 'deny'],
  ['an allow that matches perhaps', [np('Accept 80 perhaps')], 'unknown'],
])('Kubernetes: %s', (_, lists, expected) => expect(verdict(UPSTREAM, lists)).toBe(expected));

const own = calicoPlane([
  { name: 'own', order: 500 },
  { name: 'late', order: 2_000_000 },
  { name: 'open', order: 600, unmatched: 'Pass' },
]);

test.each<[string, readonly List[], string]>([
  ['the end of a tier denies where a policy applied', [list('tier own', ['Accept 443'])], 'deny'],
  ['a tier that no policy applies in is passed over', [list('tier late', ['Accept 80'])], 'allow'],
  ['a default action Pass goes on', [list('tier open', ['Deny 443'])], 'allow'],
  ['Pass goes to the next tier', [list('tier own', ['Pass 80']), list('tier default', ['Accept 80'])], 'allow'],
  ['Log decides nothing', [list('tier own', ['Log 80', 'Accept 80'])], 'allow'],
  [
    'a NetworkPolicy is a policy of order 1000: an earlier Deny decides',
    [np('Accept 80'), list('tier default', ['Deny 80'], { priority: 999 })],
    'deny',
  ],
  [
    'a later Allow still opens what a NetworkPolicy does not allow',
    [np(), list('tier default', ['Accept 80'], { priority: 1001 })],
    'allow',
  ],
  ['a later Deny takes nothing that a NetworkPolicy allows', [np('Accept 80'), list('tier default', ['Deny 80'])], 'allow'],
  ['equal order: by name', [list('tier own', ['Accept 80'], { name: 'b' }), list('tier own', ['Deny 80'], { name: 'a' })], 'deny'],
  ['no order comes last', [list('tier own', ['Deny 80']), list('tier own', ['Accept 80'], { priority: 7, name: 'z' })], 'allow'],
  [
    'order is a fraction, among ClusterNetworkPolicies',
    [list('admin', ['Deny 80'], { priority: 100 }), list('tier kube-admin', ['Accept 80'], { priority: 0.5 })],
    'allow',
  ],
  ['ClusterNetworkPolicies of the Baseline tier come last', [list('baseline', ['Deny 80']), np('Accept 80')], 'allow'],
])('Calico: %s', (_, lists, expected) => expect(verdict(own, lists)).toBe(expected));

const cilium = (rules: readonly string[], isolates = true): List => list('networkpolicy', rules, { isolates });

test.each<[string, readonly List[], string]>([
  ['deny wins over every allow', [cilium(['Accept 80']), cilium(['Deny 80'])], 'deny'],
  ['deny of everything, allow of one port', [cilium(['Deny *', 'Accept 80'])], 'deny'],
  ['a NetworkPolicy allow beside a Cilium deny', [np('Accept 80'), cilium(['Deny 80'], false)], 'deny'],
  ['rules without default deny close nothing', [cilium(['Accept 443'], false)], 'allow'],
  ['one list that isolates is enough', [cilium(['Accept 443'], false), cilium([])], 'deny'],
  ['deny entries alone switch default deny on', [cilium(['Deny 443'])], 'deny'],
  ['Admin Accept precedes a deny of the normal tier', [list('admin', ['Accept 80']), cilium(['Deny 80'])], 'allow'],
  ['Admin Pass: a deny still wins', [list('admin', ['Pass 80']), cilium(['Deny 80', 'Accept 80'])], 'deny'],
  ['rules of one policy by their order', [list('admin', ['Pass 80', 'Deny *'], { priority: 3 })], 'allow'],
  [
    'deny before allow at one priority',
    [list('admin', ['Accept 80'], { priority: 3 }), list('admin', ['Deny 80'], { priority: 3 })],
    'deny',
  ],
  ['the lower priority decides', [list('admin', ['Accept 80'], { priority: 3 }), list('admin', ['Deny 80'], { priority: 4 })], 'allow'],
  ['an L7 rule allows its port', [cilium(['Accept 80 http'])], 'allow, then layer 7'],
])('Cilium: %s', (_, lists, expected) => expect(verdict(ciliumPlane('1.20', false), lists)).toBe(expected));

test.each<[string, readonly List[], string]>([
  ['tiers by priority', [list('tier securityops', ['Deny 80']), list('tier emergency', ['Accept 80'])], 'allow'],
  ['an Allow closes nothing', [list('tier application', ['Accept 443'])], 'allow'],
  ['an Allow goes over isolation', [list('tier application', ['Accept 80']), np()], 'allow'],
  ['a Drop goes over a NetworkPolicy', [list('tier application', ['Deny 80']), np('Accept 80')], 'deny'],
  ['Pass leaves all tiers at once', [list('tier emergency', ['Pass 80']), list('tier application', ['Deny 80'])], 'allow'],
  ['Pass is no allow', [list('tier emergency', ['Pass 80']), np()], 'deny'],
  ['after Pass and NetworkPolicies comes baseline', [list('tier emergency', ['Pass 80']), list('tier baseline', ['Deny 80'])], 'deny'],
  ['an isolated pod never sees baseline', [np('Accept 80'), list('tier baseline', ['Deny 80'])], 'allow'],
  [
    'equal priority: all first rules before all second ones',
    [list('tier application', ['Accept 443', 'Deny 80']), list('tier application', ['Accept 80'], { name: 'two' })],
    'allow',
  ],
  [
    'equal priority and index: undefined',
    [list('tier application', ['Deny 80']), list('tier application', ['Accept 80'], { name: 'two' })],
    'ambiguous',
  ],
  [
    'ClusterNetworkPolicies lie at 220',
    [list('admin', ['Accept 80']), list('tier application', ['Deny 80']), list('tier platform', ['Deny 443'])],
    'allow',
  ],
  ['their Pass skips the later tiers', [list('admin', ['Pass 80']), list('tier application', ['Deny 80'])], 'allow'],
  [
    'a fraction as priority',
    [list('tier application', ['Deny 80'], { priority: 5.5 }), list('tier application', ['Accept 80'], { priority: 5 })],
    'allow',
  ],
])('Antrea: %s', (_, lists, expected) => expect(verdict(antreaPlane(), lists)).toBe(expected));

test('a part of the traffic has results of its own', () => {
  const lists = [list('admin', ['Deny 80', 'Accept 443']), list('admin', ['Accept 80'], { name: 'two' }), np()];
  expect([80, 443, 22].map((port) => verdict(UPSTREAM, lists, port))).toEqual(['ambiguous', 'allow', 'deny']);
  expect(formatTraffic(walk([]).sure)).toBe('all traffic');
});
