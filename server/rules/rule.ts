import type { ManifestView, WorkspaceContext } from '../analysis/context.ts';
import type { Related } from '../analysis/related.ts';
import type { Span } from '../base/span.ts';
import type { IdentityMistake } from '../model/identify.ts';
import type { Resource } from '../model/kind.ts';
import type { Settings } from '../settings.ts';
import type { Path } from '../syntax/path.ts';
import type { About } from './about.ts';
import type { Confidence, Fix, Severity } from './finding.ts';
import type { Issue } from './schema/issue.ts';
import type { UnusedIgnore } from './silence.ts';

/** What a rule is: its check, and the words of its page. Its examples, which are its tests, stand in `test/rules/cases/NAME.yaml`. */
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
  /** Why there is no quick fix, for a rule that offers none although its message names no action. Its page prints it. */
  readonly noFix?: string;
  /** The least profile that reports it, where severity and confidence do not say it (level.ts applies it). */
  readonly profile?: Settings['profile'];
  /** Names the rule had before; settings and ignore comments may still use them. */
  readonly aliases?: readonly string[];
  /** Other rules that a bad example cannot help raising. */
  readonly companions?: readonly string[];
  /** Rules that explain the same mistake better: where one of them reports the same value, or one around or within it, this one is silent. */
  readonly yieldsTo?: readonly string[];
  /** The kinds it looks at, by what they are like; the policies of Kubernetes where absent. */
  readonly about?: About;
  /** Also for a document that is ours but is not a map or names no known kind (`root` or `kind` undefined in the context). */
  readonly anyDocument?: boolean;
  /** Looks at what the other rules left over (`unusedIgnores`), so it comes last. */
  readonly afterAll?: boolean;
  /** What it finds. A rule that looks at much gives `undefined` now and then, so that others may be served meanwhile. */
  readonly check: (context: ManifestContext) => Iterable<Draft | undefined>;
}

/**
 * A rule that asks the whole cluster about one manifest. Its examples hold every manifest that the finding depends on.
 */
export interface WorkspaceRule extends Pick<
  ManifestRule,
  'name' | 'severity' | 'confidence' | 'summary' | 'why' | 'noFix' | 'profile' | 'aliases' | 'companions' | 'yieldsTo'
> {
  readonly scope: 'workspace';
  /** What it is asked about; only policies where absent. */
  readonly roles?: readonly Resource['role'][];
  /** Of policies and what they refer to, the kinds that it is asked about; the policies of Kubernetes where absent. */
  readonly about?: About;
  /** Asked about every document with this text (or one of these) in it, of whatever kind, instead of about objects of a role. */
  readonly inText?: string | readonly string[];
  /** Asked about what the builds of kustomizations report, instead of about objects of a role. */
  readonly aboutBuilds?: boolean;
  /** What it finds. A rule that looks at much gives `undefined` now and then, so that others may be served meanwhile. */
  readonly check: (context: WorkspaceContext) => Iterable<Draft | undefined>;
}

/** Everything a manifest rule may look at. */
export interface ManifestContext extends ManifestView {
  /** What is wrong with its `apiVersion` and `kind`. */
  readonly mistakes: readonly IdentityMistake[];
  /** What the schema says is wrong; rules turn these into words. */
  readonly issues: readonly Issue[];
  /** Ignore comments without effect; only for rules that come after all others. */
  readonly unusedIgnores: readonly UnusedIgnore[];
  /** How many findings of the manifest are more than are shown; only for rules that come after all others. */
  readonly omitted: number;
  /** Is `omitted` the number of all? Of a mistake that is made thousands of times, only so many are looked at. */
  readonly isCounted: boolean;
  /** The codes of all findings there are. */
  readonly ruleNames: readonly string[];
}

/** A finding before the rule's name, severity and confidence are filled in. */
export interface Draft {
  readonly span: Span;
  readonly path: Path;
  readonly message: string;
  readonly severity?: Severity;
  /** The least profile that reports this finding, where it is not that of the rule. */
  readonly profile?: Settings['profile'];
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  readonly unnecessary?: boolean;
}
