import { expect, test } from 'vitest';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { clusterOf } from '../eval/cluster.ts';
import { corpus, hasFields, isTexts } from '../corpus.ts';
import { findingsIn } from './findings.ts';

test('manifests of policy APIs that are not read get no findings', () => {
  const manifests = corpus('dialects').filter(isManifest);
  expect(manifests.length).toBeGreaterThan(100);
  // Without an apiVersion the kind alone says what a document is, and two of the APIs share names with ours.
  const found = manifests.filter(({ yaml }) => /^apiVersion:/m.test(yaml) && findingsIn(yaml).length > 0);
  expect(found.map(({ id }) => id)).toEqual([]);
});

test('clusters with policies of other APIs are evaluated without failing', () => {
  const clusters = corpus('connectivity-dialects').filter(isCluster);
  expect(clusters.length).toBeGreaterThan(50);
  for (const { id, files } of clusters) expect(() => [...connections(evaluationOf(clusterOf(files)))], id).not.toThrow();
});

function isManifest(value: unknown): value is { readonly id: string; readonly yaml: string } {
  return hasFields(value, 'id', 'yaml') && typeof value.id === 'string' && typeof value.yaml === 'string';
}

function isCluster(value: unknown): value is { readonly id: string; readonly files: Readonly<Record<string, string>> } {
  return hasFields(value, 'id', 'files') && typeof value.id === 'string' && isTexts(value.files);
}
