import { startOfLine } from '../base/lines.ts';
import { identify, type Ours } from '../model/identify.ts';
import type { PolicyKindEntry } from '../model/kind.ts';
import type { Settings } from '../settings.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { asMap } from '../syntax/tree.ts';
import type { Finding } from './finding.ts';
import { manifestRules, workspaceRules } from './index.ts';
import { levelOf } from './level.ts';
import type { Draft, ManifestContext, ManifestRule } from './rule.ts';
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
  const { uri, settings, partial } = options;
  // Only the settings per glob look at the address; without them one answer serves every file.
  const place = `${partial ? 'partial' : 'whole'} ${Object.keys(settings.ignore).length > 0 ? uri : ''}`;
  const known = memo.get(manifest)?.get(settings)?.get(place);
  if (known) return known;
  const found = findAll(manifest, options);
  const bySettings = memo.get(manifest) ?? new WeakMap<Settings, Map<string, readonly Finding[]>>();
  memo.set(manifest, bySettings);
  bySettings.set(settings, (bySettings.get(settings) ?? new Map<string, readonly Finding[]>()).set(place, found));
  return found;
}

/** The codes of all findings. */
const RULE_NAMES: readonly string[] = [...manifestRules, ...workspaceRules].flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]);

function findAll(manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const identity = identify(manifest);
  if (!identity.ours && !manifest.oversized) return [];
  const left = ignoredBySettings(options.settings, options.uri);
  if (left === 'all') return [];
  const context = contextOf(manifest, identity.ours ? identity : undefined, options);
  const first = manifestRules.filter((rule) => rule.afterAll !== true).flatMap((rule) => runRule(rule, context, options));
  const { findings, unused } = silence(manifest, readable(manifest, first));
  const unusedIgnores = manifest.problems.length > 0 ? [] : unused.filter((one) => isReported(one, options.settings, left));
  const last = manifestRules
    .filter((rule) => rule.afterAll === true)
    .flatMap((rule) => runRule(rule, { ...context, unusedIgnores }, options));
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
  return manifestRules.filter((rule) => rule.afterAll === true && !left.has(rule.name)).flatMap((rule) => runRule(rule, context, options));
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
  const findings = all.filter((finding, i) => !codes.has(finding.code) || isFirst(finding, all.slice(0, i)));
  if (manifest.broken !== true) return findings;
  const first = startOfLine(manifest.piece.text, Math.min(...manifest.problems.map(({ span }) => span.start)));
  return findings.filter(({ code, span, severity }) => codes.has(code) || (span.end <= first && severity === 'error'));
}

/** One slip of the indentation spoils every line below it; said once, it is enough. */
function isFirst({ code, message }: Finding, before: readonly Finding[]): boolean {
  return !before.some((other) => other.code === code && other.message === message);
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

const policies = new WeakMap<Manifest, ReturnType<PolicyKindEntry['read']>>();

function policyOf(manifest: Manifest, kind: PolicyKindEntry): ReturnType<PolicyKindEntry['read']> {
  const known = policies.get(manifest);
  if (known) return known;
  const policy = kind.read(manifest.root);
  policies.set(manifest, policy);
  return policy;
}

/** Runs one rule. A rule that fails has found nothing: an editor must not lose the other findings for it. */
function runRule(rule: ManifestRule, context: ManifestContext, { onFault }: FindingOptions): readonly Finding[] {
  if (!applies(rule, context)) return [];
  try {
    return [...rule.check(context)].flatMap((draft) => findingOf(rule, draft, context) ?? []);
  } catch (fault) {
    onFault?.(rule.name, fault);
    return [];
  }
}

function applies(rule: ManifestRule, { kind, root }: ManifestContext): boolean {
  if (rule.anyDocument === true) return true;
  return root !== undefined && kind !== undefined && (rule.kinds === undefined || rule.kinds.includes(kind.kind));
}

function findingOf(rule: ManifestRule, draft: Draft, { settings, text }: ManifestContext): Finding | undefined {
  const severity = levelOf(rule, settings, draft.severity);
  if (severity === 'off') return undefined;
  return {
    code: rule.name,
    severity,
    confidence: rule.confidence,
    message: draft.message,
    span: inside(draft.span, text.length),
    path: draft.path,
    related: draft.related ?? [],
    fixes: draft.fixes?.filter((fix) => fix.edits.some(({ start, end, text: put }) => text.slice(start, end) !== put)) ?? [],
    ...(draft.unnecessary === true ? { unnecessary: true } : {}),
  };
}

function inside(span: { readonly start: number; readonly end: number }, length: number): { readonly start: number; readonly end: number } {
  const start = Math.max(0, Math.min(span.start, length));
  return { start, end: Math.max(start, Math.min(span.end, length)) };
}
