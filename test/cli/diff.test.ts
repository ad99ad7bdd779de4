import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol, write, folder } = scratch();

const pod = (name: string, namespace: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: main, image: x}]}
`;

const PODS = [pod('db', 'data'), pod('api', 'payments'), pod('job', 'payments'), pod('web', 'shop')].join('---\n');

const dbFrom = (namespace: string): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}
    ports:
    - port: 5432
`;

const EGRESS_NONE = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {}
  policyTypes: [Egress]
`;

test('one line says who can reach what no longer, and which rule decides', async () => {
  write('old/all.yaml', PODS + dbFrom('payments'));
  write('new/all.yaml', PODS + dbFrom('shop'));
  expect((await netpol('diff old new')).out).toMatchInlineSnapshot(`
    "From old to new: 1 connection allowed and 2 denied.

    Cluster ./: 1 connection allowed and 2 denied.
      + shop/web can now reach data/db on TCP 5432.
          allowed by data/db, spec.ingress[0] (new/all.yaml:27)
          was isolated by data/db (old/all.yaml:27)
      - payments/* can no longer reach data/db on TCP 5432.
          isolated by data/db (new/all.yaml:27)
    "
  `);
});

test('the same as Markdown, for a pull request, with nothing in it that a name can break', async () => {
  write('old/all.yaml', PODS + dbFrom('payments'));
  write('new/all.yaml', PODS);
  expect((await netpol('diff old new --format md')).out).toMatchInlineSnapshot(`
    "## Network policy changes

    From old to new: 4 connections allowed.

    ### Cluster \`./\`: 4 connections allowed.

    - **Allowed**: any address and shop/web can now reach data/db on all traffic.
      - was isolated by data/db (old/all.yaml:27)
    - **Allowed**: payments/\\* can now reach data/db on all TCP ports except 5432, all UDP ports and all SCTP ports.
      - was isolated by data/db (old/all.yaml:27)
    "
  `);
});

test('addresses outside the cluster are compared range by range', async () => {
  write('old/all.yaml', pod('db', 'data'));
  write('new/all.yaml', pod('db', 'data') + EGRESS_NONE);
  expect((await netpol('diff old new')).out).toMatchInlineSnapshot(`
    "From old to new: 1 connection denied.

    Cluster ./: 1 connection denied.
      - data/db can no longer reach any address on all traffic.
          isolated by data/db (new/all.yaml:10)
    "
  `);
});

test('as JSON each connection has the rules that decide, with their places', async () => {
  write('old/all.yaml', PODS + dbFrom('payments'));
  write('new/all.yaml', PODS + dbFrom('shop'));
  const found: unknown = JSON.parse((await netpol('diff old new --format json')).out);
  const now = { policy: 'data/db', file: 'new/all.yaml' };
  expect(found).toMatchObject({
    problems: [],
    clusters: [
      {
        cluster: './',
        status: 'both',
        unknown: [],
        allowed: [
          {
            src: 'shop/web[Pod]',
            dst: 'data/db[Pod]',
            protocol: 'TCP',
            ports: [[5432, 5432]],
            because: [
              { ...now, rule: 'spec.ingress[0]' },
              { policy: 'data/db', file: 'old/all.yaml', state: 'old' },
            ],
          },
        ],
        denied: [
          { src: 'payments/api[Pod]', because: [now] },
          { src: 'payments/job[Pod]', because: [now] },
        ],
      },
    ],
  });
});

test('--fail-on makes it a check', async () => {
  write('old/all.yaml', PODS + dbFrom('payments'));
  write('new/all.yaml', PODS);
  expect((await netpol('diff old new --fail-on denied')).status).toBe(0);
  expect((await netpol('diff old new --fail-on allowed')).status).toBe(1);
  expect((await netpol('diff old old --fail-on any')).status).toBe(0);
});

test('clusters that only one state has, workloads that come and go, and what cannot be parsed are named; the rest is compared', async () => {
  write('old/a/kustomization.yaml', 'resources: [all.yaml]');
  write('old/a/all.yaml', PODS + dbFrom('payments'));
  write('old/gone/kustomization.yaml', 'resources: [pod.yaml]');
  write('old/gone/pod.yaml', pod('x', 'y'));
  write('new/a/kustomization.yaml', 'resources: [all.yaml]');
  write('new/a/all.yaml', PODS.replaceAll('job', 'worker') + dbFrom('shop'));
  write('new/fresh/kustomization.yaml', 'resources: [pod.yaml]');
  write('new/fresh/pod.yaml', pod('x', 'y'));
  write('new/fails/kustomization.yaml', 'resources: [missing.yaml]\n');
  write('new/broken.yaml', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a\n');
  expect((await netpol('diff old new')).out).toMatchInlineSnapshot(`
    "From old to new: 8 connections allowed and 1 denied.

    Cluster ./: new, with no workloads.

    Cluster a: 8 connections allowed and 1 denied; new workload payments/worker[Pod]; removed workload payments/job[Pod].
      + any address, data/db, payments/api and shop/web can now reach payments/worker (new) on all traffic.
          allowed by default: no policy decides this connection
      + payments/worker (new) can now reach any address, payments/api and shop/web on all traffic.
          allowed by default: no policy decides this connection
      + shop/web can now reach data/db on TCP 5432.
          allowed by data/db, spec.ingress[0] (new/a/all.yaml:27)
          was isolated by data/db (old/a/all.yaml:27)
      - payments/api can no longer reach data/db on TCP 5432.
          isolated by data/db (new/a/all.yaml:27)

    Cluster fresh: new, with 1 workload.

    Cluster gone: removed.

    Problems:
      'missing.yaml' does not exist. (new/fails/kustomization.yaml)
      The API server rejects NetworkPolicy 'default/a': This '{' is not closed. Add '}' after the last entry. (new/broken.yaml)
    "
  `);
});

function git(...words: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: folder(), stdio: 'ignore' });
}

test('git revisions, and a revision with the folder as it is', async () => {
  write('all.yaml', PODS + dbFrom('payments'));
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  write('all.yaml', PODS + dbFrom('shop'));
  git('commit', '-q', '-a', '-m', 'two');
  expect((await netpol('diff HEAD~1 HEAD')).out).toContain('payments/* can no longer reach data/db on TCP 5432.');
  expect((await netpol('diff HEAD .')).out).toContain('no connection changes');
  write('all.yaml', PODS);
  expect((await netpol('diff HEAD .')).out).toContain('payments/* can now reach data/db');
  expect(await netpol('diff HEAD~9 HEAD')).toMatchObject({ status: 2, err: "netpol: there is no folder and no git revision 'HEAD~9'.\n" });
  expect((await netpol(['diff', '--', '--output=x', 'HEAD'])).status).toBe(2);
});

test('what a kustomization of a revision names is read from that revision', async () => {
  write('base/all.yaml', PODS + dbFrom('payments'));
  write('base/kustomization.yaml', 'resources: [all.yaml]\n');
  write('prod/kustomization.yaml', 'resources: [../base]\npatches: [{path: patch.txt, target: {kind: NetworkPolicy}}]\n');
  write('prod/patch.txt', '[{op: add, path: /spec/policyTypes, value: [Ingress, Egress]}]');
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  write('prod/patch.txt', '[{op: add, path: /spec/policyTypes, value: [Ingress]}]');
  git('commit', '-q', '-a', '-m', 'two');
  const { out } = await netpol('diff HEAD~1 HEAD --cluster prod');
  expect(out).toContain('data/db can now reach');
  expect(out).toContain('was isolated by data/db');
});

test('two words are needed', async () => {
  expect(await netpol('diff HEAD')).toMatchObject({ status: 2, err: 'netpol: name the two folders or git revisions to compare.\n' });
});

test('a renamed workload and a renamed namespace are named, and compared with what they were', async () => {
  const labelled = (name: string, namespace: string, app: string): string => pod(name, namespace).replace(`app: ${name}`, `app: ${app}`);
  write(
    'old/all.yaml',
    [labelled('db', 'data', 'db'), labelled('api', 'payments', 'api'), labelled('job', 'payments', 'job')].join('---\n') +
      dbFrom('payments'),
  );
  write(
    'new/all.yaml',
    [labelled('store', 'data', 'db'), labelled('api', 'billing', 'api'), labelled('job', 'billing', 'job')].join('---\n') +
      dbFrom('payments'),
  );
  const { out } = await netpol('diff old new');
  expect(out).toMatchInlineSnapshot(`
    "From old to new: 2 connections denied.

    Cluster ./: 2 connections denied; namespace payments renamed to billing; workload data/db[Pod] renamed to data/store[Pod].
      - billing/* can no longer reach data/store on TCP 5432.
          isolated by data/db (new/all.yaml:22)
    "
  `);
  const { clusters } = JSON.parse((await netpol('diff old new --format json')).out);
  expect(clusters[0].renamed).toEqual([
    { kind: 'namespace', from: 'payments', to: 'billing' },
    { kind: 'workload', from: 'data/db[Pod]', to: 'data/store[Pod]' },
  ]);
});

test('a policy that changes and selects no pod of the files is named, as what it changes is not known', async () => {
  const helm = (port: number): string =>
    dbFrom('payments').replace('namespace: data}', 'namespace: elsewhere}').replace('5432', String(port));
  write('old/all.yaml', PODS + helm(5432));
  write('new/all.yaml', PODS + helm(5433));
  const { out } = await netpol('diff old new');
  expect(out).toMatchInlineSnapshot(`
    "From old to new: no connection changes.

    Cluster ./: no connection changes; NetworkPolicy elsewhere/db changes, and selects no workload of these files, so what becomes of other pods is not known.
    "
  `);
  expect(JSON.parse((await netpol('diff old new --format json')).out)).toMatchObject({
    clusters: [{ policiesWithoutWorkloads: ['NetworkPolicy elsewhere/db'] }],
  });
});

test('clusters in which nothing changes share one line', async () => {
  for (const state of ['old', 'new'])
    for (const cluster of ['a', 'b', 'c']) {
      write(`${state}/${cluster}/kustomization.yaml`, 'resources: [all.yaml]\n');
      write(`${state}/${cluster}/all.yaml`, PODS + (cluster === 'b' && state === 'new' ? dbFrom('shop') : dbFrom('payments')));
    }
  const { out } = await netpol('diff old new');
  expect(out.split('\n').filter((line) => /^(From|Cluster|No)/.test(line))).toMatchInlineSnapshot(`
    [
      "From old to new: 1 connection allowed and 2 denied in 1 of 3 clusters.",
      "Cluster b: 1 connection allowed and 2 denied.",
      "No changes in clusters a and c.",
    ]
  `);
});
