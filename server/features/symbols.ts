import { count, plain, shorten } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { stageOf, type Plane } from '../eval/stages.ts';
import { kindTitle } from '../model/api.ts';
import { actionWord, describePeer, describePeers, describePorts } from '../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import { formatPath, indexByPath, type Path } from '../syntax/path.ts';
import { asSeq, get, pairOf, type Item, type Pair } from '../syntax/tree.ts';
import type { FeatureContext } from './context.ts';
import { planeAt } from './text/plane.ts';
import { policiesIn, type PlacedPolicy } from './text/policies.ts';

/** An entry of the outline. Spans are offsets of the file; `shown` is the part of `span` to jump to. */
export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'policy' | 'direction' | 'rule' | 'peer';
  readonly span: Span;
  readonly shown: Span;
  readonly children: readonly OutlineSymbol[];
}

/** The outline of a file: policies, their directions, the rules of each, the peers of each rule. Yields after every rule and peer. */
export function* symbols(context: FeatureContext): Work<readonly OutlineSymbol[]> {
  const plane = planeAt(context);
  const outline: OutlineSymbol[] = [];
  for (const placed of policiesIn(context.file)) {
    const symbol = yield* policySymbol(placed, plane);
    if (symbol) outline.push(symbol);
  }
  return outline;
}

function* policySymbol({ placed, policy, kind }: PlacedPolicy, plane: Plane): Work<OutlineSymbol | undefined> {
  const { root } = placed.manifest;
  if (!root) return undefined;
  const at = mover(placed.start);
  const name = pairOf(get(root, 'metadata'), 'name')?.value.span;
  const shown = name && isInside(name, root.span) ? name : (pairOf(root, 'kind')?.span ?? { start: root.span.start, end: root.span.start });
  const bodies = policy.parts?.map((part) => part.at.body) ?? [['spec']];
  const sections = bodies
    .flatMap((body) =>
      LISTS.flatMap(({ field, direction }) => {
        const pair = pairOf(nodeAt(root, body), field);
        // What an alias brings has another place; an outline only nests.
        return pair && isInside(pair.span, root.span) ? [{ direction, pair, path: [...body, field] }] : [];
      }),
    )
    .sort((a, b) => a.pair.span.start - b.pair.span.start);
  const children: OutlineSymbol[] = [];
  for (const section of sections) children.push(yield* directionSymbol(section, policy, at));
  return {
    name: policy.name === '' ? kind.kind : shorten(plain(policy.name), 80),
    detail: policyDetail(policy, plane),
    kind: 'policy',
    span: at(root.span),
    shown: at(isInside(shown, root.span) ? shown : { start: root.span.start, end: root.span.start }),
    children,
  };
}

function policyDetail(policy: Policy, plane: Plane): string {
  const kind = kindTitle(policy);
  const order = policy.traits.ordered
    ? `, ${stageOf(policy, plane).title}${policy.priority === undefined ? '' : ` ${policy.priority}`}`
    : '';
  return policy.traits.namespaced ? `${kind} in ${plain(policy.namespace ?? 'default')}${order}` : `${kind}${order}`;
}

type Mover = (span: Span) => Span;

function mover(start: number): Mover {
  return (span) => ({ start: start + span.start, end: start + span.end });
}

function isInside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The lists of rules that kinds have. */
const LISTS: readonly { readonly field: string; readonly direction: Direction }[] = [
  ...DIRECTIONS.map((direction) => ({ field: direction, direction })),
  { field: 'ingressDeny', direction: 'ingress' },
  { field: 'egressDeny', direction: 'egress' },
];

/** A list of rules, and where it stands. */
interface RuleSection {
  readonly direction: Direction;
  readonly pair: Pair;
  readonly path: Path;
}

function* directionSymbol({ direction, pair, path }: RuleSection, policy: Policy, at: Mover): Work<OutlineSymbol> {
  const section = policy[direction];
  const items = asSeq(pair.value)?.items ?? [];
  const rules = indexByPath(section?.rules ?? []);
  const ruleOf = (i: number): Rule | undefined => rules.below([...path, i])[0];
  const isIgnored = !section && policy.traits.isolates;
  const closed = section?.isolates === true ? `denies all ${direction}` : 'no rules';
  const children: OutlineSymbol[] = [];
  for (const [i, item] of items.entries())
    if (isInside(item.span, pair.span)) children.push(yield* ruleSymbol(item, i, ruleOf(i), direction, policy, at));
  return {
    name: pair.name ?? direction,
    detail: isIgnored ? 'no effect: not in policyTypes' : items.length === 0 ? closed : count(items.length, 'rule'),
    kind: 'direction',
    span: at(pair.span),
    shown: at(pair.key.span),
    children,
  };
}

function* ruleSymbol(
  item: Item,
  index: number,
  rule: Rule | undefined,
  direction: Direction,
  policy: Policy,
  at: Mover,
): Work<OutlineSymbol> {
  yield;
  const field = direction === 'ingress' ? 'from' : 'to';
  const peers = new Map(rule && rule.peers !== 'any' ? rule.peers.map((peer) => [formatPath(peer.path), peer]) : []);
  // Where a kind has several fields for peers, the one that the rule has.
  const items = asSeq(get(item.value, String(rule?.at.peers.at(-1) ?? field)))?.items ?? [];
  const children: OutlineSymbol[] = [];
  for (const [i, one] of items.entries()) {
    const peer = rule && peers.get(formatPath([...rule.at.peers, i]));
    if (!peer || !isInside(one.span, item.span)) continue;
    children.push({
      name: shorten(describePeer(peer), MAX_DETAIL_CHARACTERS),
      detail: '',
      kind: 'peer',
      span: at(one.span),
      shown: at(one.span),
      children: [],
    });
    yield;
  }
  return {
    name: rule ? ruleName(rule, field, policy) : `rule ${index + 1}`,
    detail: rule?.name === undefined ? '' : shorten(plain(rule.name)),
    kind: 'rule',
    span: at(item.span),
    shown: at({ start: item.span.start, end: item.span.start + (item.span.end > item.span.start ? 1 : 0) }),
    children,
  };
}

const MAX_DETAIL_CHARACTERS = 120;

/** "from pods with app=web in namespaces with team=ops · TCP port 80"; with its action where there is a choice of them. */
function ruleName(rule: Rule, field: string, policy: Policy): string {
  const action = policy.traits.denies ? `${actionWord(rule, policy)} ` : '';
  const ports = rule.ports === 'any' ? '' : ` · ${describePorts(rule.ports)}`;
  return (
    shorten(`${action}${field} ${describePeers(rule.peers)}`, Math.max(40, MAX_DETAIL_CHARACTERS - ports.length)) +
    shorten(ports, MAX_DETAIL_CHARACTERS - 40)
  );
}
