import { inTextOrder, runRules, type OnFault } from './run.ts';
import { memo2, memoBy } from '../base/memo.ts';
import { startOfLine } from '../base/lines.ts';
import { finished, type Work } from '../base/work.ts';
import { kindWord } from '../model/api.ts';
import { identify, type Ours } from '../model/identify.ts';
import { readResource, resourceWork, type JudgedKindEntry } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { asMap } from '../syntax/tree.ts';
import { upstreamPolicies } from './about.ts';
import type { Finding } from './finding.ts';
import { manifestRules, workspaceRules } from './index.ts';
import { levelOf } from './level.ts';
import { MAX_FINDINGS } from './make-finding.ts';
import { unexplainedWork, withoutExplained } from './one-mistake.ts';
import type { ManifestContext, ManifestRule } from './rule.ts';
import { issuesOf, issuesWork, type Issues } from './schema.ts';
import { knownValuesWork } from './schema/walk.ts';
import type { Issue } from './schema/issue.ts';
import { ignoredBySettings, silence, type UnusedIgnore } from './silence.ts';

/** What findings depend on besides the manifest. */
export interface FindingOptions {
  readonly uri: string;
  readonly settings: Settings;
  /** Patches and other partial documents: what is missing in them may be in another document. */
  readonly partial: boolean;
  readonly onFault?: OnFault;
}

const findingCache = memo2((_manifest: Manifest, _settings: Settings) => new Map<string, readonly Finding[]>());

/** What the manifest rules have to say about one manifest, in the order of its text. Computed once for each settings; never throws. */
export function findingsOf(manifest: Manifest, options: FindingOptions): readonly Finding[] {
  return finished(findingsWork(manifest, options));
}

/** The same for those who must not wait long: with a large manifest it yields between rules. */
export function* findingsWork(manifest: Manifest, options: FindingOptions): Work<readonly Finding[]> {
  const { uri, settings, partial } = options;
  // Only the settings per glob look at the address; without them one answer serves every file.
  const place = `${partial ? 'partial' : 'whole'} ${Object.keys(settings.ignore).length > 0 ? uri : ''}`;
  const byPlace = findingCache(manifest, settings);
  const found = byPlace.get(place) ?? (yield* findAll(manifest, options));
  byPlace.set(place, found);
  return found;
}

/** The codes of all findings. */
const RULE_NAMES: readonly string[] = [...manifestRules, ...workspaceRules].flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]);

const WORKSPACE_RULE_NAMES: ReadonlySet<string> = new Set(workspaceRules.map(({ name }) => name));
const MANIFEST_RULES_BY_NAME: ReadonlyMap<string, ManifestRule> = new Map(manifestRules.map((rule) => [rule.name, rule]));

/** Above this many characters a manifest takes longer than others may wait. */
const MAX_UNINTERRUPTED_CHARACTERS = 10_000;

function* findAll(manifest: Manifest, options: FindingOptions): Work<readonly Finding[]> {
  const identity = identify(manifest);
  if (!identity.ours && !manifest.oversized) return [];
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const isLarge = manifest.piece.text.length > MAX_UNINTERRUPTED_CHARACTERS;
  // What is worked out once and kept, each in a step of its own.
  yield;
  if (isLarge && identity.ours && identity.kind) yield* issuesWork(manifest, identity.kind);
  if (isLarge && identity.ours && identity.kind && asMap(manifest.root)) yield* resourceWork(identity.kind, manifest.root);
  yield;
  const context = contextOf(manifest, identity.ours ? identity : undefined, options);
  if (isLarge) yield* knownValuesWork(context);
  const { first: firstRules, last: lastRules } = rulesFor(context);
  const run = function* (rules: readonly ManifestRule[], about: ManifestContext): Work<readonly Finding[]> {
    const work = runRules(rules, about, options.onFault);
    return isLarge ? yield* work : yield* seldom(work);
  };
  const first = yield* run(firstRules, context);
  const found = readable(manifest, first);
  const unexplained = isLarge ? yield* unexplainedWork(found, manifestRules) : withoutExplained(found, manifestRules);
  yield;
  const { findings, unused } = silence(manifest, unexplained);
  const unusedIgnores = manifest.problems.length > 0 ? [] : unused.filter((one) => isReported(one, options.settings, left));
  const omitted = Math.max(0, findings.length + unusedIgnores.length - MAX_FINDINGS);
  const last = yield* run(lastRules, { ...context, unusedIgnores, omitted });
  const shown = [...findings, ...silence(manifest, last).findings].filter(({ code }) => !left.has(code));
  return inTextOrder(shown);
}

/** The same work, yielding only now and then: with a small manifest each rule is a matter of microseconds, once it has run a few times. */
function* seldom<T>(work: Work<T>): Work<T> {
  for (let i = 1; ; i++) {
    const step = work.next();
    if (step.done) return step.value;
    if (i % STEPS_AT_ONCE === 0) yield;
  }
}

const STEPS_AT_ONCE = 32;

/** What is to be said where a manifest has more findings than are shown. */
export function findingsAboutOmitted(omitted: number, manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const context = { ...contextOf(manifest, undefined, options), omitted };
  const rules = rulesFor(context).last.filter(({ name }) => !left.has(name));
  return silence(manifest, finished(runRules(rules, context, options.onFault))).findings;
}

/** What is to be said about ignore comments for the whole file, which only the whole file can tell to be without effect. */
export function findingsAbout(unused: readonly UnusedIgnore[], manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const context = {
    ...contextOf(manifest, undefined, options),
    unusedIgnores: unused.filter((one) => isReported(one, options.settings, left)),
  };
  const rules = rulesFor(context).last.filter(({ name }) => !left.has(name));
  return finished(runRules(rules, context, options.onFault));
}

/** A comment about a rule that does not run is not a mistake; what workspace rules find is not known at this point. */
function isReported({ code }: UnusedIgnore, settings: Settings, left: ReadonlySet<string>): boolean {
  if (WORKSPACE_RULE_NAMES.has(code?.code ?? '')) return false;
  const rule = MANIFEST_RULES_BY_NAME.get(code?.code ?? '');
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

/** Does a newer version of the CRD, which the settings name, accept the value? */
function isAllowedBy({ ciliumVersion }: Settings, { keyword, params, place }: Issue): boolean {
  const added = place.schema['x-added'];
  if (keyword !== 'enum' || added === undefined || !added.values.includes(String(params.value))) return false;
  return Number(ciliumVersion.split('.')[1]) >= Number(added.in.split('.')[1]);
}

function contextOf(manifest: Manifest, identity: Ours | undefined, { settings, partial }: FindingOptions): ManifestContext {
  const kind = identity?.kind;
  // What is missing may be what is being typed, or what the broken part holds.
  const lenient = partial || manifest.problems.length > 0;
  const { issues: all, isAll } = kind ? issuesOf(manifest, kind) : NO_ISSUES;
  const issues = all.filter((issue) => !(lenient && issue.absence) && !isAllowedBy(settings, issue));
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
    omitted: 0,
    isCounted: isAll,
    ruleNames: RULE_NAMES,
    at: (path) => nodeAt(manifest.root, path),
  };
}

const NO_ISSUES: Issues = { issues: [], isAll: true };

function policyOf(manifest: Manifest, kind: JudgedKindEntry): Policy | undefined {
  const resource = readResource(kind, manifest.root);
  return resource.role === 'policy' ? resource.value : undefined;
}

/** The rules to ask about a document: those that come after all others apart. */
interface Phases {
  readonly first: readonly ManifestRule[];
  readonly last: readonly ManifestRule[];
}

/** The rules that may have something to say about documents of a kind; for all of them the list is made once. */
function rulesFor({ settings, kind, root }: ManifestContext): Phases {
  return phasesFor(settings, kind && root ? kindWord(kind) : '', root ? kind : undefined);
}

const phasesFor = memoBy((settings: Settings, _: string, kind: JudgedKindEntry | undefined): Phases => {
  const some = manifestRules.filter((rule) => applies(rule, kind) && !isOff(rule, settings));
  return { first: some.filter((rule) => rule.afterAll !== true), last: some.filter((rule) => rule.afterAll === true) };
});

function applies(rule: ManifestRule, kind: JudgedKindEntry | undefined): boolean {
  return rule.anyDocument === true || (kind !== undefined && (rule.about ?? upstreamPolicies)(kind));
}

/** Off whatever it finds. Errors are always reported unless the settings say otherwise, but a rule with a profile of its own has none. */
function isOff(rule: ManifestRule, settings: Settings): boolean {
  return levelOf(rule, settings, 'error') === 'off' || (rule.profile !== undefined && levelOf(rule, settings) === 'off');
}
