import { hasHole, itemsOf, type Node } from '../../syntax/tree.ts';
import type { UnevaluatedKindEntry } from '../kind.ts';
import type { Direction } from '../policy.ts';
import { given, readMetadata, textIn } from '../read.ts';
import { readSelector } from '../read-selector.ts';
import type { Requirement } from '../selector.ts';
import { everyPod, type PossibleSubject, type Standing, type UnevaluatedPolicy } from './policy.ts';

/** What one kind says of itself, and how its spec is read. */
export interface UnevaluatedKind extends Pick<UnevaluatedKindEntry, 'group' | 'version' | 'kind' | 'plural' | 'scope' | 'docs'> {
  readonly api: string;
  readonly formerly?: readonly string[];
  readonly outsideOnly?: boolean;
  /** `home` is the namespace of the policy; `undefined` for a cluster-wide one. `root` is the whole object, for fields next to `spec`. */
  readonly readSpec: (spec: Node | undefined, home: string | undefined, root: Node | undefined) => ReadSpec;
}

export interface ReadSpec {
  readonly directions: readonly Direction[];
  readonly standing: Standing;
  readonly subjects: readonly PossibleSubject[];
}

/** The registry entry of a kind. */
export function unevaluatedKind({ api, outsideOnly = false, formerly = [], readSpec, ...kind }: UnevaluatedKind): UnevaluatedKindEntry {
  return {
    role: 'unevaluated',
    ...kind,
    formerly,
    read: (root): UnevaluatedPolicy => {
      const { name, namespace } = readMetadata(root, []);
      const home = kind.scope === 'Cluster' ? undefined : namespace;
      const spec = given(root, 'spec');
      const read = readSpec(spec, home, root);
      // What something fills in later may say anything.
      const filledIn = spec !== undefined && hasHole(spec) && read.subjects.length === 0 ? { subjects: [everyPod(home)] } : {};
      return {
        kind: kind.kind,
        api,
        group: kind.group,
        name,
        ...(home === undefined ? {} : { namespace: home }),
        outsideOnly,
        ...read,
        ...filledIn,
      };
    },
  };
}

/** The directions in which a spec has one of these fields. */
export function directionsWith(spec: Node | undefined, ingress: readonly string[], egress: readonly string[]): readonly Direction[] {
  const has = (fields: readonly string[]): boolean => fields.some((field) => given(spec, field) !== undefined);
  return [...(has(ingress) ? (['ingress'] as const) : []), ...(has(egress) ? (['egress'] as const) : [])];
}

/** The conditions of a Kubernetes label selector that can be read; the others are left out, so that it may select more. */
export function requirementsIn(selector: Node | undefined): readonly Requirement[] {
  return readSelector(selector, [], 'dropped').requirements;
}

/** The texts of a list. */
export function textsIn(node: Node | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textIn(item) ?? []);
}
