import { startOfLine } from '../base/lines.ts';
import { finished, type Work } from '../base/work.ts';
import { identify, type Ours } from '../model/identify.ts';
import { readResource, type PolicyKindEntry } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { asMap } from '../syntax/tree.ts';
import type { Finding } from './finding.ts';
import { manifestRules, workspaceRules } from './index.ts';
import { levelOf } from './level.ts';
import { MAX_FINDINGS, findingOf } from './make-finding.ts';
import { trialOf } from './offered-fixes.ts';
import { withoutExplained } from './one-mistake.ts';
import type { ManifestContext, ManifestRule } from './rule.ts';
import { issuesOf } from './schema.ts';
import { ignoredBySettings, silence, type UnusedIgnore } from './silence.ts';

/** What findings depend on besides the manifest. */
export interface FindingOptions {
  readonly uri: string;
  readonly settings: Settings;
  /** Patches and other partial documents: what is missing in them may stand elsewhere. */
  readonly partial: boolean;
  /** Told when a rule fails, which is a fault in the rule; a log line, no more. */
  readonly onFault?: (rule: string, fault: unknown) => void;
}

const memo = new WeakMap<Manifest, WeakMap<Settings, Map<string, readonly Finding[]>>>();

/** What the manifest rules have to say about one manifest, in the order of its text. Computed once for each settings; never throws. */
export function findingsOf(manifest: Manifest, options: FindingOptions): readonly Finding[] {
  return finished(findingsWork(manifest, options));
}

/** The same for those who must not wait long: with a large manifest it yields between rules. */
export function* findingsWork(manifest: Manifest, options: FindingOptions): Work<readonly Finding[]> {
  const { uri, settings, partial } = options;
  // Only the settings per glob look at the address; without them one answer serves every file.
  const place = `${partial ? 'partial' : 'whole'} ${Object.keys(settings.ignore).length > 0 ? uri : ''}`;
  const known = memo.get(manifest)?.get(settings)?.get(place);
  if (known) return known;
  const found = yield* findAll(manifest, options);
  const bySettings = memo.get(manifest) ?? new WeakMap<Settings, Map<string, readonly Finding[]>>();
  memo.set(manifest, bySettings);
  bySettings.set(settings, (bySettings.get(settings) ?? new Map<string, readonly Finding[]>()).set(place, found));
  return found;
}

/** The codes of all findings. */
const RULE_NAMES: readonly string[] = [...manifestRules, ...workspaceRules].flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]);

/** Above this many characters a manifest takes longer than others may wait. */
const MAX_UNINTERRUPTED_CHARACTERS = 10_000;

function isLarge(text: string): boolean {
  return text.length > MAX_UNINTERRUPTED_CHARACTERS;
}

function* findAll(manifest: Manifest, options: FindingOptions): Work<readonly Finding[]> {
  const identity = identify(manifest);
  if (!identity.ours && !manifest.oversized) return [];
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const context = contextOf(manifest, identity.ours ? identity : undefined, options);
  const { first: firstRules, last: lastRules } = rulesFor(context);
  const first: Finding[] = [];
  for (const rule of firstRules) {
    yield* runRule(rule, context, options, first);
    if (isLarge(context.text)) yield;
  }
  const { findings, unused } = silence(manifest, withoutExplained(readable(manifest, first), manifestRules));
  const unusedIgnores = manifest.problems.length > 0 ? [] : unused.filter((one) => isReported(one, options.settings, left));
  const last: Finding[] = [];
  for (const rule of lastRules) yield* runRule(rule, { ...context, unusedIgnores }, options, last);
  const shown = [...findings, ...silence(manifest, last).findings].filter(({ code }) => !left.has(code));
  return shown.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** What is to be said about ignore comments for the whole file, which only the whole file can tell to be without effect. */
export function findingsAbout(unused: readonly UnusedIgnore[], manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const context = {
    ...contextOf(manifest, undefined, options),
    unusedIgnores: unused.filter((one) => isReported(one, options.settings, left)),
  };
  const found: Finding[] = [];
  for (const rule of rulesFor(context).last) if (!left.has(rule.name)) finished(runRule(rule, context, options, found));
  return found;
}

/** A comment about a rule that does not run is no mistake; of workspace rules nobody knows here what they find. */
function isReported({ code }: UnusedIgnore, settings: Settings, left: ReadonlySet<string>): boolean {
  if (workspaceRules.some(({ name }) => name === code?.code)) return false;
  const rule = manifestRules.find(({ name }) => name === code?.code);
  return !rule || (levelOf(rule, settings) !== 'off' && !left.has(rule.name));
}

/**
 * Where the YAML breaks and no repair helps, what is read behind the break is guesswork: only errors above it stay. A half-typed line
 * that could be taken out before reading breaks nothing.
 */
function readable(manifest: Manifest, all: readonly Finding[]): readonly Finding[] {
  if (manifest.problems.length === 0) return all;
  const codes = new Set(manifest.problems.map(({ code }) => code));
  const findings = firstOfEach(all, codes);
  if (manifest.broken !== true) return findings;
  const first = startOfLine(manifest.piece.text, Math.min(...manifest.problems.map(({ span }) => span.start)));
  return findings.filter(({ code, span, severity }) => codes.has(code) || (span.end <= first && severity === 'error'));
}

/** One slip of the indentation spoils every line below it; said once, it is enough. */
function firstOfEach(all: readonly Finding[], codes: ReadonlySet<string>): readonly Finding[] {
  const seen = new Set<string>();
  return all.filter(({ code, message }) => {
    const words = `${code} ${message}`;
    const isNew = !codes.has(code) || !seen.has(words);
    seen.add(words);
    return isNew;
  });
}

function contextOf(manifest: Manifest, identity: Ours | undefined, { settings, partial }: FindingOptions): ManifestContext {
  const kind = identity?.kind;
  // What is missing may be what is being typed, or what the broken part holds.
  const lenient = partial || manifest.problems.length > 0;
  const issues = kind ? issuesOf(manifest, kind).filter((issue) => !(lenient && issue.absence)) : [];
  return {
    manifest,
    text: manifest.piece.text,
    root: asMap(manifest.root),
    kind,
    mistakes: identity?.mistakes ?? [],
    policy: kind && asMap(manifest.root) ? policyOf(manifest, kind) : undefined,
    settings,
    issues,
    partial: lenient,
    unusedIgnores: [],
    ruleNames: RULE_NAMES,
    at: (path) => nodeAt(manifest.root, path),
  };
}

function policyOf(manifest: Manifest, kind: PolicyKindEntry): Policy | undefined {
  const resource = readResource(kind, manifest.root);
  return resource.role === 'policy' ? resource.value : undefined;
}

/** The rules to ask about a document: those that come after all others apart. */
interface Asked {
  readonly first: readonly ManifestRule[];
  readonly last: readonly ManifestRule[];
}

const asked = new WeakMap<Settings, Map<string, Asked>>();

/** The rules that may have something to say about documents of a kind; for all of them the list is made once. */
function rulesFor({ settings, kind, root }: ManifestContext): Asked {
  const name = kind && root ? kind.kind : '';
  const known = asked.get(settings)?.get(name);
  if (known) return known;
  const some = manifestRules.filter((rule) => applies(rule, root ? kind : undefined) && !isOff(rule, settings));
  const phases = { first: some.filter((rule) => rule.afterAll !== true), last: some.filter((rule) => rule.afterAll === true) };
  asked.set(settings, (asked.get(settings) ?? new Map<string, Asked>()).set(name, phases));
  return phases;
}

function applies(rule: ManifestRule, kind: PolicyKindEntry | undefined): boolean {
  return rule.anyDocument === true || (kind !== undefined && (rule.about === undefined || rule.about(kind)));
}

/** Off whatever it finds. Errors are always reported unless the settings say otherwise, but a rule with a profile of its own has none. */
function isOff(rule: ManifestRule, settings: Settings): boolean {
  return levelOf(rule, settings, 'error') === 'off' || (rule.profile !== undefined && levelOf(rule, settings) === 'off');
}

/** Runs one rule. A rule that fails has found nothing: an editor must not lose the other findings for it. */
function* runRule(rule: ManifestRule, context: ManifestContext, { onFault }: FindingOptions, into: Finding[]): Work<void> {
  const before = into.length;
  const place = { settings: context.settings, text: context.text, trial: trialOf(context.text) };
  try {
    for (const draft of rule.check(context)) {
      const finding = draft && findingOf(rule, draft, place, into.length - before >= MAX_FINDINGS);
      if (finding) into.push(finding);
      if (isLarge(context.text)) yield;
    }
  } catch (fault) {
    into.length = before;
    onFault?.(rule.name, fault);
  }
}
