import { identify, type Ours } from '../model/identify.ts';
import type { PolicyKindEntry } from '../model/kind.ts';
import type { Settings } from '../settings.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { asMap } from '../syntax/tree.ts';
import { ignoredIn } from './silence.ts';
import type { Finding } from './finding.ts';
import { manifestRules } from './index.ts';
import { levelOf } from './level.ts';
import type { Draft, ManifestContext, ManifestRule } from './rule.ts';
import { issuesOf } from './schema.ts';

/** What findings depend on besides the manifest. */
export interface FindingOptions {
  readonly uri: string;
  readonly settings: Settings;
  /** Patches and other partial documents: what is missing in them may stand elsewhere. */
  readonly partial: boolean;
}

const memo = new WeakMap<Manifest, Map<Settings, Map<string, readonly Finding[]>>>();

/** What the manifest rules have to say about one manifest, in the order of its text. Computed once for each settings; never throws. */
export function findingsOf(manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const bySettings = memo.get(manifest) ?? new Map<Settings, Map<string, readonly Finding[]>>();
  memo.set(manifest, bySettings);
  const byPlace = bySettings.get(options.settings) ?? new Map<string, readonly Finding[]>();
  bySettings.set(options.settings, byPlace);
  // Only the settings per glob look at the address; without them one answer serves every file.
  const place = `${options.partial ? 'partial' : 'whole'} ${Object.keys(options.settings.ignore).length > 0 ? options.uri : ''}`;
  const known = byPlace.get(place);
  if (known) return known;
  const found = findAll(manifest, options);
  byPlace.set(place, found);
  return found;
}

function findAll(manifest: Manifest, options: FindingOptions): readonly Finding[] {
  const identity = identify(manifest);
  if (!identity.ours && !manifest.oversized) return [];
  const context = contextOf(manifest, identity.ours ? identity : undefined, options);
  const drafts = manifestRules.flatMap((rule) => runRule(rule, context));
  return ignoredIn(manifest, drafts, options).toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function contextOf(manifest: Manifest, identity: Ours | undefined, { settings, partial }: FindingOptions): ManifestContext {
  const kind = identity?.kind;
  const issues = kind ? issuesOf(manifest, kind).filter((issue) => !(partial && issue.absence)) : [];
  return {
    manifest,
    text: manifest.piece.text,
    root: asMap(manifest.root),
    kind,
    mistakes: identity?.mistakes ?? [],
    get policy() {
      return kind && asMap(manifest.root) ? policyOf(manifest, kind) : undefined;
    },
    settings,
    issues,
    partial,
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
function runRule(rule: ManifestRule, context: ManifestContext): readonly Finding[] {
  if (!applies(rule, context)) return [];
  const level = levelOf(rule, context.settings);
  if (level === 'off') return [];
  try {
    return [...rule.check(context)].map((draft) => findingOf(rule, draft, context));
  } catch {
    return [];
  }
}

function applies(rule: ManifestRule, { kind, root }: ManifestContext): boolean {
  if (rule.anyDocument === true) return true;
  return root !== undefined && kind !== undefined && (rule.kinds === undefined || rule.kinds.includes(kind.kind));
}

function findingOf(rule: ManifestRule, draft: Draft, { manifest, settings, text }: ManifestContext): Finding {
  const level = levelOf(rule, settings, draft.severity);
  return {
    code: rule.name,
    severity: level === 'off' ? rule.severity : level,
    confidence: rule.confidence,
    message: draft.message,
    span: inside(draft.span, text.length),
    path: [...manifest.inner, ...draft.path].slice(manifest.inner.length),
    related: draft.related ?? [],
    fixes: draft.fixes ?? [],
    ...(draft.unnecessary === true ? { unnecessary: true } : {}),
  };
}

function inside(span: { readonly start: number; readonly end: number }, length: number): { readonly start: number; readonly end: number } {
  const start = Math.max(0, Math.min(span.start, length));
  return { start, end: Math.max(start, Math.min(span.end, length)) };
}
