import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { workspaceRules } from '../../server/rules/index.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { locate } from '../../server/workspace/locate.ts';
import { emptySnapshot, fileAt, withEdit, withFile, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { fixture } from '../fixture.ts';
import { textsOf } from './cases.ts';

/*
 * Much that rules find out is kept over edits: rows of verdicts, ladders of tiers, which rule covers which, the wanted connections. The
 * examples of all rules are the richest workspaces there are, and each kept thing has some that ask for it.
 */

const SETTINGS = { ...DEFAULTS, profile: 'audit' as const };

type Files = ReadonlyMap<string, string>;

const WORKSPACES: readonly Files[] = workspaceRules
  .flatMap((rule) => textsOf(rule))
  .filter((source) => source.length < 8000 && source.includes('\n---\n'))
  .map((source) => new Map(fixture(source).files.map(({ name, text }) => [`file:///w/${name}`, text])));

const DOCUMENTS: readonly string[] = [
  ...new Set(WORKSPACES.flatMap((files) => [...files.values()].flatMap((text) => text.split(/^---$/m)))),
];

/** Words that stand for each other: with another one the document still says something, mostly something else. */
const WORDS: readonly (readonly string[])[] = [
  ['Deny', 'Accept', 'Pass', 'Allow'],
  ['Admin', 'Baseline'],
  ['Ingress', 'Egress'],
  ['In', 'NotIn', 'Exists'],
  ['TCP', 'UDP'],
  ['80', '443', '8080', '5432', '53', '9090', '10', '20'],
  ['web', 'db', 'api', 'front', 'shop', 'data', 'ops', 'monitoring'],
];

const KNOWN = new RegExp(`\\b(?:${WORDS.flat().join('|')})\\b`, 'g');

/** A change of one of the files; numbers choose, modulo what there is to choose from. */
type Step =
  | { readonly kind: 'word'; readonly file: number; readonly at: number; readonly other: number }
  | { readonly kind: 'cut' | 'double'; readonly file: number; readonly at: number; readonly lines: number }
  | { readonly kind: 'add'; readonly file: number; readonly document: number }
  | { readonly kind: 'gone'; readonly file: number }
  | { readonly kind: 'back'; readonly file: number };

const file = fc.nat(4);
const at = fc.nat();
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('word' as const),
      file,
      at,
      other: at,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'double' as const), file, at, lines: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), file, document: at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('gone' as const, 'back' as const), file }) },
);

test('after any sequence of edits all findings, with their places and fixes, are those of a fresh start', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 2 }), fc.array(step, { minLength: 1, maxLength: 6 }), (chosen, steps) => {
      const files: Files = new Map(chosen.flatMap((one) => [...(WORKSPACES[one % WORKSPACES.length] ?? [])]));
      let snapshot = startedWith(files);
      findings(snapshot, files);
      for (const one of steps) {
        snapshot = after(snapshot, files, one);
        const now = new Map([...files.keys()].flatMap((uri) => textAt(snapshot, uri).map((text): [string, string] => [uri, text])));
        expect(findings(snapshot, files)).toEqual(findings(startedWith(now), files));
      }
    }),
    { numRuns: 60 },
  );
});

test('two policies that cover a third together no longer do once the second is edited', () => {
  const guard = (name: string, priority: number, start: number, end: number): string =>
    `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec:
  tier: Admin
  priority: ${priority}
  subject: {namespaces: {}}
  ingress:
  - action: Deny
    from: [{namespaces: {}}]
    protocols: [{tcp: {destinationPort: {range: {start: ${start}, end: ${end}}}}}]
`;
  const texts = [guard('low', 1, 1, 100), guard('high', 2, 101, 200), guard('both', 3, 1, 200)];
  const before: Files = new Map([['file:///w/a.yaml', texts.join('---\n')]]);
  const text = texts.join('---\n').replace('end: 200', 'end: 150');
  const started = startedWith(before);
  expect(JSON.stringify(findings(started, before))).toContain('shadowed-by-policy');
  const at = text.indexOf('end: 150') + 5;
  const edited = withEdit(started, 'file:///w/a.yaml', { start: at, end: at + 3, text: '150' });
  expect(JSON.stringify(findings(edited, before))).not.toContain('shadowed-by-policy');
  expect(findings(edited, before)).toEqual(findings(startedWith(new Map([['file:///w/a.yaml', text]])), before));
});

function startedWith(files: Files): Snapshot {
  const changes = [...files].map(([uri, text]) => ({ uri, file: sourceFile(text), keepTrees: true }));
  return withFiles(emptySnapshot({ folders: ['file:///w'], clusters: {} }), changes);
}

function textAt(snapshot: Snapshot, uri: string): readonly string[] {
  const found = fileAt(snapshot, uri);
  return found ? [textOf(found)] : [];
}

function after(snapshot: Snapshot, files: Files, one: Step): Snapshot {
  const [uri, first] = [...files][one.file % files.size] ?? ['', ''];
  const [text] = textAt(snapshot, uri);
  if (one.kind === 'gone') return withFile(snapshot, uri, undefined);
  if (one.kind === 'back') return withFile(snapshot, uri, sourceFile(first));
  if (text === undefined) return withFile(snapshot, uri, sourceFile(first));
  if (one.kind === 'add') {
    const added = `---\n${(DOCUMENTS[one.document % DOCUMENTS.length] ?? '').trim()}\n`;
    return withEdit(snapshot, uri, {
      start: text.length,
      end: text.length,
      text: text === '' || text.endsWith('\n') ? added : `\n${added}`,
    });
  }
  const words = [...text.matchAll(one.kind === 'word' ? KNOWN : /^.*\n/gm)];
  const from = words[one.at % Math.max(1, words.length)];
  if (!from) return snapshot;
  const start = from.index;
  if (one.kind === 'word') {
    const others = WORDS.find((some) => some.includes(from[0]))?.filter((word) => word !== from[0]) ?? [];
    return withEdit(snapshot, uri, { start, end: start + from[0].length, text: others[one.other % others.length] ?? '' });
  }
  const lines = words.slice(words.indexOf(from), words.indexOf(from) + 1 + one.lines).map(([line]) => line);
  const end = start + lines.join('').length;
  return withEdit(snapshot, uri, one.kind === 'cut' ? { start, end, text: '' } : { start: end, end, text: lines.join('') });
}

/** All that is said of a workspace, with the places of other manifests as they would be shown. */
function findings(snapshot: Snapshot, files: Files): unknown {
  const onFault = (rule: string, fault: unknown): never => {
    throw new Error(`${rule} fails`, { cause: fault });
  };
  return [...files.keys()].map((uri) => {
    const known = fileAt(snapshot, uri);
    const own = known ? finished(diagnose(known, { uri, settings: SETTINGS, partial: false })) : [];
    return [...own, ...finished(diagnoseWorkspace(snapshot, uri, SETTINGS, onFault))].map(({ place, finding }) => ({
      start: place.start,
      ...finding,
      related: finding.related.map((related) => ({ ...related, ...shownAt(snapshot, related.key, related.path) })),
    }));
  });
}

function shownAt(snapshot: Snapshot, key: string | undefined, path: readonly (string | number)[]): object {
  if (key === undefined) return {};
  const found = locate(snapshot, key, path);
  // A place that cannot be shown is a fault whatever a fresh start says.
  if (!found) throw new Error(`no place for ${key}`);
  return { shown: found.span, in: found.uri };
}
