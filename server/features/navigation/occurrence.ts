import type { NamespaceScope, PortMatch } from '../../model/policy.ts';
import type { LabelSelector, Labels, Requirement } from '../../model/selector.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import type { SelectorPart } from '../../analysis/policy-parts.ts';
import type { Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';

/** A place that names something which stands, or is named, elsewhere as well. */
export type Mention = HeldLabel | AskedLabel | NamespaceName | AskedNamespace | DeclaredPort | AskedPort;

interface Named {
  readonly key: ManifestKey;
  readonly path: Path;
  /** Is it the key at the path, or the value? */
  readonly on: 'key' | 'value';
  /** The word itself. */
  readonly text: string;
  /** Set where the place only repeats a word of the same manifest: the place of that. */
  readonly echoOf?: Pick<Named, 'path' | 'on'>;
}

/** A label of a pod, namespace or node. */
export interface HeldLabel extends Named {
  readonly kind: 'label';
  readonly means: 'key' | 'value';
  readonly label: string;
  readonly value: string;
  readonly holder: LabelHolder;
}

/** What has labels that selectors ask for. */
export interface LabelHolder {
  readonly of: SelectorPart['of'];
  readonly labels: Labels;
  /** Those among them that a controller adds: they have no place in the text. */
  readonly generatedLabels?: Labels;
  /** Where a pod lives. */
  readonly namespace: string;
}

/** A label that a selector asks for. */
export interface AskedLabel extends Named {
  readonly kind: 'asked label';
  readonly means: 'key' | 'value';
  readonly part: SelectorPart;
  readonly requirement: Requirement;
}

/** The name of a Namespace, where it is defined. */
export interface NamespaceName extends Named {
  readonly kind: 'namespace';
}

/** A namespace that something lives in or asks for by name. */
export interface AskedNamespace extends Named {
  readonly kind: 'asked namespace';
  /** The name; `text` is the label key where that is what stands there. */
  readonly name: string;
}

/** The name or number of a container port. */
export interface DeclaredPort extends Named {
  readonly kind: 'port';
  readonly means: 'name' | 'number';
  readonly workload: Workload;
  readonly port: ContainerPort;
}

/** A port that a rule allows or a Service leads to. */
export interface AskedPort extends Named {
  readonly kind: 'asked port';
  readonly means: 'name' | 'number';
  readonly match: PortMatch;
  readonly pods: Destination;
}

/** The pods whose ports are meant: any, or those that one of some selectors picks. */
export type Destination = 'any' | readonly { readonly namespaces: NamespaceScope; readonly pods: LabelSelector }[];

/** What defines a word, rather than asks for it. */
export type Definer = HeldLabel | NamespaceName | DeclaredPort;

/** Does a mention stand for what is defined, and not for a question? */
export function isDefiner(mention: Mention): mention is Definer {
  return mention.kind === 'label' || mention.kind === 'namespace' || mention.kind === 'port';
}

/** The place of a mention, as a word: equal for two at the same place. */
export function mentionId({ key, path, on }: Mention): string {
  return JSON.stringify([key, path, on]);
}
