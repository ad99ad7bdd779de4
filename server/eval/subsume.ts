import { firstAddress, intersectAddresses, subtractAddresses } from '../base/addresses.ts';
import { anyRule, type Direction, type NamespaceScope, type Network, type Peer, type PortMatch, type Rule } from '../model/policy.ts';
import { isInexact, type LabelSelector, type Labels } from '../model/selector.ts';
import { all, no, UNKNOWN, YES, type Answer } from './answer.ts';
import { endpointsCovered, endpointsDisjoint, endpointsInCommon } from './endpoint-coverage.ts';
import type { EndpointSet } from '../model/endpoints.ts';
import type { EndpointExample } from './endpoint-example.ts';
import { setKey, type Blocks } from './endpoint-regions.ts';
import { networkAddresses } from '../model/endpoint-set.ts';
import { boxOf, exampleOf, isEmptyBox, leftOf, meetBoxes, NAMESPACE, scopeBox, type Box, type Budget } from './label-space.ts';
import { commonPort, portPartsOf, piecesOf, portCase, portSpace, type PortCase } from './port-space.ts';

/*
 * What holds of selectors and rules in every possible cluster: labels are any map of any values, addresses any address, declared ports any
 * names. `…Implies(a, b)`: whatever `a` matches, `b` matches. `…Disjoint(a, b)`: nothing is matched by both; its `no` is the overlap, with
 * the common case as witness.
 */

/** A connection as seen from the pod a rule is about: the peer, and the port at the destination. */
export interface Case extends EndpointExample, PortCase {}

/** Does one selector match only what the other matches? The witness has labels that only the first matches. */
export function selectorImplies(a: LabelSelector, b: LabelSelector): Answer<Labels> {
  return isUnsure(a, b) ? UNKNOWN : implied(boxOf(a), boxOf(b));
}

/** Do two selectors match nothing in common? The witness has labels that both match. */
export function selectorsDisjoint(a: LabelSelector, b: LabelSelector): Answer<Labels> {
  return isUnsure(a, b) ? UNKNOWN : disjoint(meetBoxes(boxOf(a), boxOf(b)));
}

/** Are the namespaces of one scope all in the other? Every namespace carries its name as a label. */
export function scopeImplies(a: NamespaceScope, b: NamespaceScope): Answer<Labels> {
  return isUnsure(...selectorsIn(a, b)) ? UNKNOWN : implied(scopeBox(a), scopeBox(b), NAMESPACE);
}

/** Have two scopes no namespace in common? */
export function scopesDisjoint(a: NamespaceScope, b: NamespaceScope): Answer<Labels> {
  return isUnsure(...selectorsIn(a, b)) ? UNKNOWN : disjoint(meetBoxes(scopeBox(a), scopeBox(b)), NAMESPACE);
}

/** Is every address of one network in the other? The witness is an address. */
export function networkImplies(a: Network, b: Network): Answer<string> {
  const left = firstAddress(subtractAddresses(networkAddresses(a), networkAddresses(b)));
  return left === undefined ? YES : no(left);
}

/** Have two networks no address in common? */
export function networksDisjoint(a: Network, b: Network): Answer<string> {
  const common = firstAddress(intersectAddresses(networkAddresses(a), networkAddresses(b)));
  return common === undefined ? YES : no(common);
}

/** Is every end that one peer names named by the other? */
export function peerImplies(a: Peer, b: Peer): Answer<EndpointExample> {
  return endpointsCovered([a], [[b]], false, { steps: MAX_STEPS });
}

/** Do two peers name no end in common? */
export function peersDisjoint(a: Peer, b: Peer): Answer<EndpointExample> {
  return endpointsDisjoint([a], [b], false);
}

/** Is every port of one match in the other, whatever names pods give to their ports? */
export function portImplies(a: PortMatch, b: PortMatch): Answer<PortCase> {
  return ruleImplies(onPort(a), onPort(b), 'ingress');
}

/** Have two matches no port in common? */
export function portsDisjoint(a: PortMatch, b: PortMatch): Answer<PortCase> {
  return rulesDisjoint(onPort(a), onPort(b), 'ingress');
}

/** Does one rule match only connections that the other matches? Both rules are about the same pods and the same direction. */
export function ruleImplies(a: Rule, b: Rule, direction: Direction, blocks?: Blocks): Answer<Case> {
  return coveredBy(a, [b], direction, blocks);
}

/** Do two rules about the same pods and direction match no connection in common? */
export function rulesDisjoint(a: Rule, b: Rule, direction: Direction, blocks?: Blocks): Answer<Case> {
  const [one, other] = [portSpace(a.ports), portSpace(b.ports)];
  const answer = all(
    portPartsOf(one).flatMap((part) =>
      portPartsOf(other).map((counterpart): Answer<Case> => {
        const port = commonPort(part, counterpart);
        if (!port) return YES;
        const endpoints = endpointsDisjoint(a.peers, b.peers, isPodsOnly(port.names, direction), blocks);
        return endpoints.kind === 'no' ? no({ ...endpoints.witness, ...port }) : endpoints;
      }),
    ),
  );
  if (answer.kind === 'yes') return one.unsure || other.unsure ? UNKNOWN : answer;
  return isNarrowed(a) || isNarrowed(b) ? UNKNOWN : answer;
}

/** Connections that two rules about the same pods and direction both match: one for each two peers and ports that have any in common. */
export function* casesInCommon(a: Rule, b: Rule, direction: Direction): Generator<Case> {
  const [one, other] = [portSpace(a.ports), portSpace(b.ports)];
  for (const part of portPartsOf(one)) {
    for (const counterpart of portPartsOf(other)) {
      const port = commonPort(part, counterpart);
      if (!port) continue;
      for (const end of endpointsInCommon(a.peers, b.peers, isPodsOnly(port.names, direction))) yield { ...end, ...port };
    }
  }
}

/**
 * Do the rules together match every connection that this one matches? All are about the same pods and direction; what they do with the
 * connection is for the caller to compare. Only a `yes` is given for sure within a budget of steps, as the question is exponential. `blocks`:
 * what blocks of addresses match in the plane of the rules.
 */
export function coveredBy(
  rule: Rule,
  rules: readonly Rule[],
  direction: Direction,
  blocks: Blocks = 'pods-too',
  steps: number = MAX_STEPS,
): Answer<Case> {
  const own = portSpace(rule.ports);
  if (own.unsure) return UNKNOWN;
  const whole = rules.filter((other) => mayCover(other, rule));
  const budget: Budget = { steps };
  const answer = all(uncovered(rule, whole, direction, budget, blocks));
  if (answer.kind !== 'no') return answer;
  return whole.length < rules.length || isNarrowed(rule) || rules.some((other) => portSpace(other.ports).unsure) ? UNKNOWN : answer;
}

/** Does a rule match less than its peers and ports say? */
function isNarrowed({ own, notPorts }: Rule): boolean {
  return own !== undefined || notPorts !== undefined;
}

/** Can what a rule matches be taken from its peers and ports, as far as it is compared with another one, and does it decide about it? */
function mayCover({ action, own, notPorts, condition, note, subject }: Rule, rule: Rule): boolean {
  if (action === 'Log' || condition !== undefined || note !== undefined || notPorts !== undefined) return false;
  return isAlike(own, rule.own) && (subject === undefined || (subject.set !== undefined && isAlike(subject.set, rule.subject?.set)));
}

/** The same pods, as written; without a set it is all of them. */
function isAlike(wide: EndpointSet | undefined, narrow: EndpointSet | undefined): boolean {
  return wide === undefined || wide === narrow || (narrow !== undefined && setKey(wide) === setKey(narrow));
}

/** Steps that a question may take unless the caller says otherwise; some milliseconds. */
const MAX_STEPS = 5000;

function* uncovered(rule: Rule, rules: readonly Rule[], direction: Direction, budget: Budget, blocks: Blocks): Generator<Answer<Case>> {
  const spaces = rules.map((other) => portSpace(other.ports));
  const answers = new Map<string, Answer<EndpointExample>>();
  for (const part of portPartsOf(portSpace(rule.ports))) {
    const podsOnly = isPodsOnly(part.name === undefined ? [] : [part.name], direction);
    for (const { piece, held } of piecesOf(part, spaces)) {
      budget.steps -= held.length + 1;
      const key = `${podsOnly}/${held.join()}`;
      const endpoints =
        budget.steps < 0
          ? UNKNOWN
          : (answers.get(key) ??
            endpointsCovered(
              rule.peers,
              held.map((at) => rules[at]?.peers ?? []),
              podsOnly,
              budget,
              blocks,
            ));
      answers.set(key, endpoints);
      yield endpoints.kind === 'no' ? no({ ...endpoints.witness, ...portCase(piece) }) : endpoints;
    }
  }
  if (rule.ports === 'any') yield otherProtocolsCovered(rule, rules, budget, blocks);
}

/** A rule without ports matches ICMP and every other protocol, too, where the network plugin looks at them; so must what covers it. */
function otherProtocolsCovered(rule: Rule, rules: readonly Rule[], budget: Budget, blocks: Blocks): Answer<Case> {
  const open = rules.flatMap(({ peers, ports }) => (ports === 'any' ? [peers] : []));
  return endpointsCovered(rule.peers, open, false, budget, blocks).kind === 'yes' ? YES : UNKNOWN;
}

/** Only pods declare ports by name. For ingress the destination is the pod of the rule itself, so that the peer may be anything. */
function isPodsOnly(names: readonly string[], direction: Direction): boolean {
  return direction === 'egress' && names.length > 0;
}

function implied(a: Box, b: Box, prefix?: string): Answer<Labels> {
  const [left] = leftOf(a, [b], { steps: Infinity }) ?? [];
  return left ? no(exampleOf(left, prefix)) : YES;
}

function disjoint(common: Box, prefix?: string): Answer<Labels> {
  return isEmptyBox(common) ? YES : no(exampleOf(common, prefix));
}

function isUnsure(...selectors: readonly LabelSelector[]): boolean {
  return selectors.some(isInexact);
}

function selectorsIn(...scopes: readonly NamespaceScope[]): LabelSelector[] {
  return scopes.flatMap((scope) => (scope.kind === 'selected' ? [scope.selector] : []));
}

function onPort(port: PortMatch): Rule {
  return anyRule({ ports: [port], path: port.path });
}
