import type { Span } from '../base/span.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import type { JudgedKindEntry, Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import type { MapNode, Node } from '../syntax/tree.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import type { BuildCode } from '../workspace/kustomize/objects.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** What may be asked about one manifest by itself. */
export interface ManifestView {
  readonly manifest: Manifest;
  readonly text: string;
  readonly root: MapNode | undefined;
  /** The kind that the document names (or clearly means). */
  readonly kind: JudgedKindEntry | undefined;
  /** The document read as a policy; parts that could not be read are left out. */
  readonly policy: Policy | undefined;
  readonly settings: Settings;
  /** A patch or another partial document: what is missing may be in another document. */
  readonly partial: boolean;
  /** The value at a path, through merge keys and aliases. */
  readonly at: (path: Path) => Node | undefined;
}

/** What the build of a kustomization reports about a field of a manifest. */
export interface PlacedProblem {
  readonly code: BuildCode;
  /** `error`: kustomize refuses to build. `unknown`: this program cannot see what is behind it. `warning`: it has no effect. */
  readonly severity: 'error' | 'unknown' | 'warning';
  readonly message: string;
  /** Ids of the clusters whose builds report it. */
  readonly clusters: readonly string[];
  readonly path: Path;
  /** Relative to the piece of text. */
  readonly span: Span;
  /** The other place that it is about. */
  readonly related?: { readonly key: ManifestKey; readonly path: Path };
}

/** What may be asked about one manifest in its cluster. */
export interface WorkspaceContext {
  readonly manifest: Manifest;
  readonly text: string;
  /** Names the manifest in the snapshot; `undefined` for a document that is not part of the cluster. */
  readonly key: ManifestKey | undefined;
  /** The object as the cluster has it (with what a kustomization does to it); `undefined` where it takes no part in verdicts. */
  readonly resource: Resource | undefined;
  readonly cluster: Cluster;
  /** The universe that the cluster is made from. */
  readonly universe: string;
  /** The verdicts of the cluster; made when first asked for. */
  readonly evaluation: () => Evaluation;
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  /** What builds report about the manifest. */
  readonly problems: readonly PlacedProblem[];
  /** The value at a path, through merge keys and aliases. */
  readonly at: (path: Path) => Node | undefined;
}
