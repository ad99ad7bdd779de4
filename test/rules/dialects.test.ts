import { expect, test, vi } from 'vitest';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { clusterOf } from '../eval/cluster.ts';
import { corpus, hasFields, isTexts } from '../corpus.ts';
import { findingsIn } from './findings.ts';

// Hundreds of documents, on machines that do other things beside.
vi.setConfig({ testTimeout: 120_000 });

/** Of each API, how many verdicts about its manifests agree with the API server and the controller (test/corpus/README.md), and how many there are. */
const AGREEING: Readonly<Record<string, { readonly right: number; readonly all: number }>> = {
  cilium: { right: 201, all: 201 },
  calico: { right: 202, all: 202 },
  antrea: { right: 178, all: 178 },
};

const manifests = corpus('dialects').filter(isManifest).filter(isJudged);

test.each(Object.entries(AGREEING))('manifests of %s: so many verdicts agree, and nothing valid is rejected', (dialect, { right, all }) => {
  const own = manifests.filter((one) => one.dialect === dialect);
  const wrong = own.filter((one) => isRejected(one) !== rejects(one.yaml));
  expect(own.length).toBe(all);
  expect(wrong.filter((one) => !isRejected(one)).map(({ id }) => id)).toEqual([]);
  expect(all - wrong.length, wrong.map(({ id }) => id).join(' ')).toBeGreaterThanOrEqual(right);
});

test('what only Cilium rejects is told from what the API server rejects', () => {
  const own = manifests.filter((one) => one.dialect === 'cilium');
  for (const one of own) {
    const messages = errorsIn(one.yaml).map(({ message }) => message);
    const isStored = messages.some((message) =>
      message.startsWith('The API server accepts this policy, but Cilium rejects it and does not enforce it:'),
    );
    expect(isStored && one.verdict === 'reject', `${one.id}: ${messages.join(' ')}`).toBe(false);
  }
});

test('clusters with policies of other APIs are evaluated without failing', () => {
  const clusters = corpus('connectivity-dialects').filter(isCluster);
  expect(clusters.length).toBeGreaterThan(50);
  for (const { id, files } of clusters) expect(() => [...connections(evaluationOf(clusterOf(files)))], id).not.toThrow();
});

interface Manifest {
  readonly id: string;
  readonly yaml: string;
  readonly dialect: string;
  readonly verdict: string;
  readonly controller?: unknown;
}

/** Never in force: rejected by the API server, or stored and refused by the controller. */
function isRejected({ verdict, controller }: Manifest): boolean {
  return verdict === 'reject' || (hasFields(controller, 'verdict') && controller.verdict === 'reject');
}

function rejects(yaml: string): boolean {
  return errorsIn(yaml).length > 0;
}

function errorsIn(yaml: string): ReturnType<typeof findingsIn> {
  return findingsIn(yaml).filter(({ severity }) => severity === 'error');
}

/** What something fills in later is left alone by design, and whether a tier exists other objects decide. */
function isJudged({ yaml, controller }: Manifest): boolean {
  const isAboutTier = hasFields(controller, 'message') && /^tier [a-z0-9-]+ does not exist/.test(String(controller.message));
  return !/\{\{|\$\{/.test(yaml) && !/^kind:\s*List\s*$/m.test(yaml) && !isAboutTier;
}

function isManifest(value: unknown): value is Manifest {
  return hasFields(value, 'id', 'yaml', 'dialect', 'verdict') && typeof value.id === 'string' && typeof value.yaml === 'string';
}

function isCluster(value: unknown): value is { readonly id: string; readonly files: Readonly<Record<string, string>> } {
  return hasFields(value, 'id', 'files') && typeof value.id === 'string' && isTexts(value.files);
}
