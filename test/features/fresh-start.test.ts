import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { unknownConnections } from '../../server/eval/unknown-connections.ts';
import { codeLenses, lensText } from '../../server/features/code-lens.ts';
import type { FeatureContext } from '../../server/features/context.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseBuilt } from '../../server/features/diagnose-built.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { hover } from '../../server/features/hover.ts';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { edit, sourceFile, textOf, type SourceFile } from '../../server/syntax/source-file.ts';
import type { Scope } from '../../server/workspace/clusters.ts';
import {
  allUniverses,
  cluster,
  emptySnapshot,
  fileAt,
  withFile,
  withFiles,
  withScope,
  type Snapshot,
} from '../../server/workspace/snapshot.ts';

/*
 * After any sequence of edits, file events, settings and cluster changes, whatever is told is what a fresh start on the final state tells:
 * findings, hovers, lenses and verdicts.
 */

const FOLDER = 'file:///work';
const URIS = ['policies.yaml', 'pods.yaml', 'other/all.yaml', 'dev/kustomization.yaml', 'dev/patch.yaml'].map(
  (name) => `${FOLDER}/${name}`,
);

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec:\n${spec}`;
const pod = (name: string, labels: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: {${labels}}\nspec:\n  containers:\n  - {name: main, image: example/app, ports: [{name: http, containerPort: 80}]}\n`;

const MANIFESTS = [
  policy('deny', '  podSelector: {}\n  policyTypes: [Ingress, Egress]\n'),
  policy(
    'web',
    '  podSelector: {matchLabels: {app: web}}\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: client\n    ports:\n    - port: http\n',
  ),
  policy(
    'near',
    '  podSelector: {matchLabels: {app: wbe}}\n  egress:\n  - to:\n    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}\n    - namespaceSelector: {matchLabels: {team: ops}}\n',
  ),
  policy(
    'again',
    '  podSelector: {matchLabels: {app: web}}\n  ingress:\n  - from: [{podSelector: {matchLabels: {app: client}}}]\n  - {}\n',
  ),
  'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec:\n  tier: Admin\n  priority: 5\n  subject: {namespaces: {}}\n  ingress:\n  - action: Deny\n    from: [{namespaces: {matchLabels: {team: ops}}}]\n',
  'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: tie}\nspec:\n  tier: Admin\n  priority: 5\n  subject: {namespaces: {}}\n  ingress:\n  - action: Accept\n    from: [{namespaces: {}}]\n',
  'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\nspec:\n  endpointSelector: {matchLabels: {app: web}}\n  ingress:\n  - fromEndpoints: [{matchLabels: {app: client}}]\n',
  pod('web', 'app: web'),
  pod('client', 'app: client'),
  pod('ops', 'app: ops, team: ops'),
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: ops}}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n',
  '# expect: shop/client -> shop/web TCP/80 allow\n',
  'resources: [../policies.yaml, ../pods.yaml]\npatches: [{path: patch.yaml}]\n',
  policy('web', '  podSelector: {matchLabels: {app: client}}\n'),
];

const GLOBS: readonly Scope['clusters'][] = [{}, { all: ['**'] }, { one: ['*.yaml'], two: ['other/**'] }];

type Operation =
  | { readonly kind: 'set'; readonly uri: string; readonly parts: readonly string[]; readonly open: boolean }
  | { readonly kind: 'remove'; readonly uri: string }
  | { readonly kind: 'edit'; readonly uri: string; readonly at: number; readonly length: number; readonly text: string }
  | {
      readonly kind: 'settings';
      readonly profile: Settings['profile'];
      readonly version: string;
      readonly allIngress: 'off' | 'error' | undefined;
    }
  | { readonly kind: 'clusters'; readonly globs: Scope['clusters']; readonly cni: Settings['cni'] };

const uri = fc.constantFrom(...URIS);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      uri,
      parts: fc.array(fc.constantFrom(...MANIFESTS), { minLength: 1, maxLength: 6 }),
      open: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), uri }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      uri,
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.oneof(fc.constant(0), fc.nat(12)),
      text: fc.constantFrom('', 'x', '\n', '"', '---\n', '# netpol-ignore: near-miss-label\n', ', a: b', '  ', ...MANIFESTS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('settings' as const),
      profile: fc.constantFrom('relaxed' as const, 'recommended' as const, 'audit' as const),
      version: fc.constantFrom('1.30', '1.36'),
      allIngress: fc.constantFrom('off' as const, 'error' as const, undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clusters' as const),
      globs: fc.constantFrom(...GLOBS),
      cni: fc.constantFrom('auto' as const, 'cilium' as const, 'kubernetes' as const),
    }),
  },
);

/** What a session has come to. */
interface Session {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly scope: Scope;
  /** The files that are open in the editor. */
  readonly open: ReadonlySet<string>;
}

const START: Session = {
  snapshot: emptySnapshot({ folders: [FOLDER], clusters: {} }),
  settings: { ...DEFAULTS, profile: 'audit' },
  scope: { folders: [FOLDER], clusters: {} },
  open: new Set(),
};

function after(session: Session, one: Operation): Session {
  const { snapshot, settings, scope, open } = session;
  switch (one.kind) {
    case 'set':
      return {
        ...session,
        snapshot: withFile(snapshot, one.uri, sourceFile(one.parts.join('---\n')), one.open),
        open: new Set([...open].filter((each) => each !== one.uri).concat(one.open ? [one.uri] : [])),
      };
    case 'remove':
      return { ...session, snapshot: withFile(snapshot, one.uri, undefined) };
    case 'edit': {
      const file = fileAt(snapshot, one.uri) ?? sourceFile('');
      const { length } = textOf(file);
      const start = Math.floor(one.at * length);
      return {
        ...session,
        open: new Set([...open, one.uri]),
        snapshot: withFile(snapshot, one.uri, edit(file, { start, end: Math.min(length, start + one.length), text: one.text })),
      };
    }
    case 'settings': {
      const rules = one.allIngress === undefined ? {} : { 'allow-all-ingress': one.allIngress };
      return { ...session, settings: { ...settings, profile: one.profile, kubernetesVersion: one.version, rules } };
    }
    case 'clusters': {
      const changed = { ...scope, clusters: one.globs, cni: one.cni };
      return {
        ...session,
        settings: { ...settings, clusters: one.globs, cni: one.cni },
        scope: changed,
        snapshot: withScope(snapshot, changed),
      };
    }
  }
}

function fresh({ snapshot, settings, scope, open }: Session): Session {
  const changes = URIS.flatMap((each) => {
    const file = fileAt(snapshot, each);
    return file ? [{ uri: each, file: sourceFile(textOf(file)), keepTrees: open.has(each) }] : [];
  });
  return { settings, scope, open, snapshot: withFiles(emptySnapshot(scope), changes) };
}

/** All that an editor would show, and all verdicts, as a text. */
function told({ snapshot, settings }: Session): readonly string[] {
  const verdicts = allUniverses(snapshot).flatMap((id) => {
    const evaluation = evaluationOf(cluster(snapshot, id));
    return [...connections(evaluation), ...unknownConnections(evaluation)].map((one) => `${id} ${JSON.stringify(one)}`);
  });
  return [...verdicts, ...URIS.flatMap((each) => toldOf(snapshot, settings, each, fileAt(snapshot, each)))];
}

function toldOf(snapshot: Snapshot, settings: Settings, each: string, file: SourceFile | undefined): readonly string[] {
  if (!file) return [];
  const context: FeatureContext = { uri: each, file, settings, snapshot, snippets: true };
  const local = finished(diagnose(file, { uri: each, settings, partial: false }));
  const findings = [...finished(diagnoseBuilt(snapshot, each, settings, local)), ...finished(diagnoseWorkspace(snapshot, each, settings))];
  const lenses = codeLenses(context).map(({ span, key }) => `${each} lens ${span.start} ${lensText(snapshot, each, key)?.title}`);
  const { length } = textOf(file);
  const offsets = Array.from({ length: 12 }, (_, i) => Math.floor((length * i) / 12));
  return [
    ...findings.map(
      ({ place, finding: { code, severity, message, span } }) => `${each} ${place.start + span.start} ${code} ${severity} ${message}`,
    ),
    ...lenses,
    ...offsets.map((offset) => `${each} hover ${offset} ${hover(context, offset)?.markdown}`),
  ];
}

test('after any sequence of edits, file events, settings and cluster changes, all is told as after a fresh start', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 2, maxLength: 14 }), (operations) => {
      let session = START;
      for (const [i, one] of operations.entries()) {
        session = after(session, one);
        // Asked now and then only, so that what is remembered is of different age.
        if (i % 3 === 1 || i === operations.length - 1) expect(told(session)).toEqual(told(fresh(session)));
      }
    }),
    { numRuns: Number(process.env['NETPOL_SEQUENCES'] ?? 30) },
  );
});
