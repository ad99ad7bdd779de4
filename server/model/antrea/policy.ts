import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, hasHole, itemsOf, stringOf, type Node } from '../../syntax/tree.ts';
import { DIRECTIONS, stageOfTier, type Direction, type Policy, type Rule, type RuleAction, type Section, type Subject } from '../policy.ts';
import { given, listAt, mapAt, readMetadata, readRules, sortOf, TEMPLATE, textAt, textIn, type ListItem, type Reading } from '../read.ts';
import type { Traits } from '../traits.ts';
import { readAppliedTo } from './applied-to.ts';
import { readPeers } from './peers.ts';
import { readPorts } from './ports.ts';
import { tierNamed } from './tiers.ts';

/** Rules in order, the first that matches decides, no pod is isolated. Pods on the host network are never subject. */
export const CLUSTER_TRAITS: Traits = {
  ordered: true,
  isolates: false,
  denies: true,
  namespaced: false,
  hostNetwork: false,
  builtIn: false,
};
export const NAMESPACED_TRAITS: Traits = { ...CLUSTER_TRAITS, namespaced: true };

const SPEC_FIELDS = ['tier', 'priority', 'appliedTo', 'ingress', 'egress'];
const RULE_FIELDS = ['action', 'name', 'ports', 'protocols', 'l7Protocols', 'appliedTo', 'enableLogging', 'logLabel'];

/** Reads an Antrea ClusterNetworkPolicy or NetworkPolicy (crd.antrea.io/v1beta1), in steps. */
export function* readAntreaPolicy(root: Node | undefined, kind: 'ClusterNetworkPolicy' | 'NetworkPolicy'): Work<Policy> {
  const unreadable: Reading = [];
  const isNamespaced = kind === 'NetworkPolicy';
  const metadata = readMetadata(root, unreadable);
  const home = isNamespaced ? metadata.namespace : undefined;
  const spec = mapAt(given(root, 'spec'), ['spec'], SPEC_FIELDS, unreadable);
  const tier = tierNamed(textAt(spec, 'tier', ['spec'], unreadable) ?? '');
  const priority = readPriority(given(spec, 'priority'), unreadable);
  const own = readAppliedTo(spec, ['spec'], home, unreadable);
  const sections: { [D in Direction]?: Section } = {};
  for (const direction of DIRECTIONS) {
    const section = yield* readSection(spec, direction, home, unreadable);
    if (section) sections[direction] = section;
  }
  const first = Object.values(sections)
    .flatMap(({ rules }) => rules)
    .find(({ subject }) => subject)?.subject;
  if (!own && !first) unreadable.push({ path: ['spec', 'appliedTo'], why: 'is missing, so the policy applies to nothing' });
  return {
    api: 'antrea',
    kind,
    apiVersion: 'crd.antrea.io/v1beta1',
    name: metadata.name,
    ...(home === undefined ? {} : { namespace: home }),
    traits: isNamespaced ? NAMESPACED_TRAITS : CLUSTER_TRAITS,
    stage: stageOfTier(tier),
    ...(priority === undefined ? {} : { priority }),
    subject: own ?? subjectOfRules(sections, home),
    at: {
      body: ['spec'],
      ingress: ['spec', 'ingress'],
      egress: ['spec', 'egress'],
      order: [
        ['spec', 'tier'],
        ['spec', 'priority'],
      ],
    },
    ...sections,
    unreadable,
  };
}

/** From 1 to 10000, fractions included. */
function readPriority(node: Node | undefined, reading: Reading): number | undefined {
  const value = asScalar(node)?.value;
  const priority = (value?.type === 'int' || value?.type === 'float') && asScalar(node)?.hole !== true ? value.value : undefined;
  if (priority !== undefined && priority >= 1 && priority <= 10_000) return priority;
  const why = node === undefined ? 'is missing' : hasHole(node) ? TEMPLATE : `should be a number from 1 to 10000, not ${sortOf(node)}`;
  reading.push({ path: ['spec', 'priority'], why });
  return undefined;
}

/** Where each rule says what it applies to: all of them together. */
function subjectOfRules(sections: Readonly<Partial<Record<Direction, Section>>>, home: string | undefined): Subject {
  const path = ['spec', 'appliedTo'];
  const subjects = Object.values(sections).flatMap(({ rules }) => rules.flatMap(({ subject }) => subject ?? []));
  const all = { requirements: [], path };
  return {
    namespaces: home === undefined ? { kind: 'selected', selector: all } : { kind: 'own', namespace: home },
    pods: all,
    path,
    set: { kind: 'or', of: [] },
    words: subjects.length === 0 ? 'nothing' : 'what its rules apply to',
  };
}

function* readSection(spec: Node | undefined, direction: Direction, home: string | undefined, reading: Reading): Work<Section | undefined> {
  const path = ['spec', direction];
  const rules = listAt(given(spec, direction), path, reading);
  return rules && { isolates: false, rules: yield* readRules(rules, (item, i) => readRule(item, i, direction, home, reading)), path };
}

const ACTIONS: ReadonlyMap<string, RuleAction> = new Map([
  ['Allow', 'Accept'],
  ['Drop', 'Deny'],
  ['Reject', 'Deny'],
  ['Pass', 'Pass'],
]);

function* readRule(
  { node, path }: ListItem,
  index: number,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Work<readonly Rule[]> {
  const peerField = direction === 'ingress' ? 'from' : 'to';
  const rule = mapAt(node, path, [...RULE_FIELDS, peerField, ...(direction === 'egress' ? ['toServices'] : [])], reading);
  const written = stringOf(given(rule, 'action'));
  const action = ACTIONS.get(written ?? '');
  if (!action || written === undefined) {
    const value = given(rule, 'action');
    reading.push({
      path: [...path, 'action'],
      why: hasHole(value) ? TEMPLATE : `should be Allow, Drop, Reject or Pass, not ${sortOf(value)}`,
    });
    return [];
  }
  const name = stringOf(given(rule, 'name'));
  const subject = readAppliedTo(rule, path, home, reading);
  const condition = conditionOf(given(rule, 'l7Protocols'));
  const peers = yield* readPeers(rule, path, direction, home, reading);
  const ports = yield* readPorts(rule, path, direction, home, reading);
  return [
    {
      action,
      written,
      ...(name === undefined || name === '' ? {} : { name }),
      ...(subject ? { subject } : {}),
      ...(condition === undefined ? {} : { condition }),
      peers,
      ports,
      path,
      index,
      at: placesOf(path, peerField),
    },
  ];
}

function placesOf(path: Path, peerField: string): Rule['at'] {
  return { peers: [...path, peerField], ports: [...path, 'ports'], action: [...path, 'action'] };
}

/** What requests must be like: "HTTP GET /api/*, or TLS *.example.com". */
function conditionOf(protocols: Node | undefined): string | undefined {
  const parts = itemsOf(protocols).flatMap((item) => {
    const [http, tls] = ['http', 'tls'].map((field) => given(item, field));
    if (http) return [['HTTP', ...['method', 'host', 'path'].flatMap((field) => textIn(given(http, field)) ?? [])].join(' ')];
    return tls ? [['TLS', ...(textIn(given(tls, 'sni')) ?? '').split(' ').filter((word) => word !== '')].join(' ')] : [];
  });
  return parts.length === 0 ? undefined : parts.join(', or ');
}
