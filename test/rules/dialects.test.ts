import { expect, test } from 'vitest';
import { VENDOR_KINDS } from '../../server/model/kinds.ts';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { clusterOf } from '../eval/cluster.ts';
import { corpus, hasFields, isTexts } from '../corpus.ts';
import { findingsIn } from './findings.ts';

test('manifests of policy APIs that are not read get no findings', () => {
  const judged: readonly string[] = VENDOR_KINDS.map(({ api }) => api);
  const manifests = corpus('dialects')
    .filter(isManifest)
    .filter(({ dialect }) => !judged.includes(dialect));
  expect(manifests.length + judged.length).toBeGreaterThan(0);
  // Without an apiVersion the kind alone says what a document is, and two of the APIs share names with ours.
  const found = manifests.filter(({ yaml }) => /^apiVersion:/m.test(yaml) && findingsIn(yaml).length > 0);
  expect(found.map(({ id }) => id)).toEqual([]);
});

/** Not right yet, by API: nothing may be added here. */
const MISSED: ReadonlyMap<string, readonly string[]> = new Map([
  // The kind CiliumNetworkPolicy in a group of Calico.
  ['calico', ['cal-42ae2ed4fb']],
]);

test.each([...MISSED])('%s: an error for what the API server or the vendor refuses, and for nothing else', (api, missed) => {
  const records = corpus('dialects')
    .filter(isManifest)
    .filter(({ dialect }) => dialect === api);
  expect(records.length).toBeGreaterThan(150);
  const wrong = records.filter(({ yaml, verdict, controller }) => {
    const isRefused = verdict === 'reject' || controller?.verdict === 'reject';
    return findingsIn(yaml).some(({ severity }) => severity === 'error') !== isRefused;
  });
  expect(wrong.map(({ id }) => id)).toEqual(missed);
});

test('clusters with policies of other APIs are evaluated without failing', () => {
  const clusters = corpus('connectivity-dialects').filter(isCluster);
  expect(clusters.length).toBeGreaterThan(50);
  for (const { id, files } of clusters) expect(() => [...connections(evaluationOf(clusterOf(files)))], id).not.toThrow();
});

interface Judged {
  readonly id: string;
  readonly yaml: string;
  readonly dialect: string;
  /** What the API server says. */
  readonly verdict: string;
  /** What the vendor's own checks say of what the API server accepts. */
  readonly controller?: { readonly verdict: string };
}

function isManifest(value: unknown): value is Judged {
  return hasFields(value, 'id', 'yaml', 'dialect') && [value.id, value.yaml, value.dialect].every((text) => typeof text === 'string');
}

function isCluster(value: unknown): value is { readonly id: string; readonly files: Readonly<Record<string, string>> } {
  return hasFields(value, 'id', 'files') && typeof value.id === 'string' && isTexts(value.files);
}
