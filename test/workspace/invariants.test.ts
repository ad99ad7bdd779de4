import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { locate } from '../../server/workspace/locate.ts';
import {
  allUniverses,
  cluster,
  emptySnapshot,
  fileAt,
  withEdit,
  withFile,
  withFiles,
  type Snapshot,
} from '../../server/workspace/snapshot.ts';
import { answersOf, FOLDER } from './making.ts';

const URIS = ['a.yaml', 'b.yaml', 'dev/c.yaml', 'dev/kustomization.yaml', 'base/kustomization.yaml', 'base/d.json'].map(
  (name) => `${FOLDER}/${name}`,
);
const SCOPE = { folders: [FOLDER], clusters: {} };

const MANIFESTS = [
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}}\n',
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}\n',
  'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}}\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p1, namespace: shop, labels: {app: web}, ownerReferences: [{controller: true, kind: ReplicaSet, name: web}]}\nstatus: {podIP: 10.0.0.1}\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p2, namespace: shop, labels: {app: web}, ownerReferences: [{controller: true, kind: ReplicaSet, name: web}]}\nstatus: {podIP: 10.0.0.2}\n',
  'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web, namespace: shop}\nspec: {template: {metadata: {labels: {app: web}}}}\n',
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: ops}}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n',
  'apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: l1}\n- metadata: {name: l2}\n',
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n',
  'apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: all, namespace: shop}\nspec: {selector: {}, podMetricsEndpoints: [{port: http}]}\n',
  'kind: ConfigMap\n',
  'resources: [c.yaml, ../base]\nnamespace: dev\n',
  'resources: [d.json]\ncommonLabels: {part: x}\npatches: [{path: c.yaml}]\n',
  'a: {{ .Values.x }}\nkind: Pod\n',
];

type Operation =
  | { readonly kind: 'set'; readonly uri: string; readonly parts: readonly string[] }
  | { readonly kind: 'remove'; readonly uri: string }
  | { readonly kind: 'edit'; readonly uri: string; readonly at: number; readonly length: number; readonly text: string };

const uri = fc.constantFrom(...URIS);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), uri, parts: fc.array(fc.constantFrom(...MANIFESTS), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('remove' as const), uri }),
  fc.record({
    kind: fc.constant('edit' as const),
    uri,
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(30),
    text: fc.oneof(fc.constantFrom('', '---\n', 'x', '\n', '# c\n', 'name: q', ...MANIFESTS), fc.string({ maxLength: 5 })),
  }),
);

function apply(snapshot: Snapshot, one: Operation): Snapshot {
  if (one.kind === 'remove') return withFile(snapshot, one.uri, undefined);
  if (one.kind === 'set') return withFile(snapshot, one.uri, sourceFile(one.parts.join('---\n')), one.parts.length % 2 === 0);
  const length = textOf(fileAt(snapshot, one.uri) ?? sourceFile('')).length;
  const start = Math.floor(one.at * length);
  return withEdit(snapshot, one.uri, { start, end: Math.min(length, start + one.length), text: one.text });
}

function fresh(snapshot: Snapshot): Snapshot {
  const changes = URIS.flatMap((each) => {
    const file = fileAt(snapshot, each);
    return file ? [{ uri: each, file: sourceFile(textOf(file)) }] : [];
  });
  return withFiles(emptySnapshot(SCOPE), changes);
}

test('after any sequence of changes the answers are those of a fresh start, and older snapshots keep theirs', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
      let snapshot = emptySnapshot(SCOPE);
      const history: { readonly snapshot: Snapshot; readonly answers: string }[] = [];
      for (const one of operations) {
        snapshot = apply(snapshot, one);
        const answers = JSON.stringify(answersOf(snapshot, URIS));
        expect(answers).toBe(JSON.stringify(answersOf(fresh(snapshot), URIS)));
        history.push({ snapshot, answers });
      }
      for (const { snapshot: old, answers } of history) expect(JSON.stringify(answersOf(old, URIS))).toBe(answers);
    }),
    { numRuns: 60 },
  );
});

test('every key leads to a place in its file, and no two manifests of a cluster have the same key', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
      const snapshot = operations.reduce(apply, emptySnapshot(SCOPE));
      for (const id of allUniverses(snapshot)) {
        const { policies, workloads, services, nodes } = cluster(snapshot, id);
        const keys = [...policies, ...workloads, ...services, ...nodes].map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) {
          const found = locate(snapshot, key, ['metadata', 'name']);
          const length = textOf(found?.file ?? sourceFile('')).length;
          expect(found && found.span.start >= 0 && found.span.end <= length).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('no beginning of any manifest, alone or as a kustomization, makes it fail', () => {
  for (const text of MANIFESTS) {
    for (let end = 0; end <= text.length; end++) {
      const files = [URIS[0], URIS[3]].flatMap((each) => (each === undefined ? [] : [{ uri: each, file: sourceFile(text.slice(0, end)) }]));
      expect(() => answersOf(withFiles(emptySnapshot(SCOPE), files), [])).not.toThrow();
    }
  }
});
