import { list, plain } from '../../base/english.ts';
import { parseCidr } from '../../base/cidr.ts';
import { parseIp } from '../../base/ip.ts';
import type { Path } from '../../syntax/path.ts';
import { hasHole, isNull, itemsOf, type Node } from '../../syntax/tree.ts';
import type { EndpointSet, Network, Reference } from '../endpoints.ts';
import { NAME_LABEL } from '../namespace.ts';
import { given, mapAt, type Reading, sortOf, TEMPLATE, textAt, textIn } from '../read.ts';
import { endpointsOf, type SelectorTarget } from './endpoints.ts';
import { describeExpression } from './selector/describe.ts';
import type { Expression } from './selector/expression.ts';
import { parseSelector } from './selector/parse.ts';
import { usesGlobal } from './selector/convert.ts';
import type { SelectorRole } from './selector/places.ts';

/** One end of a rule, read. */
export interface EntityRule {
  /** Whom it is about; `undefined`: anything. */
  readonly set?: EndpointSet;
  /** The same in plain text. */
  readonly words: string;
  /** The Service whose endpoints it means. */
  readonly service?: Reference;
  readonly path: Path;
}

const FIELDS = ['selector', 'namespaceSelector', 'notSelector', 'serviceAccounts', 'services', 'nets', 'notNets', 'ports', 'notPorts'];
const SETS: readonly string[] = ['NetworkSet', 'GlobalNetworkSet'];

/** Reads the `source` or `destination` of a rule. `home`: the namespace of the policy, `undefined` for a global one. */
export function readEntity(node: Node | undefined, path: Path, home: string | undefined, reading: Reading): EntityRule {
  const map = mapAt(node, path, FIELDS, reading);
  if (!map) return { words: 'anything', path };
  const parts = {
    ...selectorParts(map, path, reading),
    nets: readNets(map, 'nets', path, reading),
    notNets: readNets(map, 'notNets', path, reading),
    service: readService(given(map, 'services'), [...path, 'services'], home, reading),
  };
  const sets = setsOf(parts, home);
  const [only] = sets;
  return {
    ...(only ? { set: sets.length === 1 ? only : { kind: 'and', of: sets } } : {}),
    ...(parts.service ? { service: parts.service } : {}),
    words: wordsOf(parts, home),
    path,
  };
}

/** A selector that can be read, for what it is about. */
export interface ReadSelector {
  readonly expression: Expression;
  readonly role: SelectorRole;
  readonly path: Path;
}

interface SelectorParts {
  readonly selector: ReadSelector | undefined;
  readonly namespaces: ReadSelector | undefined;
  readonly not: ReadSelector | undefined;
  readonly accounts: Accounts | undefined;
}

function selectorParts(map: Node | undefined, path: Path, reading: Reading): SelectorParts {
  const read = (name: string, role: SelectorRole): ReadSelector | undefined => readSelectorText(map, name, role, path, reading);
  return {
    selector: read('selector', 'endpoints'),
    namespaces: read('namespaceSelector', 'namespaces'),
    not: read('notSelector', 'endpoints'),
    accounts: readAccounts(given(map, 'serviceAccounts'), [...path, 'serviceAccounts'], reading),
  };
}

interface Parts extends SelectorParts {
  readonly nets: readonly Network[] | undefined;
  readonly notNets: readonly Network[] | undefined;
  readonly service: Reference | undefined;
}

/** A selector of a field; noted where it cannot be parsed. The empty one counts as missing. */
export function readSelectorText(
  map: Node | undefined,
  name: string,
  role: SelectorRole,
  path: Path,
  reading: Reading,
): ReadSelector | undefined {
  const text = textAt(map, name, path, reading);
  if (text === undefined || text === '') return undefined;
  const at = [...path, name];
  const { expression, problems } = parseSelector(text);
  if (expression) return { expression, role, path: at };
  const [first] = problems;
  reading.push({ path: at, why: `is not a selector that Calico can parse${first ? ` (column ${first.span.start + 1})` : ''}` });
  return undefined;
}

interface Accounts {
  readonly names: readonly string[];
  readonly selector: ReadSelector | undefined;
}

/** `{}` restricts nothing. */
function readAccounts(node: Node | undefined, path: Path, reading: Reading): Accounts | undefined {
  const map = mapAt(node, path, ['names', 'selector'], reading);
  if (!map) return undefined;
  const listed = given(map, 'names');
  if (listed !== undefined && hasHole(listed)) reading.push({ path: [...path, 'names'], why: TEMPLATE });
  const names = itemsOf(listed).flatMap((item) => textIn(item) ?? []);
  const selector = readSelectorText(map, 'selector', 'accounts', path, reading);
  return names.length === 0 && !selector ? undefined : { names, selector };
}

/** The blocks of a list; a plain address counts as a block of one (felix). `undefined` where there are none. */
export function readNets(map: Node | undefined, name: string, path: Path, reading: Reading): readonly Network[] | undefined {
  const node = given(map, name);
  if (node === undefined) return undefined;
  const at = [...path, name];
  if (hasHole(node)) {
    reading.push({ path: at, why: TEMPLATE });
    return undefined;
  }
  const items = itemsOf(node);
  const networks = items.flatMap((item, i): readonly Network[] => {
    if (isNull(item)) return [];
    const cidr = cidrOf(textIn(item) ?? '');
    if (cidr !== undefined) return [{ cidr, except: [], path: [...at, i] }];
    reading.push({ path: [...at, i], why: `is not an address block: ${sortOf(item)}` });
    return [];
  });
  return items.length === 0 ? undefined : networks;
}

function cidrOf(text: string): string | undefined {
  const ip = parseIp(text);
  const whole = ip.ok ? `${text}/${ip.family === 4 ? 32 : 128}` : text;
  return parseCidr(whole).ok ? whole : undefined;
}

function readService(node: Node | undefined, path: Path, home: string | undefined, reading: Reading): Reference | undefined {
  const map = mapAt(node, path, ['name', 'namespace'], reading);
  const name = textAt(map, 'name', path, reading);
  const namespace = textAt(map, 'namespace', path, reading) ?? home;
  if (name === undefined || name === '' || namespace === undefined) return undefined;
  return { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name, namespace }, missing: 'empty' };
}

/**
 * The conditions that all must hold. What selectors select is pods and network sets; the positive part of a namespaced policy looks into
 * its own namespace unless it names others (libcalico-go `getEndpointSelector`).
 */
function setsOf(parts: Parts, home: string | undefined): readonly EndpointSet[] {
  const { not, nets, notNets, service } = parts;
  return [
    ...positiveSets(parts, home),
    ...(not ? [{ kind: 'not' as const, of: eitherOf((target) => [endpointsOf(not.expression, 'endpoints', target, not.path)]) }] : []),
    ...(nets ? [{ kind: 'addresses' as const, networks: nets }] : []),
    ...(notNets ? [{ kind: 'not' as const, of: { kind: 'addresses' as const, networks: notNets } }] : []),
    ...(service ? [{ kind: 'reference' as const, to: service }] : []),
  ];
}

function positiveSets(parts: Parts, home: string | undefined): readonly EndpointSet[] {
  const { selector, namespaces, not, accounts } = parts;
  const isAny = !namespaces && !selector && !accounts && (home === undefined || !not);
  return isAny ? [] : [eitherOf((target) => conditionsOf(parts, home, target))];
}

/** What all must hold of an endpoint, the address lists and the Service aside. */
function conditionsOf(
  { selector, namespaces, not, accounts }: SelectorParts,
  home: string | undefined,
  target: SelectorTarget,
): readonly EndpointSet[] {
  const isNarrowed = home !== undefined && !namespaces && (selector ?? not ?? accounts) !== undefined;
  return [
    ...(isNarrowed ? [{ kind: 'namespace' as const, name: home }] : []),
    ...(namespaces ? [namespaceSet(namespaces)] : []),
    ...(selector ? [endpointsOf(selector.expression, 'endpoints', target, selector.path)] : []),
    ...(accounts ? accountSets(accounts, target) : []),
  ];
}

/**
 * The pods that the selectors of a `source` or `destination` select, `notSelector` taken away; address lists and Services restrict it
 * further, and network sets select pods beside these. For editors; verdicts have all of it from `readEntity`.
 */
export function entityPods(node: Node | undefined, path: Path, home: string | undefined): EndpointSet {
  const reading: Reading = [];
  const map = mapAt(node, path, FIELDS, reading);
  const parts = selectorParts(map, path, reading);
  const not = parts.not && endpointsOf(parts.not.expression, 'endpoints', 'pods', parts.not.path);
  return { kind: 'and', of: [POD, NO_HOST_POD, ...conditionsOf(parts, home, 'pods'), ...(not ? [{ kind: 'not' as const, of: not }] : [])] };
}

/** Pods that meet all conditions, and network sets that do. */
function eitherOf(conditions: (target: SelectorTarget) => readonly EndpointSet[]): EndpointSet {
  const pods: EndpointSet = { kind: 'and', of: [POD, NO_HOST_POD, ...conditions('pods')] };
  const where: EndpointSet = { kind: 'and', of: conditions('sets') };
  const sets: EndpointSet = { kind: 'reference', to: { api: 'calico', kinds: SETS, by: { kind: 'labels', where }, missing: 'empty' } };
  return { kind: 'or', of: [pods, sets] };
}

const POD: EndpointSet = { kind: 'entity', entity: 'pod' };
/** Pods on the host network are no endpoints of Calico: their traffic belongs to the node. */
export const NO_HOST_POD: EndpointSet = { kind: 'not', of: { kind: 'entity', entity: 'host-network' } };

/** `all()` is whatever has a namespace, `global()` whatever has none; other selectors are applied to no labels where there is no namespace. */
function namespaceSet({ expression, path }: ReadSelector): EndpointSet {
  const inNamespace: EndpointSet = {
    kind: 'labels',
    of: 'namespace',
    selector: { requirements: [{ key: NAME_LABEL, operator: 'Exists', values: [], path }], path },
  };
  if (expression.kind === 'all') return inNamespace;
  if (usesGlobal(expression)) return { kind: 'not', of: inNamespace };
  return endpointsOf(expression, 'namespaces', 'pods', path);
}

function accountSets({ names, selector }: Accounts, target: SelectorTarget): readonly EndpointSet[] {
  const named: readonly EndpointSet[] =
    names.length === 0 ? [] : [target === 'sets' ? { kind: 'or', of: [] } : { kind: 'accounts', names }];
  return [...named, ...(selector ? [endpointsOf(selector.expression, 'accounts', target, selector.path)] : [])];
}

function wordsOf(parts: Parts, home: string | undefined): string {
  const { selector, namespaces, not, accounts, nets, notNets, service } = parts;
  const pods = selector ? describeExpression(selector.expression, 'pod or network set') : undefined;
  const where = namespaces
    ? namespaceWords(namespaces)
    : home !== undefined && (selector ?? accounts ?? not)
      ? `in namespace ${plain(home)}`
      : undefined;
  const named = accounts && [
    ...(accounts.names.length > 0 ? [`running as ${list(accounts.names.map(plain), 'or')}`] : []),
    ...(accounts.selector ? [`running as ${describeExpression(accounts.selector.expression, 'service account')}`] : []),
  ];
  const who = pods ?? (where !== undefined || named ? 'every pod or network set' : undefined);
  const blocks =
    nets &&
    `addresses in ${list(
      nets.map(({ cidr }) => plain(cidr)),
      'or',
      4,
    )}`;
  const members =
    service?.by.kind === 'name' ? `the endpoints of Service ${plain(service.by.namespace ?? '')}/${plain(service.by.name)}` : undefined;
  const base = [who && [who, where, ...(named ?? [])].filter((part) => part !== undefined).join(' '), blocks, members].filter(
    (part) => part !== undefined,
  );
  const except = [
    ...(not ? [describeExpression(not.expression)] : []),
    ...(notNets
      ? [
          `addresses in ${list(
            notNets.map(({ cidr }) => plain(cidr)),
            'or',
            4,
          )}`,
        ]
      : []),
  ];
  const head = base.length === 0 ? 'anything' : base.join(', at ');
  return except.length === 0 ? head : `${head} except ${list(except, 'and')}`;
}

function namespaceWords({ expression }: ReadSelector): string {
  if (expression.kind === 'all') return 'in any namespace';
  if (usesGlobal(expression)) return 'in no namespace (GlobalNetworkSets)';
  return `in ${describeExpression(expression, 'namespace')}`;
}
