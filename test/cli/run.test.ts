import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture } from '../fixture.ts';
import { scratch } from './scratch.ts';

const { folder, write, netpol } = scratch();

const MISSPELT = `
# file: web.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podselector: {}
`;

const SHOP = `
# file: shop.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 5432}]
`;

describe('check', () => {
  test('shows the line and what to do, and exits 1', async () => {
    const { status, out } = await netpol('check', MISSPELT);
    expect(status).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "web.yaml:7:3: error: Unknown field 'podselector' in 'spec'. The closest match is 'podSelector'. The API server rejects the manifest; without strict validation it silently drops the field. [unknown-field]
        |
      7 |   podselector: {}
        |   ^^^^^^^^^^^
        = fix: Change to 'podSelector'

      1 error in 1 file.
      "
    `);
  });

  test('shows a related place, and keeps the carets in place behind tabs, wide characters and in long lines', async () => {
    const long = `x${'y'.repeat(90)}`;
    const lines = [
      '\t{"名前": "🦊é", podselector: {}}',
      `{podSelector: {matchLabels: {${long}: ${long}}}, ingres: [], b: ${long}}`,
      '{podSelector: {}, podSelector: {matchLabels: {a: b}}}',
    ];
    const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:';
    write('web.yaml', lines.map((line) => `${head} ${line}\n`).join('---\n'));
    expect((await netpol('check')).out).toMatchInlineSnapshot(`
      "web.yaml:4:9: error: Unknown field '名前' in 'spec'. Remove it, or use one of podSelector, policyTypes, ingress, egress. The API server rejects the manifest; without strict validation it silently drops the field. [unknown-field]
        |
      4 | spec: 	{"名前": "🦊é", podselector: {}}
        |       	 ^^^^^^

      web.yaml:4:22: error: Unknown field 'podselector' in 'spec'. The closest match is 'podSelector'. The API server rejects the manifest; without strict validation it silently drops the field. [unknown-field]
        |
      4 | spec: 	{"名前": "🦊é", podselector: {}}
        |       	                ^^^^^^^^^^^
        = fix: Change to 'podSelector'

      web.yaml:8:18: warning: Another NetworkPolicy shop/web is defined above in this file, and the one that is applied last replaces the other. Rename one, or merge them. [duplicate-policy]
        |
      8 | metadata: {name: web, namespace: shop}
        |                  ^^^
        = see web.yaml:3: The same object.
        = see web.yaml:13: The same object.

      web.yaml:9:36: error: 'xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…' is not a valid label key, because its name has more than 63 characters, so the API server rejects the manifest. [invalid-label-key]
        |
      9 | spec: {podSelector: {matchLabels: {xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy: xyyyyyyyyyyy…
        |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      web.yaml:9:129: error: 'xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…' is not a valid label value, because it has 91 characters, more than 63, so the API server rejects the manifest. [invalid-label-value]
        |
      9 | …yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy: xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      web.yaml:9:224: error: Unknown field 'ingres' in 'spec'. The closest match is 'ingress'. The API server rejects the manifest; without strict validation it silently drops the field. [unknown-field]
        |
      9 | …yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy}}, ingres: [], b: xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                                              ^^^^^^
        = fix: Change to 'ingress'

      web.yaml:9:236: error: Unknown field 'b' in 'spec'. Remove it, or use one of policyTypes, ingress, egress. The API server rejects the manifest; without strict validation it silently drops the field. [unknown-field]
        |
      9 | …yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy}}, ingres: [], b: xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                                              ^

      web.yaml:13:18: warning: Another NetworkPolicy shop/web is defined above in this file, and the one that is applied last replaces the other. Rename one, or merge them. [duplicate-policy]
         |
      13 | metadata: {name: web, namespace: shop}
         |                  ^^^
         = see web.yaml:3: The same object.
         = see web.yaml:8: The same object.

      web.yaml:14:25: error: 'podSelector' is set twice, so the API server rejects the manifest; kubectl keeps only the last value. Keep one of them. [duplicate-key]
         |
      14 | spec: {podSelector: {}, podSelector: {matchLabels: {a: b}}}
         |                         ^^^^^^^^^^^
         = see web.yaml:14: 'podSelector' is set here first.
         = fix: Keep the last one, as kubectl does

      7 errors, 2 warnings in 1 file.
      "
    `);
  });

  test('gives JSON in the promised shape', async () => {
    const { out } = await netpol('check --format json', MISSPELT);
    const { diagnostics, ...rest } = JSON.parse(out);
    expect(rest).toEqual({ version: expect.any(String), files: 1, manifests: 1 });
    expect(diagnostics).toEqual([
      {
        file: 'web.yaml',
        document: 0,
        range: { start: { line: 6, character: 2 }, end: { line: 6, character: 13 } },
        severity: 'error',
        code: 'unknown-field',
        message: expect.stringContaining('podSelector'),
        path: 'spec.podselector',
        manifest: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'web' },
        related: [],
        fixes: [{ title: "Change to 'podSelector'" }],
      },
    ]);
  });

  test('an item of a List has its place in the path', async () => {
    const { out } = await netpol(
      'check --format json',
      `
# file: list.yaml
apiVersion: v1
kind: List
items:
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: web, namespace: shop}
  spec: {podselector: {}}
`,
    );
    expect(JSON.parse(out).diagnostics[0].path).toBe('items[0].spec.podselector');
  });

  test('SARIF and GitHub annotations carry the same finding', async () => {
    const sarif = JSON.parse((await netpol('check --format sarif', MISSPELT)).out);
    const [result] = sarif.runs[0].results;
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.runs[0].tool.driver.rules[result.ruleIndex].id).toBe('unknown-field');
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'web.yaml' },
      region: { startLine: 7, startColumn: 3, endLine: 7, endColumn: 14 },
    });
    const { out } = await netpol('check --format github', MISSPELT);
    expect(out).toMatch(/^::error file=web\.yaml,line=7,endLine=7,col=3,endColumn=14,title=unknown-field::Unknown field 'podselector'/);
  });

  test('an annotation keeps what GitHub would take for its own marks', async () => {
    write('100%,a:b.yaml', `${fixture(MISSPELT).files[0]?.text}\n  "x%\\n": 1\n`);
    const { out } = await netpol('check --format github');
    expect(out.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(
        /^::error file=100%25%2Ca%3Ab\.yaml,line=7,endLine=7,col=3,endColumn=14,title=unknown-field::Unknown field 'podselector'/,
      ),
      expect.stringMatching(
        /^::error file=100%25%2Ca%3Ab\.yaml,line=9,endLine=9,col=3,endColumn=9,title=unknown-field::Unknown field 'x%25 '/,
      ),
    ]);
  });

  test('an annotation of several lines has no columns: the runner takes them within one line only', async () => {
    const rule = '  - from:\n    - podSelector: {}\n';
    write(
      'web.yaml',
      `${fixture(MISSPELT).files[0]?.text}\n`.replace(
        'podselector: {}',
        `podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n${rule}${rule}`,
      ),
    );
    expect((await netpol('check --format github')).out).toMatch(/^::notice file=web\.yaml,line=12,endLine=13,title=redundant-rule/m);
  });

  test('--fix writes the repair back and leaves nothing to complain of', async () => {
    const { status } = await netpol('check --fix', MISSPELT);
    expect(status).toBe(0);
    expect(readFileSync(join(folder(), 'web.yaml'), 'utf8')).toContain('  podSelector: {}\n');
  });

  test('a false expectation fails, a true one does not', async () => {
    const yes = '# expect: shop/web -> shop/db TCP/5432 allow\n';
    expect((await netpol('check', SHOP.replace('shop.yaml\n', `shop.yaml\n${yes}`))).status).toBe(0);
    const { status, out } = await netpol('check', SHOP.replace('shop.yaml\n', `shop.yaml\n${yes.replace('allow', 'deny')}`));
    expect(out).toContain('[expectation-failed]');
    expect(status).toBe(1);
  });

  test.each([
    ['files', 'check policies/db.yaml pods/all.yaml'],
    ['folders', 'check policies pods'],
    ['a folder and standard input', 'check pods -'],
  ])('all paths are one cluster: %s', async (_, line) => {
    const policy = `# expect: shop/web -> shop/db TCP/5432 deny
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
`;
    const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\n`;
    const files = `# file: pods/all.yaml\n${pod('web')}---\n${pod('db')}`;
    const { out, status } = await netpol(line, line.endsWith('-') ? files : `# file: policies/db.yaml\n${policy}${files}`, policy);
    expect(out).not.toContain('expect');
    expect(status).toBe(0);
  });

  test('--max-warnings', async () => {
    const warned = `${MISSPELT.replace('podselector', 'podSelector')}  policyTypes: [Ingress]\n  egress:\n    - {}\n`;
    expect((await netpol('check', warned)).status).toBe(0);
    expect((await netpol('check --max-warnings 0', warned)).status).toBe(1);
  });

  test('--profile goes before the settings', async () => {
    const bare = MISSPELT.replace('podselector', 'podSelector');
    expect((await netpol('check', bare)).out).not.toContain('policy-types-missing');
    expect((await netpol('check --profile strict', bare)).out).toContain('policy-types-missing');
  });

  test('what cannot be done is said in one line, with status 2', async () => {
    const cases = [
      'check nowhere',
      'check --format loud',
      'check --loud',
      'check --max-warnings many',
      'check --config nowhere.json',
      'check --kubernetes-version new',
      'check --profile loud',
      'connections',
      'explain --from a/b',
      'fly',
      'lsp',
    ];
    for (const line of cases) {
      const { status, err } = await netpol(line);
      expect({ line, status, lines: err.trim().split('\n').length }).toEqual({ line, status: 2, lines: 1 });
    }
  });

  test('every command has help', async () => {
    for (const line of ['--help', 'check --help', 'connections --help', 'explain --help', 'lsp --help'])
      expect(await netpol(line)).toMatchObject({ status: 0, err: '' });
  });
});

describe('connections and explain', () => {
  test('connections as text', async () => {
    expect((await netpol('connections .', SHOP)).out).toMatchInlineSnapshot(`
      "shop/db[Pod] -> shop/web[Pod]: all traffic
      shop/db[Pod] -> any address: all traffic
      shop/web[Pod] -> shop/db[Pod]: TCP 5432
      shop/web[Pod] -> any address: all traffic
      any address -> shop/web[Pod]: all traffic
      "
    `);
  });

  test('every other format holds the same connection', async () => {
    for (const [format, words] of Object.entries({
      json: '"protocol":"TCP","ports":[[5432,5432]]',
      csv: 'shop/web[Pod],shop/db[Pod],TCP,5432',
      dot: '"shop/web[Pod]" -> "shop/db[Pod]" [label="TCP 5432"]',
      html: 'data-from="shop/web[Pod]" data-to="shop/db[Pod]" data-traffic="TCP 5432" data-verdict="allow"',
      mermaid: '-->|"TCP 5432"|',
      md: 'TCP 5432',
    })) {
      expect((await netpol(`connections . --format ${format}`, SHOP)).out).toContain(words);
    }
  });

  test('formats without a place for what is not evaluated say it on standard error', async () => {
    const guard = `${SHOP.trimEnd()}
---
apiVersion: networking.k8s.aws/v1alpha1
kind: ApplicationNetworkPolicy
metadata: {name: guard, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}
`;
    for (const format of ['csv', 'dot', 'mermaid', 'md'])
      expect((await netpol(`connections . --format ${format}`, guard)).err).toBe(
        `netpol: problem: Amazon EKS ApplicationNetworkPolicy 'shop/guard' is not evaluated: answers about pods that it may select are unknown. (shop.yaml)
netpol: 2 connections are unknown and not shown; --format text or json lists them.
`,
      );
    for (const format of ['text', 'json']) expect((await netpol(`connections . --format ${format}`, guard)).err).toBe('');
    expect((await netpol('connections . --format md', SHOP)).err).toBe('');
  });

  test('explain says why, and --expect decides the exit status', async () => {
    const { status, out } = await netpol('explain --from shop/web --to shop/db --port 80 --expect deny .', SHOP);
    expect(status).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "shop/web[Pod] -> shop/db[Pod] TCP/80: denied
      Denied: NetworkPolicy shop/db isolates the pod for ingress, and no rule allows it.

      Leaving shop/web[Pod]:
        Default: allowed
          No policy decides about egress of shop/web[Pod], so the default applies: allowed.

      Entering shop/db[Pod]:
        NetworkPolicy: isolated by shop/db  (shop.yaml:18)
          It selects pods with app=db in namespace shop and isolates them for ingress; its rule spec.ingress[0] matches shop/web[Pod] only on TCP port 5432, not on TCP 80.

      To allow it:
        - Allow shop/web[Pod] -> shop/db[Pod] TCP 80 in shop/db
      "
    `);
    expect((await netpol('explain --from shop/web --to shop/db --port 80 --expect allow .', SHOP)).status).toBe(1);
    expect(JSON.parse((await netpol('explain --from shop/web --to shop/db --format json .', SHOP)).out)).toMatchObject({
      verdict: 'allow',
      port: 5432,
    });
  });

  test('a misspelt end is guessed', async () => {
    expect((await netpol('explain --from shop/wbe --to shop/db .', SHOP)).err).toContain('The closest match is shop/web.');
  });
});

describe('what helm has rendered', () => {
  test('names the file of each document in every format', async () => {
    const text = [
      '---\n# Source: shop/templates/web.yaml\n' + MISSPELT.replace('# file: web.yaml\n', '').trimStart(),
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: b}\nspec: {podselectr: {}}\n',
    ].join('\n');
    const shown = async (format: string): Promise<string> => (await netpol(['check', '--format', format, '-'], '', text)).out;
    expect(await shown('text')).toContain('= rendered from shop/templates/web.yaml');
    expect(await shown('github')).toContain('Rendered from shop/templates/web.yaml.');
    expect(await shown('sarif')).toContain('Rendered from shop/templates/web.yaml.');
    expect((await shown('json')).match(/"source": ".*"/g)).toEqual(['"source": "shop/templates/web.yaml"']);
  });
});
