import { expect, test } from 'vitest';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { rename } from '../../server/features/rename.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { clusterFor, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { checkRename, textAfter, workspaceAt } from '../checks.ts';
import { shopAt } from './shop.ts';

const WEB_POLICY = `podSelector:\n    matchLabels:\n      app: w$0eb`;
const WEB_POD = 'app: w$0eb\n        tier';

test('a label value: pods, their controller, Services and selectors that mean them, and no others', () => {
  checkRename(shopAt(WEB_POLICY), 'shopfront').toMatchInlineSnapshot(`
    "web -> shopfront
    policies.yaml: app: web -> app: shopfront
    policies.yaml: values: [api, "web"] -> values: [api, "shopfront"]
    web.yaml: app: web -> app: shopfront
    web.yaml: app: web -> app: shopfront
    web.yaml: app: web -> app: shopfront"
  `);
  checkRename(shopAt(WEB_POD), 'shopfront').toMatchInlineSnapshot(`
    "web -> shopfront
    policies.yaml: app: web -> app: shopfront
    policies.yaml: values: [api, "web"] -> values: [api, "shopfront"]
    web.yaml: app: web -> app: shopfront
    web.yaml: app: web -> app: shopfront
    web.yaml: app: web -> app: shopfront"
  `);
  checkRename(shopAt(`app: 'w$0eb'`), 'shopfront').toMatchInlineSnapshot(`
    "web -> shopfront
    others.yaml: app: web -> app: shopfront
    policies.yaml: app: 'web' -> app: 'shopfront'"
  `);
});

test('a label key', () => {
  checkRename(shopAt(`app: 'web'`.replace('app', 'a$0pp')), 'app.kubernetes.io/name').toMatchInlineSnapshot(`
    "app -> app.kubernetes.io/name
    others.yaml: app: web -> app.kubernetes.io/name: web
    policies.yaml: app: 'web' -> app.kubernetes.io/name: 'web'"
  `);
  checkRename(shopAt('{a$0pp: api, tier'), 'name').toMatchInlineSnapshot(`
    "app -> name
    others.yaml: labels: {app: api, tier: back} -> labels: {name: api, tier: back}
    policies.yaml: app: web -> name: web
    policies.yaml: - key: app -> - key: name
    policies.yaml: matchLabels: {app: api} -> matchLabels: {name: api}
    web.yaml: app: web -> name: web
    web.yaml: app: web -> name: web
    web.yaml: app: web -> name: web"
  `);
});

test('quotes stay, and come where the new word needs them', () => {
  checkRename(shopAt(WEB_POLICY), 'yes').toMatchInlineSnapshot(`
    "web -> yes
    policies.yaml: app: web -> app: "yes"
    policies.yaml: values: [api, "web"] -> values: [api, "yes"]
    web.yaml: app: web -> app: "yes"
    web.yaml: app: web -> app: "yes"
    web.yaml: app: web -> app: "yes""
  `);
  checkRename(shopAt('{a$0pp: api, tier'), '1').toMatchInlineSnapshot(`
    "app -> 1
    others.yaml: labels: {app: api, tier: back} -> labels: {"1": api, tier: back}
    policies.yaml: app: web -> "1": web
    policies.yaml: - key: app -> - key: "1"
    policies.yaml: matchLabels: {app: api} -> matchLabels: {"1": api}
    web.yaml: app: web -> "1": web
    web.yaml: app: web -> "1": web
    web.yaml: app: web -> "1": web"
  `);
});

test('a label of a namespace', () => {
  const more = (value: string): string => `# file: more.yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [${value}, else]}]}}
`;
  checkRename(shopAt('team: store$0front', more('storefront')), 'front').toMatchInlineSnapshot(`
    "storefront -> front
    more.yaml: subject: {namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [storefront, else]}]}} -> subject: {namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [front, else]}]}}
    namespaces.yaml: team: storefront -> team: front"
  `);
  checkRename(shopAt('te$0am: storefront', more('storefront')), 'owner').toMatchInlineSnapshot(`
    "team -> owner
    more.yaml: subject: {namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [storefront, else]}]}} -> subject: {namespaces: {matchExpressions: [{key: owner, operator: NotIn, values: [storefront, else]}]}}
    namespaces.yaml: team: storefront -> owner: storefront
    namespaces.yaml: team: data -> owner: data"
  `);
});

test('a namespace: its manifest, all that lives in it, and all who ask for it', () => {
  const config =
    '# file: config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: data}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: data}\n';
  checkRename(shopAt('kubernetes.io/metadata.name: d$0ata', config), 'storage').toMatchInlineSnapshot(`
    "data -> storage
    config.yaml: metadata: {name: c, namespace: data} -> metadata: {name: c, namespace: storage}
    config.yaml: metadata: {name: p, namespace: data} -> metadata: {name: p, namespace: storage}
    namespaces.yaml: name: data -> name: storage
    others.yaml: namespace: data -> namespace: storage
    policies.yaml: kubernetes.io/metadata.name: data -> kubernetes.io/metadata.name: storage"
  `);
});

test('a port: container, probes, rules and Services', () => {
  checkRename(shopAt('targetPort: ht$0tp'), 'web').toMatchInlineSnapshot(`
    "http -> web
    policies.yaml: - port: http -> - port: web
    web.yaml: - name: http -> - name: web
    web.yaml: port: http -> port: web
    web.yaml: targetPort: http -> targetPort: web"
  `);
  checkRename(shopAt(`app: 'web'\n    ports:\n    - port: ht$0tp`), 'web').toMatchInlineSnapshot(`
    "http -> web
    others.yaml: - name: http -> - name: web
    policies.yaml: - port: http -> - port: web"
  `);
});

test('a name that is no name there', () => {
  checkRename(shopAt(WEB_POLICY), 'not so').toMatchInlineSnapshot(
    `"refused: 'not so' cannot be a label value: at most 63 letters, digits, dashes, underscores and dots, starting and ending with a letter or digit."`,
  );
  checkRename(shopAt('{a$0pp: api, tier'), '-app').toMatchInlineSnapshot(
    `"refused: '-app' cannot be a label key: at most 63 letters, digits, dashes, underscores and dots, starting and ending with a letter or digit, optionally with a domain and a slash before it."`,
  );
  checkRename(shopAt('targetPort: ht$0tp'), '8080').toMatchInlineSnapshot(
    `"refused: '8080' cannot be the name of a port: at most 15 lowercase letters, digits and single dashes, with at least one letter."`,
  );
  checkRename(shopAt('kubernetes.io/metadata.name: d$0ata'), 'Data').toMatchInlineSnapshot(
    `"refused: 'Data' cannot be the name of a namespace: at most 63 lowercase letters, digits and dashes, starting and ending with a letter or digit."`,
  );
});

test('a name that is taken', () => {
  checkRename(shopAt(WEB_POLICY), 'api').toMatchInlineSnapshot(
    `"refused: NetworkPolicy 'shop/api-to-data' would then select Deployment 'shop/web'. Choose a name that is not in use."`,
  );
  checkRename(shopAt('{a$0pp: api, tier'), 'tier').toMatchInlineSnapshot(`"refused: Pod 'shop/api' has a label 'tier' already."`);
  checkRename(shopAt('targetPort: ht$0tp'), 'metrics').toMatchInlineSnapshot(
    `"refused: Deployment 'shop/web' already has a port named 'metrics'."`,
  );
  checkRename(shopAt('kubernetes.io/metadata.name: d$0ata'), 'shop').toMatchInlineSnapshot(
    `"refused: A namespace 'shop' already exists, and the two would become one."`,
  );
});

test('what cannot be renamed here, and why', () => {
  checkRename(shopAt('kind: Serv$0ice'), 'x').toMatchInlineSnapshot(
    `"refused: Only labels, names of namespaces and names of ports can be renamed."`,
  );
  checkRename(shopAt('containerPort: 80$080'), '1').toMatchInlineSnapshot(
    `"refused: A port number is chosen by the program that listens on it. Only names of ports can be renamed."`,
  );
  checkRename(shopAt('kubernetes.io/meta$0data.name: data'), 'x').toMatchInlineSnapshot(
    `"refused: Kubernetes itself puts this label on every namespace, so its key cannot be renamed."`,
  );
  checkRename(
    shopAt(
      'app: g$0one}',
      '# file: m.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec: {podSelector: {matchLabels: {app: gone}}}\n',
    ),
    'x',
  ).toMatchInlineSnapshot(
    `"refused: Nothing in this workspace that the selector could select has the label 'app=gone'. Renaming only this reference would change what is selected."`,
  );
  checkRename(
    '# file: n.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: sh$0op}\nspec: {podSelector: {}}\n',
    'x',
  ).toMatchInlineSnapshot(
    `"refused: The namespace 'shop' is not defined in this workspace. Renaming only this reference would select another namespace."`,
  );
  checkRename('# file: n.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: def$0ault}\n', 'x').toMatchInlineSnapshot(
    `"refused: Every cluster has the namespace 'default'; it cannot be renamed."`,
  );
  checkRename('# file: n.yaml\napiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {rack: a$01}}\n', 'x').toMatchInlineSnapshot(
    `"refused: Nodes get their labels in the cluster, not from these files. Rename them there."`,
  );
});

const pod = (name: string, labels: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {${labels}}}\n---\n`;
const policy = (labels: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec: {podSelector: {matchLabels: {${labels}}}}\n`;

test('templates, anchors and kustomizations are left alone', () => {
  checkRename(`# file: a.yaml\n${policy('app: "{{ .Val$0ues.app }}"')}`, 'x').toMatchInlineSnapshot(
    `"refused: A template sets this value. Rename it where the template gets it."`,
  );
  checkRename(
    `# file: a.yaml\n${pod('p', 'app: web')}${pod('q', 'app: web, "{{ .Values.x }}": y')}${policy('app: we$0b')}`,
    'x',
  ).toMatchInlineSnapshot(`"refused: Pod 'shop/q' in a.yaml has 'web' too, but part of it cannot be read. Rename it by hand."`);
  checkRename(`# file: a.yaml\n${pod('p', 'app: &a web, b: *a')}${policy('app: we$0b')}`, 'x').toMatchInlineSnapshot(
    `"refused: In a.yaml an anchor shares 'web' with other fields. Write it out there first."`,
  );
  checkRename(
    `# file: kustomization.yaml\nresources: [a.yaml]\nlabels: [{pairs: {app: web}, includeSelectors: true}]\n# file: a.yaml\n${pod('p', 'app: web')}${policy('app: we$0b')}`,
    'x',
  ).toMatchInlineSnapshot(`"refused: A kustomization replaces this value with 'web'. Rename it there."`);
  checkRename(
    `# file: kustomization.yaml\nresources: [a.yaml]\nnamespace: prod\n# file: a.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: pr$0od}\n---\n${pod('p', 'app: web')}`,
    'x',
  ).toMatchInlineSnapshot(`
    "prod -> x
    a.yaml: metadata: {name: prod} -> metadata: {name: x}
    kustomization.yaml: namespace: prod -> namespace: x"
  `);
});

test('a map shared by an anchor is one place, if all its uses mean the same', () => {
  const deployment = `# file: a.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: &labels
    app: web
spec:
  selector: {matchLabels: *labels}
  template: {metadata: {labels: *labels}}
---
`;
  checkRename(deployment + policy('app: we$0b'), 'front').toMatchInlineSnapshot(`
    "web -> front
    a.yaml: app: web -> app: front
    a.yaml: spec: {podSelector: {matchLabels: {app: web}}} -> spec: {podSelector: {matchLabels: {app: front}}}"
  `);
});

test('a base of two overlays: what is tied to it in either', () => {
  checkRename(
    `# file: base/kustomization.yaml\nresources: [pod.yaml]\n# file: base/pod.yaml\n${pod('p', 'app: we$0b')}` +
      ['prod', 'test']
        .map(
          (one) =>
            `# file: ${one}/kustomization.yaml\nresources: [../base, policy.yaml]\n# file: ${one}/policy.yaml\n${policy('app: web')}`,
        )
        .join(''),
    'front',
  ).toMatchInlineSnapshot(`
    "web -> front
    base/pod.yaml: metadata: {name: p, namespace: shop, labels: {app: web}} -> metadata: {name: p, namespace: shop, labels: {app: front}}
    prod/policy.yaml: spec: {podSelector: {matchLabels: {app: web}}} -> spec: {podSelector: {matchLabels: {app: front}}}
    test/policy.yaml: spec: {podSelector: {matchLabels: {app: web}}} -> spec: {podSelector: {matchLabels: {app: front}}}"
  `);
});

test('Lists and JSON', () => {
  checkRename(
    `# file: a.json\n{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "namespace": "shop", "labels": {"app": "web"}}}]}\n# file: b.yaml\n${policy('app: we$0b')}`,
    'x',
  ).toMatchInlineSnapshot(`
    "web -> x
    a.json: {"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "namespace": "shop", "labels": {"app": "web"}}}]} -> {"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "namespace": "shop", "labels": {"app": "x"}}}]}
    b.yaml: spec: {podSelector: {matchLabels: {app: web}}} -> spec: {podSelector: {matchLabels: {app: x}}}"
  `);
});

/** The verdicts of all pairs, as numbers of classes and what passes between them. */
function verdictsOf(snapshot: Snapshot): unknown {
  const { space, outcome, combine } = evaluationOf(clusterFor(snapshot, 'file:///workspace/policies.yaml'));
  const size = space.classes.length;
  return space.classes.flatMap(({ members }, i) =>
    members.map(({ name }) => [name, Array.from({ length: size }, (_, j) => combine(outcome('egress', i, j), outcome('ingress', j, i)))]),
  );
}

test.each([
  WEB_POLICY,
  WEB_POD,
  `app: 'w$0eb'`,
  '{a$0pp: api, tier',
  'targetPort: ht$0tp',
  'team: store$0front',
  'kubernetes.io/metadata.name: d$0ata',
])('renaming at %s changes no verdict', (marked) => {
  const { context, cursor } = workspaceAt(shopAt(marked));
  const renamed = rename(context, cursor, 'renamed');
  expect(renamed.ok).toBe(true);
  const files = renamed.ok ? renamed.files : [];
  expect(files.length).toBeGreaterThan(0);
  const after = withFiles(
    context.snapshot,
    files.map((one) => ({ uri: one.uri, file: sourceFile(textAfter(one)), keepTrees: true })),
  );
  expect(verdictsOf(after)).toEqual(verdictsOf(context.snapshot));
});

test('of two equal keys only the last names something; what a kustomization replaces is named there', () => {
  checkRename(`# file: a.yaml\n${pod('p', 'app: web')}${policy('app: we$0b, app: web')}`, 'x').toMatchInlineSnapshot(
    `"refused: Only labels, names of namespaces and names of ports can be renamed."`,
  );
  checkRename(
    `# file: kustomization.yaml\nresources: [a.yaml]\nnamespace: prod\n# file: a.yaml\n${pod('p', 'app: web').replace('shop', 'sh$0op')}`,
    'x',
  ).toMatchInlineSnapshot(`"refused: A kustomization replaces this value with 'prod'. Rename it there."`);
});
