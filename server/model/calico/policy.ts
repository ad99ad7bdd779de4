import { list, plain } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, asSeq, hasHole, isNull, itemsOf, stringOf, get, type Node } from '../../syntax/tree.ts';
import type { EndpointSet } from '../endpoints.ts';
import {
  stageOfTier,
  type Direction,
  type NotInForce,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  type RuleAction,
  type Section,
  type Subject,
} from '../policy.ts';
import { given, listAt, mapAt, readEach, readMetadata, type Reading, sortOf, TEMPLATE, textAt, textIn, type ListItem } from '../read.ts';
import type { LabelSelector } from '../selector.ts';
import type { Traits } from '../traits.ts';
import { endpointsOf } from './endpoints.ts';
import { type EntityRule, NO_HOST_POD, readEntity, type ReadSelector, readSelectorText } from './entity.ts';
import { labelTerms } from './label-terms.ts';
import { readPackets } from './ports.ts';
import { describeExpression } from './selector/describe.ts';
import { isDerivedKey, requirementsOf } from './selector/convert.ts';

/** In what the policy kinds of Calico differ. */
export interface CalicoKind {
  readonly kind: string;
  readonly isGlobal: boolean;
  readonly isStaged: boolean;
  readonly traits: Traits;
}

/** The tier of policies that name none. */
const DEFAULT_TIER = 'default';

const SHARED_FIELDS = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'ingress', 'egress', 'performanceHints'];
const GLOBAL_FIELDS = ['namespaceSelector', 'doNotTrack', 'preDNAT', 'applyOnForward'];

/** Reads a policy of Calico, in steps: its tier is its stage, its order its priority there. */
export function* readCalicoPolicy(root: Node | undefined, kind: CalicoKind): Work<Policy> {
  const unreadable: Reading = [];
  const { name, namespace } = readMetadata(root, unreadable);
  const home = kind.isGlobal ? undefined : namespace;
  const fields = [...SHARED_FIELDS, ...(kind.isGlobal ? GLOBAL_FIELDS : []), ...(kind.isStaged ? ['stagedAction'] : [])];
  const spec = mapAt(given(root, 'spec'), ['spec'], fields, unreadable);
  const order = readOrder(spec, unreadable);
  const notInForce = whyNotInForce(spec, kind);
  const sections = yield* readSections(spec, home, unreadable);
  const terms = yield* labelTerms(root, home);
  return {
    api: 'calico',
    kind: kind.kind,
    apiVersion: stringOf(get(root, 'apiVersion')) === STORAGE ? STORAGE : 'projectcalico.org/v3',
    name,
    ...(home === undefined ? {} : { namespace: home }),
    traits: kind.traits,
    stage: stageOfTier(textAt(spec, 'tier', ['spec'], unreadable) || DEFAULT_TIER),
    ...(order === undefined ? {} : { priority: order }),
    subject: readSubject(spec, home, unreadable),
    at: {
      body: ['spec'],
      ingress: ['spec', 'ingress'],
      egress: ['spec', 'egress'],
      order: [
        ['spec', 'tier'],
        ['spec', 'order'],
      ],
    },
    ...sections,
    unreadable,
    labelTerms: terms,
    ...(notInForce ? { notInForce } : {}),
  };
}

const STORAGE = 'crd.projectcalico.org/v1';

function readOrder(spec: Node | undefined, reading: Reading): number | undefined {
  const node = given(spec, 'order');
  const value = asScalar(node)?.value;
  if (node === undefined || (value && (value.type === 'int' || value.type === 'float') && Number.isFinite(value.value))) {
    return value && (value.type === 'int' || value.type === 'float') ? value.value : undefined;
  }
  reading.push({ path: ['spec', 'order'], why: hasHole(node) ? TEMPLATE : `should be a number, not ${sortOf(node)}` });
  return undefined;
}

function whyNotInForce(spec: Node | undefined, { isStaged }: CalicoKind): NotInForce | undefined {
  if (isStaged) return { why: 'is staged: Calico only reports what it would do', noted: false };
  const early = (['preDNAT', 'doNotTrack'] as const).find((field) => {
    const value = asScalar(given(spec, field))?.value;
    return value?.type === 'bool' && value.value;
  });
  if (early === undefined) return undefined;
  return { why: `applies to host endpoints only, before all other policies (${early})`, noted: true };
}

/**
 * The directions that a policy governs: those of `types`; without it Ingress, unless there are egress rules only, and Egress where there
 * are egress rules (api `v3/networkpolicy.go`). Rules of other directions have no effect.
 */
export function directionsOf(spec: Node | undefined): readonly Direction[] {
  const types = itemsOf(given(spec, 'types')).flatMap((item) => textIn(item)?.toLowerCase() ?? []);
  if (types.length > 0) return (['ingress', 'egress'] as const).filter((direction) => types.includes(direction));
  const has = (direction: Direction): boolean => (asSeq(given(spec, direction))?.items.length ?? 0) > 0;
  if (!has('egress')) return ['ingress'];
  return has('ingress') ? ['ingress', 'egress'] : ['egress'];
}

function* readSections(spec: Node | undefined, home: string | undefined, reading: Reading): Work<{ readonly [D in Direction]?: Section }> {
  const types = given(spec, 'types');
  if (types !== undefined && hasHole(types)) reading.push({ path: ['spec', 'types'], why: TEMPLATE });
  const directions = directionsOf(spec);
  const sections: { [D in Direction]?: Section } = {};
  for (const direction of directions) {
    const path = ['spec', direction];
    const items = listAt(given(spec, direction), path, reading) ?? [];
    const rules = yield* readEach(items, (item, i) => readRule(item, i, direction, home, reading) ?? []);
    sections[direction] = { isolates: false, path, rules: rules.flat() };
  }
  return sections;
}

const RULE_FIELDS = ['action', 'protocol', 'notProtocol', 'ipVersion', 'source', 'destination', 'icmp', 'notICMP', 'http', 'metadata'];
const ACTIONS: ReadonlyMap<string, RuleAction> = new Map([
  ['allow', 'Accept'],
  ['deny', 'Deny'],
  ['pass', 'Pass'],
  ['log', 'Log'],
]);

function readRule(
  { node, path }: ListItem,
  index: number,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Rule | undefined {
  const map = mapAt(node, path, RULE_FIELDS, reading);
  if (!map) return undefined;
  const written = textAt(map, 'action', path, reading);
  const action = ACTIONS.get(written?.toLowerCase() ?? '');
  if (action === undefined) {
    if (written !== undefined || isNull(get(map, 'action')) || get(map, 'action') === undefined)
      reading.push({ path: [...path, 'action'], why: 'is not an action' });
    return undefined;
  }
  const source = readEntity(given(map, 'source'), [...path, 'source'], home, reading);
  const destination = readEntity(given(map, 'destination'), [...path, 'destination'], home, reading);
  const [other, own] = direction === 'ingress' ? [source, destination] : [destination, source];
  const family = familySet(map);
  const condition = httpWords(given(map, 'http'));
  const packets = readPackets(map, path, reading);
  return {
    action,
    peers: peersOf(other, family),
    ports: portsOf(packets.ports, other, direction),
    ...(packets.notPorts.length === 0 ? {} : { notPorts: packets.notPorts }),
    ...(own.set ? { own: own.set } : {}),
    ...(condition === undefined ? {} : { condition }),
    path,
    index,
    at: { peers: other.path, ports: [...path, 'destination', 'ports'], action: [...path, 'action'] },
  };
}

function peersOf({ set, words, path }: EntityRule, family: EndpointSet | undefined): readonly Peer[] | 'any' {
  const of = [set, family].filter((one) => one !== undefined);
  const [only] = of;
  if (!only) return 'any';
  return [{ kind: 'set', set: of.length === 1 ? only : { kind: 'and', of }, words, path }];
}

/** An egress rule to a Service allows the ports of its endpoints only; an ingress rule from one any port. */
function portsOf(ports: readonly PortMatch[] | 'any', { service, path }: EntityRule, direction: Direction): readonly PortMatch[] | 'any' {
  if (!service || direction === 'ingress') return ports;
  const words = service.by.kind === 'name' ? `the ports of Service ${plain(service.by.name)}` : 'the ports of the Service';
  return [{ kind: 'service', service, of: 'pods', words, path: [...path, 'services'] }];
}

/** A rule for one IP version is about addresses of it. */
function familySet(rule: Node | undefined): EndpointSet | undefined {
  const value = asScalar(given(rule, 'ipVersion'))?.value;
  const version = value?.type === 'int' ? value.value : undefined;
  if (version !== 4 && version !== 6) return undefined;
  return { kind: 'addresses', networks: [{ cidr: version === 4 ? '0.0.0.0/0' : '::/0', except: [], path: [] }] };
}

/** What HTTP requests must be like: "HTTP GET or HEAD on /public". */
function httpWords(node: Node | undefined): string | undefined {
  if (!asMap(node)) return undefined;
  const methods = itemsOf(given(node, 'methods')).flatMap((item) => textIn(item) ?? []);
  const paths = itemsOf(given(node, 'paths')).flatMap((item) => {
    const [exact, prefix] = [textIn(given(item, 'exact')), textIn(given(item, 'prefix'))];
    return exact === undefined || exact === '' ? (prefix === undefined ? [] : [`${prefix}*`]) : [exact];
  });
  const on = paths.length > 0 ? ` ${list(paths.map(plain), 'or', 4)}` : '';
  return `HTTP${methods.length > 0 ? ` ${list(methods.map(plain), 'or', 4)}` : ''}${on}`;
}

/** Whom it applies to: selector AND namespaceSelector AND serviceAccountSelector; what is missing selects all. */
function readSubject(spec: Node | undefined, home: string | undefined, reading: Reading): Subject {
  const before = reading.length;
  const selector = readSelectorText(spec, 'selector', 'endpoints', ['spec'], reading);
  const namespaces = home === undefined ? readSelectorText(spec, 'namespaceSelector', 'namespaces', ['spec'], reading) : undefined;
  const accounts = readSelectorText(spec, 'serviceAccountSelector', 'accounts', ['spec'], reading);
  const path = selector?.path ?? ['spec', 'selector'];
  const set: EndpointSet = {
    kind: 'and',
    of: [
      { kind: 'entity', entity: 'pod' },
      NO_HOST_POD,
      ...(home === undefined ? [] : [{ kind: 'namespace' as const, name: home }]),
      ...[selector, namespaces, accounts].flatMap((one) => (one ? [endpointsOf(one.expression, one.role, 'pods', one.path)] : [])),
    ],
  };
  const [broken] = reading.slice(before);
  return {
    namespaces:
      home === undefined
        ? { kind: 'selected', selector: approximate(namespaces, ['spec', 'namespaceSelector']) }
        : { kind: 'own', namespace: home },
    pods: { ...approximate(selector, path), ...(broken ? { unreadable: broken.why } : {}) },
    path,
    set,
    words: subjectWords(selector, namespaces, accounts, home),
  };
}

/** What a label selector can say of it: these pods and maybe more. */
function approximate(selector: ReadSelector | undefined, path: Path): LabelSelector {
  const requirements = selector && requirementsOf(selector.expression, selector.path);
  return { requirements: requirements?.filter(({ key }) => !isDerivedKey(key)) ?? [], path };
}

function subjectWords(
  selector: ReadSelector | undefined,
  namespaces: ReadSelector | undefined,
  accounts: ReadSelector | undefined,
  home: string | undefined,
): string {
  const pods = selector ? describeExpression(selector.expression) : 'every pod';
  const where =
    home === undefined
      ? namespaces
        ? `in ${describeExpression(namespaces.expression, 'namespace')}`
        : 'of the cluster'
      : `in namespace ${plain(home)}`;
  const as = accounts ? ` running as ${describeExpression(accounts.expression, 'service account')}` : '';
  return `${pods} ${where}${as}`;
}
