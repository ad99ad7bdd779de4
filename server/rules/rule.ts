import type { Span } from '../base/span.ts';
import type { Mistake } from '../model/identify.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import type { PolicyKindEntry, Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import type { MapNode, Node } from '../syntax/tree.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Confidence, Fix, Related, Severity } from './finding.ts';
import type { Issue } from './schema/issue.ts';
import type { UnusedIgnore } from './silence.ts';

/** What a rule is, whole: its check, its words, and the examples that are its tests and its documentation. */
export interface ManifestRule {
  /** Kebab-case, for ever. The file has the same name. */
  readonly name: string;
  readonly scope: 'manifest';
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One line for tables: what is found. */
  readonly summary: string;
  /** Why it matters: what happens in the cluster. */
  readonly why: string;
  readonly bad: readonly Example[];
  readonly good: readonly string[];
  /** The least profile that reports it, where severity and confidence do not say it (level.ts applies it). */
  readonly profile?: Settings['profile'];
  /** Names the rule had before; settings and ignore comments may still use them. */
  readonly aliases?: readonly string[];
  /** Other rules that a bad example cannot help raising. */
  readonly companions?: readonly string[];
  /** Rules that explain the same mistake better: where one of them reports the same value, or one around or within it, this one is silent. */
  readonly yieldsTo?: readonly string[];
  /** The kinds it looks at; all of ours where absent. */
  readonly kinds?: readonly string[];
  /** Also for a document that is ours but is no map or names no known kind (`root` or `kind` undefined in the context). */
  readonly anyDocument?: boolean;
  /** Looks at what the other rules left over (`unusedIgnores`), so it comes last. */
  readonly afterAll?: boolean;
  readonly check: (context: ManifestContext) => Iterable<Draft>;
}

/**
 * A rule that asks the whole cluster about one manifest. Its examples hold every manifest that the finding depends on: documents
 * separated by `---`, files by `# file: name.yaml`.
 */
export interface WorkspaceRule extends Pick<
  ManifestRule,
  'name' | 'severity' | 'confidence' | 'summary' | 'why' | 'bad' | 'good' | 'profile' | 'aliases' | 'companions' | 'yieldsTo'
> {
  readonly scope: 'workspace';
  /** What it is asked about; only policies where absent. */
  readonly roles?: readonly Resource['role'][];
  /** Asked about every document with this text in it, of whatever kind, instead of about objects of a role. */
  readonly inText?: string;
  /** What it finds. A rule that looks at much gives `undefined` now and then, so that others may be served meanwhile. */
  readonly check: (context: WorkspaceContext) => Iterable<Draft | undefined>;
}

/** Everything a workspace rule may look at. */
export interface WorkspaceContext {
  readonly manifest: Manifest;
  readonly text: string;
  /** Names the manifest in the snapshot; `undefined` for a document that is no part of the cluster. */
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
  /** The value at a path, through merge keys and aliases. */
  readonly at: (path: Path) => Node | undefined;
}

/** A faulty document and, where there is a quick fix, what the first fix makes of it. */
export interface Example {
  /** YAML; `# ^^^^ message` marks under a line say where and what, as in test fixtures. */
  readonly yaml: string;
  readonly fixed?: string;
  /** What the documentation shows instead of an example that is too long for it. */
  readonly shown?: string;
  /** The first fix leads on to a second finding of this code, so `fixed` is not clean yet. */
  readonly stillFound?: boolean;
}

/** Everything a manifest rule may look at. */
export interface ManifestContext {
  readonly manifest: Manifest;
  readonly text: string;
  readonly root: MapNode | undefined;
  /** The kind that the document names (or clearly means). */
  readonly kind: PolicyKindEntry | undefined;
  /** What is wrong with its `apiVersion` and `kind`. */
  readonly mistakes: readonly Mistake[];
  /** The document read as a policy; parts that could not be read are left out. */
  readonly policy: Policy | undefined;
  readonly settings: Settings;
  /** What the schema says is wrong; rules turn these into words. */
  readonly issues: readonly Issue[];
  /** A patch or another partial document: what is missing may stand elsewhere. */
  readonly partial: boolean;
  /** Ignore comments without effect; only for rules that come after all others. */
  readonly unusedIgnores: readonly UnusedIgnore[];
  /** The codes of all findings there are. */
  readonly ruleNames: readonly string[];
  /** The value at a path, through merge keys and aliases. */
  readonly at: (path: Path) => Node | undefined;
}

/** A finding before the rule's name, severity and confidence are filled in. */
export interface Draft {
  readonly span: Span;
  readonly path: Path;
  readonly message: string;
  readonly severity?: Severity;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  readonly unnecessary?: boolean;
}
