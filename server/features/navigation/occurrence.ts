import type { Span } from '../../base/span.ts';
import type { NamespaceScope, PortMatch } from '../../model/policy.ts';
import type { LabelSelector, Labels, Requirement } from '../../model/selector.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import type { SelectorPart } from '../../analysis/policy-parts.ts';
import type { Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';

/** A place that names something which also has its place, or is named, in another one. */
export type Occurrence = LabelDefinition | LabelReference | NamespaceDefinition | NamespaceReference | PortDefinition | PortReference;

interface Named {
  readonly key: ManifestKey;
  readonly path: Path;
  /** Is it the key at the path, or the value? */
  readonly on: 'key' | 'value';
  /** The word itself. */
  readonly text: string;
  /** Where it stands in the value, in characters of that, where it is not all of it: a word of a selector that is an expression. */
  readonly inside?: Span;
  /** Set where the place only repeats a word of the same manifest: the place of that. */
  readonly echoOf?: Pick<Named, 'path' | 'on'>;
}

/** A label of a pod, namespace or node. */
export interface LabelDefinition extends Named {
  readonly kind: 'label';
  readonly means: 'key' | 'value';
  readonly label: string;
  readonly value: string;
  readonly owner: LabelOwner;
}

/** What has labels that selectors ask for. */
export interface LabelOwner {
  readonly of: SelectorPart['of'];
  readonly labels: Labels;
  /** Those among them that a controller adds: they have no place in the text. */
  readonly generatedLabels?: Labels;
  /** Where a pod lives; `''` for what lives in none. */
  readonly namespace: string;
  /** It is no pod, but a set of addresses that some selectors find by the same labels. */
  readonly isSet?: true;
}

/** A label that a selector asks for. */
export interface LabelReference extends Named {
  readonly kind: 'referenced label';
  readonly means: 'key' | 'value';
  /** Does the selector find sets by their labels, too? */
  readonly selectsSets?: boolean;
  readonly part: SelectorPart;
  readonly requirement: Requirement;
}

/** The name of a Namespace, where it is defined. */
export interface NamespaceDefinition extends Named {
  readonly kind: 'namespace';
}

/** A namespace that something lives in or asks for by name. */
export interface NamespaceReference extends Named {
  readonly kind: 'referenced namespace';
  /** The name; `text` is the label key where that is what stands there. */
  readonly name: string;
}

/** The name or number of a container port. */
export interface PortDefinition extends Named {
  readonly kind: 'port';
  readonly means: 'name' | 'number';
  readonly workload: Workload;
  readonly port: ContainerPort;
}

/** A port that a rule allows or a Service leads to. */
export interface PortReference extends Named {
  readonly kind: 'referenced port';
  readonly means: 'name' | 'number';
  readonly match: PortMatch;
  readonly pods: DestinationPods;
}

/** The pods whose ports are meant: any, or those that one of some selectors picks. */
export type DestinationPods = 'any' | readonly { readonly namespaces: NamespaceScope; readonly pods: LabelSelector }[];

/** What defines a word, rather than asks for it. */
export type Definition = LabelDefinition | NamespaceDefinition | PortDefinition;

/** Does an occurrence stand for what is defined, and not for a question? */
export function isDefinition(occurrence: Occurrence): occurrence is Definition {
  return occurrence.kind === 'label' || occurrence.kind === 'namespace' || occurrence.kind === 'port';
}

/** The place of an occurrence, as a word: equal for two at the same place. */
export function occurrenceId({ key, path, on, inside }: Occurrence): string {
  return JSON.stringify(inside ? [key, path, on, inside.start] : [key, path, on]);
}
