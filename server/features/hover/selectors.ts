import { count, list, plain } from '../../base/english.ts';
import { code, escape } from '../../base/markdown.ts';
import { describeExpression } from '../../model/calico/selector/describe.ts';
import type { SelectorRole } from '../../model/calico/selector/places.ts';
import { usesGlobal } from '../../model/calico/selector/convert.ts';
import type { Path } from '../../syntax/path.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import { selectorAt, type WrittenSelector } from '../text/calico-selectors.ts';
import type { ReadPolicy } from '../text/policies.ts';
import { networkSetsAt, ownerPath, podsSelectedAt, workloadsInSet } from '../text/selector-matches.ts';
import type { Fact, Pointed } from './fact.ts';
import { linkTo, workloadLinks } from './links.ts';

/** So many workloads are named. */
const MAX_LISTED_WORKLOADS = 10;

/** On a selector expression of Calico: what it says in one sentence, and what is selected there in the workspace. */
export const selectorFact: Fact = (pointed) => {
  const selector = selectorAt(pointed.place);
  if (!selector) return undefined;
  const { expression, problems } = selector.parsed;
  const [problem] = problems;
  if (!expression) return problem && `Calico cannot parse this selector. ${escape(problem.message)}`;
  return `${sentence(selector)}\n\n${matchedText(pointed, selector)}`.trim();
};

const NOUNS: Readonly<Record<SelectorRole, string>> = { endpoints: 'pod', namespaces: 'namespace', accounts: 'service account' };

function sentence({ parsed: { expression }, role, of, path, policy }: WrittenSelector & ReadPolicy): string {
  if (!expression) return '';
  const isNot = path.at(-1) === 'notSelector';
  if (role === 'namespaces' && of === 'peer' && expression.kind === 'all')
    return `${code('all()')} selects everything in any namespace: pods and NetworkSets, and no addresses outside the cluster.`;
  if (role === 'namespaces' && usesGlobal(expression))
    return `${code('global()')} selects what has no namespace: GlobalNetworkSets and host endpoints.`;
  const noun = role === 'endpoints' && of === 'peer' ? 'pod or network set' : NOUNS[role];
  const words = escape(describeExpression(expression, noun));
  return `${isNot ? 'Excludes' : 'Selects'} ${words}${where(role, path, policy.namespace)}.`;
}

/** Selectors of a namespaced policy look into its own namespace, unless a namespaceSelector is set next to them. */
function where(role: SelectorRole, path: Path, home: string | undefined): string {
  if (role === 'namespaces' || home === undefined || path.at(-1) === 'notSelector') return '';
  return path[1] === 'selector' || path[1] === 'serviceAccountSelector' ? ` in namespace ${escape(plain(home))}` : '';
}

function matchedText({ context, policy, place }: Pointed, { of }: WrittenSelector & ReadPolicy): string {
  const { snapshot, uri } = context;
  const cluster = clusterFor(snapshot, uri);
  const { root } = place.placed.manifest;
  const owner = ownerPath(place.path);
  if (cluster.workloads.length === 0) return '';
  const found = workloadsInSet(cluster, podsSelectedAt(policy, root, owner));
  const sets = networkSetsAt(cluster, policy, root, owner);
  const what = of === 'subject' ? 'This policy selects' : `${code(String(owner.at(-1)))} selects`;
  const names = found.length === 0 ? [] : [`${count(found.length, 'workload')}, ${workloadLinks(snapshot, found, MAX_LISTED_WORKLOADS)}`];
  const links = sets.map(({ key, value }) => linkTo(snapshot, plain(`${value.kind} ${value.name}`), key, ['metadata', 'name']));
  const all = [...names, ...(links.length === 0 ? [] : [list(links, 'and', MAX_LISTED_WORKLOADS)])];
  return `${what} in this workspace: ${all.length === 0 ? 'no workloads' : all.join('; ')}.`;
}
