import { expect, test, type Assertion } from 'vitest';
import { remediationActions } from '../../server/features/remediation-actions.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { fileAt, withFile } from '../../server/workspace/snapshot.ts';
import { workspaceAt } from '../checks.ts';

/**
 * The ways offered at `$0` to make an expectation hold: the title, and in each file the new lines. Each is taken in turn, and the
 * expectation must hold then.
 */
function checkFlips(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const range = { start: cursor, end: cursor };
  const shown = remediationActions(context, range).map(({ title, files }) => {
    let { snapshot } = context;
    const parts = files.map(({ uri, edits }) => {
      const file = fileAt(snapshot, uri);
      const before = file ? textOf(file) : '';
      const after = applyEdits(before, edits);
      snapshot = withFile(snapshot, uri, sourceFile(after));
      return `${uri.split('/').at(-1)}\n${differing(before, after)}`;
    });
    const again = { ...context, snapshot, file: fileAt(snapshot, context.uri) ?? context.file };
    const at = textOf(again.file).indexOf('# expect');
    expect(remediationActions(again, { start: at, end: at + 1 }), title).toEqual([]);
    return [title, ...parts].join('\n');
  });
  return expect(shown.join('\n\n') || 'nothing');
}

/** The lines that went and came. */
function differing(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const [gone, come] = [
    old.filter((line) => !fresh.includes(line)),
    fresh.filter(
      (line, i) =>
        !old.includes(line) || (old[i] !== line && old.filter((one) => one === line).length < fresh.filter((one) => one === line).length),
    ),
  ];
  return [...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)].join('\n');
}

const pod = (namespace: string, name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\n`;
const PODS = `# file: pods.yaml\n${pod('shop', 'web')}---\n${pod('shop', 'db')}---\n${pod('ops', 'probe')}`;
const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec:\n${spec}`;
const expectation = (text: string): string => `# file: tests.yaml\n# exp$0ect: ${text}\n`;

test('a rule in a policy without rules, with an empty list, with rules; lists indented or not', () => {
  const wish = expectation('shop/web -> shop/db TCP/5432 allow');
  checkFlips(`${PODS}${wish}# file: a.yaml\n${np('db', '  podSelector: {matchLabels: {app: db}}\n')}`).toMatchInlineSnapshot(`
    "Allow shop/web[Pod] -> shop/db[Pod] TCP 5432 in shop/db
    a.yaml
    +   ingress:
    +   - from:
    +     - podSelector:
    +         matchLabels:
    +           app: web
    +     ports:
    +     - port: 5432
    +       protocol: TCP"
  `);
  checkFlips(
    `${PODS}${wish}# file: a.yaml\n${np('db', '  podSelector: {matchLabels: {app: db}}\n  ingress: [] # none yet\n  policyTypes:\n    - Ingress\n')}`,
  ).toMatchInlineSnapshot(`
    "Allow shop/web[Pod] -> shop/db[Pod] TCP 5432 in shop/db
    a.yaml
    -   ingress: [] # none yet
    +   ingress: # none yet
    +     - from:
    +         - podSelector:
    +             matchLabels:
    +               app: web
    +       ports:
    +         - port: 5432
    +           protocol: TCP"
  `);
  checkFlips(
    `${PODS}${wish}# file: a.yaml\n${np('db', '  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8} # office\n  # the end\n  podSelector: {}')}`,
  ).toMatchInlineSnapshot(`
    "Allow shop/web[Pod] -> shop/db[Pod] TCP 5432 in shop/db
    a.yaml
    +   - from:
    +     - podSelector:
    +         matchLabels:
    +           app: web
    +     ports:
    +     - port: 5432
    +       protocol: TCP"
  `);
});

test('both sides, in two files, and flow style', () => {
  checkFlips(
    `${PODS}${expectation('ops/probe -> shop/db UDP/53 allow')}# file: a.yaml\n${np('db', '  podSelector: {}\n')}
# file: b.yaml\n${np('out', '  {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}').replace('namespace: shop', 'namespace: ops')}`,
  ).toMatchInlineSnapshot(`
    "Allow ops/probe[Pod] -> shop/db[Pod] UDP 53 in ops/out; and allow ops/probe[Pod] -> shop/db[Pod] UDP 53 in shop/db
    b.yaml
    -   {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}
    +   {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}, {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: db}}}], ports: [{port: 53, protocol: UDP}]}]}
    a.yaml
    +   ingress:
    +   - from:
    +     - namespaceSelector:
    +         matchLabels:
    +           kubernetes.io/metadata.name: ops
    +       podSelector:
    +         matchLabels:
    +           app: probe
    +     ports:
    +     - port: 53
    +       protocol: UDP"
  `);
});

test('before the rule of a tier that decides now, above its comment', () => {
  const cnp = `# file: cnp.yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: deny}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress:
  # nobody
  - action: Deny
    from:
    - namespaces: {}
`;
  checkFlips(`${PODS}${expectation('shop/web -> shop/db 80 allow')}${cnp}`).toMatchInlineSnapshot(`
    "Accept shop/web[Pod] -> shop/db[Pod] TCP 80 in deny, before the rule that decides now
    cnp.yaml
    +   - action: Accept
    +     from:
    +     - pods:
    +         namespaceSelector:
    +           matchLabels:
    +             kubernetes.io/metadata.name: shop
    +         podSelector:
    +           matchLabels:
    +             app: web
    +     protocols:
    +     - tcp:
    +         destinationPort:
    +           number: 80
    +     from:"
  `);
});

test('closing: a rule goes, with what that means; or a policy comes', () => {
  checkFlips(
    `${PODS}${expectation('shop/web -> shop/db 80 deny')}# file: a.yaml\n${np('db', '  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n')}`,
  ).toMatchInlineSnapshot(`
    "Remove spec.ingress[0] of shop/db, with everything else it allows
    a.yaml
    -   ingress:
    -   - from:
    -     - podSelector: {}
    +   ingress: []

    Add a NetworkPolicy that isolates shop/web[Pod] for egress (denies all other egress too, DNS included)
    tests.yaml
    + ---
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: web-deny-egress
    +   namespace: shop
    + spec:
    +   podSelector:
    +     matchLabels:
    +       app: web
    +   policyTypes: [Egress]
    + "
  `);
  checkFlips(`${PODS}${expectation('shop/web -> shop/db 80 deny')}`).toMatchInlineSnapshot(`
    "Add a NetworkPolicy that isolates shop/db[Pod] for ingress (denies all other ingress too)
    tests.yaml
    + ---
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: db-deny-ingress
    +   namespace: shop
    + spec:
    +   podSelector:
    +     matchLabels:
    +       app: db
    +   policyTypes: [Ingress]

    Add a NetworkPolicy that isolates shop/web[Pod] for egress (denies all other egress too, DNS included)
    tests.yaml
    + ---
    + apiVersion: networking.k8s.io/v1
    + kind: NetworkPolicy
    + metadata:
    +   name: web-deny-egress
    +   namespace: shop
    + spec:
    +   podSelector:
    +     matchLabels:
    +       app: web
    +   policyTypes: [Egress]"
  `);
});

test('JSON stays JSON', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  };
  checkFlips(`${PODS}${expectation('shop/web -> shop/db 80 allow')}# file: a.json\n${JSON.stringify(policy)}`).toMatchInlineSnapshot(`
    "Allow shop/web[Pod] -> shop/db[Pod] TCP 80 in shop/db
    a.json
    - {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"db","namespace":"shop"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}
    + {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"db","namespace":"shop"},"spec":{"podSelector":{},"policyTypes":["Ingress"], "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80, "protocol": "TCP"}]}]}}"
  `);
});

test('nothing where it holds, where the cursor is elsewhere, and where the list is shared', () => {
  checkFlips(`${PODS}${expectation('shop/web -> shop/db 80 allow')}`).toBe('nothing');
  const shared = np('db', '  podSelector: {}\n  ingress: &rules\n  - from: [{ipBlock: {cidr: 10.0.0.0/8}}]\n')
    .replace('ingress: &rules', 'ingress: *rules')
    .replace('\n  - from: [{ipBlock: {cidr: 10.0.0.0/8}}]', '')
    .replace('metadata: {', 'metadata: {annotations: {x: y}, ')
    .replace('kind:', 'x: &rules [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\nkind:');
  checkFlips(`${PODS}${expectation('shop/web -> shop/db 80 allow')}# file: a.yaml\n${shared}`).toBe('nothing');
});
