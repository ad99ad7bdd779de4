import { quote } from '../../base/english.ts';
import { describeNamespaces, describeSelector } from '../../model/describe-selector.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Peer } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { asMap, isNull, pairOf, pairsOf, stringOf, type Node } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import { mergedPeers } from '../repair/list-fixes.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';
import { upstreamPolicies } from '../about.ts';

const rule: ManifestRule = {
  name: 'suspected-or',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: (kind) => kind.role === 'policy' && upstreamPolicies(kind) && kind.scopeOfPods === 'own',
  summary: 'A namespaceSelector and a podSelector in two items, so that either matches, where both may be meant.',
  why: "A single dash makes the difference. In one item, both selectors must match (pods with the label in these namespaces). In two items, either one matches: every pod in these namespaces, and the labeled pods in the policy's own namespace. The second form is wider than it looks and has exposed production clusters.",
  companions: ['redundant-peer'],
  *check(context) {
    for (const { rule } of rulesIn(context.policy)) {
      if (rule.peers === 'any') continue;
      let paired = -1;
      for (const [i, second] of rule.peers.entries()) {
        const first = rule.peers[i - 1];
        if (first?.kind !== 'pods' || second.kind !== 'pods' || paired === i - 1 || isMeant(context, first, second)) continue;
        const isForward = isPair(context, first, second);
        if (!isForward && !isPair(context, second, first)) continue;
        const [namespaces, pods] = isForward ? [first, second] : [second, first];
        const reason = suspicion(namespaces, pods, stringOf(context.at(['metadata', 'namespace'])), isForward);
        const either = `Two items, of which either matches: ${wordsFor(first)}, and ${wordsFor(second)}.`;
        const message = `${either} ${reason ?? ''}${reason === undefined ? '' : ' '}To select pods that match both, merge them into one item.`;
        // In a longer list the peers are alternatives, as in the example of the Kubernetes documentation; and so they are the other way
        // round, unless something speaks against it.
        const isOften = isForward && rule.peers.length === 2 && namespaces.namespaces.kind === 'selected';
        if (reason === undefined && !(isOften && namespaces.namespaces.selector.unreadable === undefined)) continue;
        paired = i;
        const severity = reason === undefined ? 'information' : 'warning';
        const related = [{ path: first.path, message: 'The first of the two items.' }];
        yield onKey(context, second.path, message, { severity, related, fixes: mergedPeers(context, first.path, second.path) });
      }
    }
  },
};

export default rule;

type PodPeer = Extract<Peer, { kind: 'pods' }>;

/** Does a comment say that either is enough, or a template decide for each of the two whether it is there? */
function isMeant({ at, text }: ManifestContext, first: PodPeer, second: PodPeer): boolean {
  const between = text.slice(at(first.path)?.span.start ?? 0, at(second.path)?.span.start ?? 0);
  if (/#[ \t]*(?:or|either)\b/i.test(between) || /#[^\n]*\bOR\b/.test(between)) return true;
  return /^[^#\n]*\{\{-?\s*(?:if|else|end|range|with)\b/m.test(between);
}

/** Is one item nothing but a namespaceSelector, and the other one nothing but a podSelector with labels? */
function isPair({ at }: ManifestContext, first: PodPeer, second: PodPeer): boolean {
  return (
    fieldsAt(at(first.path)) === 'namespaceSelector' &&
    fieldsAt(at(second.path)) === 'podSelector' &&
    second.pods.requirements.length > 0 &&
    second.pods.unreadable === undefined &&
    first.namespaces.kind === 'selected' &&
    (first.namespaces.selector.unreadable === undefined || hasTemplateForName(at(first.path)))
  );
}

/** `kubernetes.io/metadata.name: {{ .Values.namespace }}` alone: a namespace by its name, which is unknown. */
function hasTemplateForName(peer: Node | undefined): boolean {
  const selector = asMap(pairOf(asMap(peer), 'namespaceSelector')?.value);
  const labels = asMap(pairOf(selector, 'matchLabels')?.value);
  const [only, ...more] = labels?.pairs ?? [];
  if (!selector || !labels || selector.pairs.length !== 1 || selector.hole || labels.hole || more.length > 0) return false;
  return only?.name === NAME_LABEL && only.value.hole;
}

function fieldsAt(node: Node | undefined): string {
  const map = asMap(node);
  return map && !map.hole
    ? pairsOf(map)
        .flatMap(({ name, value }) => (isNull(value) ? [] : [name ?? '']))
        .join()
    : '';
}

function wordsFor({ namespaces, pods }: PodPeer): string {
  if (namespaces.kind === 'selected' && namespaces.selector.unreadable !== undefined)
    return 'all pods of the namespace that a template names';
  if (namespaces.kind === 'selected') return `all pods of ${describeNamespaces(namespaces.selector)}`;
  return `${describeSelector(pods)} in the policy's own namespace`;
}

/** What makes it next to certain that one peer was meant; `undefined` where both readings make sense. */
function suspicion(first: PodPeer, second: PodPeer, own: string | undefined, isForward: boolean): string | undefined {
  if (first.namespaces.kind !== 'selected') return undefined;
  const isTemplate = first.namespaces.selector.unreadable !== undefined;
  const names = isTemplate ? [] : namesOf(first.namespaces.selector);
  if ((first.namespaces.selector.requirements.length === 0 && !isTemplate) || (own !== undefined && names?.includes(own)))
    return isForward ? 'The first item includes the second.' : 'The second item includes the first.';
  const value = second.pods.requirements.flatMap(({ values }) => values).find((text) => (HOMES.get(text) ?? own) !== own);
  if (value !== undefined) return `Pods with the label ${quote(value)} run in namespace ${quote(HOMES.get(value) ?? '')}.`;
  const values = second.pods.requirements.flatMap(({ operator, values }) => (operator === 'In' ? values : []));
  const alone = values.find((text) => SHARED.has(text));
  if (alone !== undefined && names !== undefined) return `${quote(alone)} usually runs in its own namespace.`;
  if (!isForward) return undefined;
  const shared = wordsIn(first.namespaces.selector).find((word) => wordsIn(second.pods).includes(word) && word !== own);
  return shared === undefined ? undefined : `Both mention ${quote(shared)}.`;
}

/** Pods that every cluster has, by a label value of theirs, and the namespace they run in. */
const HOMES: ReadonlyMap<string, string> = new Map([
  ['kube-dns', 'kube-system'],
  ['coredns', 'kube-system'],
  ['metrics-server', 'kube-system'],
]);

/** What usually runs once for the whole cluster, in a namespace of its own. */
const SHARED: ReadonlySet<string> = new Set(
  'prometheus grafana alertmanager loki fluentd fluent-bit ingress-nginx nginx-ingress traefik haproxy-ingress istio-ingressgateway ingressgateway cert-manager external-dns external-secrets kyverno argocd-server kube-state-metrics otel-collector opentelemetry-collector datadog-agent promtail thanos-query velero'.split(
    ' ',
  ),
);

function namesOf({ requirements }: LabelSelector): readonly string[] | undefined {
  const [only, ...more] = requirements;
  return (only?.key === NAME_LABEL || only?.key === 'name') && only.operator === 'In' && more.length === 0 ? only.values : undefined;
}

/** The telling words among the values of a selector: `ingress-nginx` is one, and so are `ingress` and `nginx`. */
function wordsIn({ requirements }: LabelSelector): readonly string[] {
  const values = requirements.flatMap(({ operator, values }) => (operator === 'In' ? values : []));
  return values.flatMap((value) => [value, ...value.split(/[^A-Za-z0-9]+/)]).filter((word) => word.length >= 4 && !COMMON.has(word));
}

/** Words that two labels share by chance. */
const COMMON: ReadonlySet<string> = new Set([
  'true',
  'false',
  'system',
  'kube',
  'prod',
  'production',
  'test',
  'stage',
  'staging',
  'default',
  'server',
  'client',
  'service',
  'enabled',
]);
