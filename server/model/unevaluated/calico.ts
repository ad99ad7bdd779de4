import type { Node } from '../../syntax/tree.ts';
import type { UnevaluatedKindEntry } from '../kind.ts';
import type { Direction } from '../policy.ts';
import { NAME_LABEL } from '../namespace.ts';
import { given, textIn } from '../read.ts';
import type { Requirement } from '../selector.ts';
import { directionsWith, textsIn, unevaluatedKind, type ReadSpec } from './read.ts';

/** Calico (docs.tigera.io, "Global network policy" and "Network policy"); the second group is how its datastore in the API server spells it. */
const SHARED = {
  api: 'Calico',
  group: 'projectcalico.org',
  version: 'v3',
  formerly: ['crd.projectcalico.org/v1'],
  docs: 'https://docs.tigera.io/calico/latest/reference/resources/',
} as const;

/** The policy kinds of Calico that are in force; staged ones are not. */
export const calicoKinds: readonly UnevaluatedKindEntry[] = [
  unevaluatedKind({ ...SHARED, kind: 'NetworkPolicy', plural: 'networkpolicies', scope: 'Namespaced', readSpec }),
  unevaluatedKind({ ...SHARED, kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', scope: 'Cluster', readSpec }),
];

/** A staged kind: nothing of it is ever in force. */
export function stagedKind(kind: string, plural: string, scope: 'Namespaced' | 'Cluster'): UnevaluatedKindEntry {
  return unevaluatedKind({ ...SHARED, kind, plural, scope, readSpec: () => ({ directions: [], standing: 'note', subjects: [] }) });
}

function readSpec(spec: Node | undefined, home: string | undefined): ReadSpec {
  const pods = termsOf(textIn(given(spec, 'selector')));
  const namespaces = termsOf(textIn(given(spec, 'namespaceSelector')));
  const named = pods.find(({ key, operator }) => key === 'projectcalico.org/namespace' && operator === 'In')?.values;
  return {
    directions: directionsOf(spec),
    standing: standingIn(textIn(given(spec, 'tier'))),
    subjects: [
      {
        namespaces: home === undefined ? (named ?? 'all') : 'own',
        namespaceLabels: namespaces.flatMap((one) => namespaceTerm(one) ?? []),
        podLabels: pods.filter(({ key }) => !key.includes('projectcalico.org/') && !/^pc(?:ns|sa)\./.test(key)),
      },
    ],
  };
}

function namespaceTerm(term: Requirement): Requirement | undefined {
  if (term.key === 'projectcalico.org/name') return { ...term, key: NAME_LABEL };
  return term.key.includes('projectcalico.org/') ? undefined : term;
}

/** Without `types`, Ingress unless there are egress rules only; Egress where there are egress rules. */
function directionsOf(spec: Node | undefined): readonly Direction[] {
  const types = textsIn(given(spec, 'types')).map((type) => type.toLowerCase());
  const written = directionsWith(spec, ['ingress'], ['egress']);
  if (types.length > 0) return (['ingress', 'egress'] as const).filter((direction) => types.includes(direction));
  return written.length === 0 ? ['ingress'] : written;
}

/** Policies of other tiers may come before all others: their order stands in an object of its own. */
function standingIn(tier: string | undefined): ReadSpec['standing'] {
  return tier === undefined || tier === '' || tier === 'default' ? 'beside-network-policy' : 'before-admin';
}

const QUOTED = String.raw`(?:'([^']*)'|"([^"]*)")`;
const KEY = String.raw`([\w./-]+)`;
const COMPARED = new RegExp(String.raw`^${KEY}\s*(==|!=)\s*${QUOTED}$`);
const LISTED = new RegExp(String.raw`^${KEY}\s+(not\s+)?in\s*\{([^}]*)\}$`);
const HAS = new RegExp(String.raw`^(!?)\s*has\(\s*${KEY}\s*\)$`);

/**
 * The conditions of a selector that all must hold, as far as they are plain comparisons; the others are left out. A selector with an
 * alternative in it may select anything.
 */
function termsOf(selector: string | undefined): readonly Requirement[] {
  if (selector === undefined || selector.includes('||')) return [];
  return selector.split('&&').flatMap((part): readonly Requirement[] => {
    const term = part.trim();
    const [, key, operator, single, double] = COMPARED.exec(term) ?? [];
    if (key !== undefined) return [{ key, operator: operator === '==' ? 'In' : 'NotIn', values: [single ?? double ?? ''], path: [] }];
    const [, listed, not, list = ''] = LISTED.exec(term) ?? [];
    if (listed !== undefined) {
      const values = [...list.matchAll(new RegExp(QUOTED, 'g'))].map((found) => found[1] ?? found[2] ?? '');
      return [{ key: listed, operator: not === undefined ? 'In' : 'NotIn', values, path: [] }];
    }
    const [, negated, present] = HAS.exec(term) ?? [];
    return present === undefined ? [] : [{ key: present, operator: negated === '' ? 'Exists' : 'DoesNotExist', values: [], path: [] }];
  });
}
