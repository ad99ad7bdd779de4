import { finished } from '../../server/base/work.ts';
import { expect, test, type Assertion } from 'vitest';
import { refactorings } from '../../server/features/refactor.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { workspaceAt } from '../checks.ts';

/** The rewrites offered at `$0`: the title of each, and the lines of the text that it changes. */
function checkRefactor(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const before = textOf(context.file);
  const shown = finished(refactorings(context, { start: cursor, end: cursor })).map(({ title, edits }) => {
    const after = applyEdits(before, edits).split('\n');
    const old = new Set(before.split('\n'));
    return [title, ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)].join('\n');
  });
  return expect(shown.join('\n') || 'nothing');
}

const WORKLOADS = `# file: pods.yaml
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {team: data}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: data, labels: {app: api}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
`;

const np = (spec: string): string =>
  `# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:\n  podSelector: {matchLabels: {app: web}}\n${spec}`;

const OR = np(`  ingress:
  - from:
    - namespaceSelector:
        matchLabels: {team: data} # their team
    # and of those
    - pod$0Selector:
        matchLabels:
          app: api # the API
    ports:
    - port: 80`);

test('two peers become one, and who loses access is said', () => {
  checkRefactor(WORKLOADS + OR).toMatchInlineSnapshot(`
    "Merge into one peer (AND): 2 workloads lose access (shop/api and data/db)
    +       podSelector:"
  `);
  checkRefactor(WORKLOADS + OR.replace('$0', '').replace('namespaceSelector', 'namespace$0Selector')).toMatchInlineSnapshot(`
    "Merge into one peer (AND): 2 workloads lose access (shop/api and data/db)
    +       podSelector:"
  `);
});

test('without workloads only the change is named', () =>
  checkRefactor(OR).toMatchInlineSnapshot(`
  "Merge into one peer (AND)
  +       podSelector:"
`));

test('one peer becomes two, and who gains access is said', () => {
  checkRefactor(
    WORKLOADS +
      np(`  ingress:
  - from:
    - namespaceSelector: {matchLabels: {team: data}}
      # of those
      pod$0Selector:
        matchLabels: {app: api}`),
  ).toMatchInlineSnapshot(`
    "Split into two peers (OR): 2 workloads gain access (shop/api and data/db)
    +     - podSelector:"
  `);
});

test('egress; a connection that is allowed anyway is not counted', () => {
  const egress = np(`  policyTypes: [Egress]
  egress:
  - to:
    - {namespace$0Selector: {matchLabels: {team: data}}, podSelector: {matchLabels: {app: api}}}`);
  checkRefactor(WORKLOADS + egress).toMatchInlineSnapshot(`
    "Split into two peers (OR): 2 workloads can be reached (shop/api and data/db)
    +     - {namespaceSelector: {matchLabels: {team: data}}}
    +     - {podSelector: {matchLabels: {app: api}}}"
  `);
  const other =
    '\n---\n' +
    egress
      .replace('# file: policy.yaml\n', '')
      .replace('$0', '')
      .replace('name: web,', 'name: other,')
      .replace(', podSelector: {matchLabels: {app: api}}', '');
  checkRefactor(WORKLOADS + egress + other).toMatchInlineSnapshot(`
    "Split into two peers (OR): 1 workload can be reached (shop/api)
    +     - {podSelector: {matchLabels: {app: api}}}"
  `);
});

test('flow lists and strange columns', () => {
  checkRefactor(np(`  ingress:\n  - from: [{namespaceSelector: {} }, { podSelector: {ma$0tchLabels: {a: b}}}]`)).toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +   - from: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}]"
  `);
  checkRefactor(np(`  ingress:\n  - from: [{podSelector: {}, namespaceSele$0ctor: {}}]`)).toMatchInlineSnapshot(`
    "Split into two peers (OR)
    +   - from: [{podSelector: {}}, {namespaceSelector: {}}]"
  `);
  checkRefactor(
    np(`  ingress:\n  - from:\n    -   namespaceSelector: {}\n    - podSelector:$0\n        matchLabels: {a: b}\n    ports: []`),
  ).toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +         podSelector:
    +           matchLabels: {a: b}"
  `);
  checkRefactor(np(`  ingress:\n  - from:\n    -   namespaceSelector: {}\n        podSelector:$0\n          matchLabels: {a: b}`))
    .toMatchInlineSnapshot(`
    "Split into two peers (OR)
    +     -   podSelector:"
  `);
});

test('of three peers in a row, each pair', () => {
  checkRefactor(
    np(
      `  ingress:\n  - from:\n    - podSelector: {matchLabels: {a: b}}\n    - namespaceS$0elector: {}\n    - podSelector: {matchLabels: {c: d}}`,
    ),
  ).toMatchInlineSnapshot(`
    "Merge with the peer above (AND)
    +       namespaceSelector: {}
    Merge with the peer below (AND)
    +       podSelector: {matchLabels: {c: d}}"
  `);
});

test('nothing where a peer is something else, null, or shared', () => {
  checkRefactor(np(`  ingress:\n  - from:\n    - pod$0Selector: {}\n    - ipBlock: {cidr: 10.0.0.0/8}`)).toBe('nothing');
  checkRefactor(np(`  ingress:\n  - from:\n    - pod$0Selector: {}\n      namespaceSelector:`)).toBe('nothing');
  checkRefactor(np(`  ingress:\n  - from: &peers\n    - podSelector: {}\n    - namespaceSelector: {}\n  - from: *pe$0ers`)).toBe('nothing');
  checkRefactor(np(`  ingress:\n  - from:\n    - podSelector: {matchLabels: {a: {{ .x }}}}\n    - namesp$0aceSelector: {}`))
    .toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +       namespaceSelector: {}"
  `);
});

test('comments stay in flow items and behind dashes', () => {
  checkRefactor(
    np(
      `  ingress:\n  - from:\n    - {namespaceSelector: {}} # theirs\n    # and\n    - {podSelector: {matchLabels: {a$0: b}}} # ours\n    ports: []`,
    ),
  ).toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +     - {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}} # theirs
    +      # ours"
  `);
  checkRefactor(
    np(
      `  ingress:\n  - from:\n    - # theirs\n      namespaceSelector: {}\n    - # ours\n      podSelector: {matchLabels: {a$0: b}}\n    ports: []`,
    ),
  ).toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +       # ours"
  `);
});

test('what a template makes is not torn, and nobody is said to be gained or lost by it', () => {
  const peers = (before: string, after: string, label = 'b'): string =>
    WORKLOADS +
    np(
      `  ingress:\n  - from:\n    - namespaceS$0elector: {matchLabels: {team: data}}\n${before}    - podSelector: {matchLabels: {app: ${label}}}\n${after}`,
    );
  checkRefactor(peers('    {{- if .Values.api }}\n', '    {{- end }}\n')).toBe('nothing');
  checkRefactor(peers('', '', '{{ .Values.app }}')).toMatchInlineSnapshot(`
    "Merge into one peer (AND)
    +       podSelector: {matchLabels: {app: {{ .Values.app }}}}"
  `);
});

const APP = `# file: app.yaml
apiVersion: apps/v1
kind: Deploy$0ment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`;

test('a policy for a workload allows what other manifests need, and nothing else', () => {
  const others = `# file: others.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx, namespace: edge}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}
  template:
    metadata: {labels: {app.kubernetes.io/name: ingress-nginx}}
    spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
---
apiVersion: v1
kind: Pod
metadata: {name: cron, namespace: shop, labels: {app: cron}}
spec: {containers: [{name: c, image: i, env: [{name: WEB_URL, value: http://web.shop.svc:80/}]}]}
`;
  checkRefactor(APP + others).toMatchInlineSnapshot(`
    "Write a NetworkPolicy for shop/web: it allows the 2 connections that other manifests need, and denies all other ingress
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: web-ingress
    +   namespace: shop
    +   podSelector:
    +     matchLabels:
    +       app: web
    +   policyTypes: [Ingress]
    +   ingress:
    +   - from:
    +     - namespaceSelector:
    +         matchLabels:
    +           kubernetes.io/metadata.name: edge
    +       podSelector:
    +         matchLabels:
    +           app.kubernetes.io/name: ingress-nginx
    +     - podSelector:
    +         matchLabels:
    +           app: cron
    +     ports:
    +     - port: 8080
    +       protocol: TCP
    + "
  `);
  checkRefactor(APP).toMatchInlineSnapshot(`
    "Write a NetworkPolicy for shop/web: it denies all ingress, as no manifest shows a connection that needs it
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: web-ingress
    +   namespace: shop
    +   podSelector:
    +     matchLabels:
    +       app: web
    +   policyTypes: [Ingress]"
  `);
});

test('no policy is offered for what none selects, or for a workload that one isolates already', () => {
  checkRefactor(APP.replace('spec: {containers', 'spec: {hostNetwork: true, containers')).toBe('nothing');
  checkRefactor(APP + np('  policyTypes: [Ingress]')).toBe('nothing');
  checkRefactor(APP.replace('$0', '').replace('image: i', 'image: $0i')).toBe('nothing');
});

test('a workload without a namespace gets a policy without one', () => {
  checkRefactor(APP.replaceAll(', namespace: shop', '')).toMatchInlineSnapshot(`
    "Write a NetworkPolicy for default/web: it denies all ingress, as no manifest shows a connection that needs it
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: web-ingress
    +   podSelector:
    +     matchLabels:
    +       app: web
    +   policyTypes: [Ingress]"
  `);
});
