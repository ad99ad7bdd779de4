import type { Span } from '../base/span.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import type { MapNode, Node } from '../syntax/tree.ts';
import type { Confidence, Fix, Related, Severity } from './finding.ts';
import type { Issue } from './schema.ts';
import type { Kind } from '../model/kinds.ts';

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
  /** The kinds it looks at; all of ours where absent. */
  readonly kinds?: readonly string[];
  /** Also for a document that is ours but names no known kind (`kind` undefined in the context). */
  readonly anyDocument?: boolean;
  readonly check: (context: ManifestContext) => Iterable<Draft>;
}

/** A faulty document and, where there is a quick fix, what the first fix makes of it. */
export interface Example {
  /** YAML; `# ^^^^ message` marks under a line say where and what, as in test fixtures. */
  readonly yaml: string;
  readonly fixed?: string;
}

/** Everything a manifest rule may look at. */
export interface ManifestContext {
  readonly manifest: Manifest;
  readonly text: string;
  readonly root: MapNode;
  /** The kind that the document names (or clearly means). */
  readonly kind: Kind | undefined;
  /** The document read as a policy; parts that could not be read are left out. */
  readonly policy: Policy | undefined;
  readonly settings: Settings;
  /** What the schema says is wrong; rules turn these into words. */
  readonly issues: readonly Issue[];
  /** A patch or another partial document: what is missing may stand elsewhere. */
  readonly partial: boolean;
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

/** Types a rule; the rule itself is returned. */
export function defineRule(rule: ManifestRule): ManifestRule {
  return rule;
}
