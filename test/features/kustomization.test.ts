import { expect, test, type Assertion } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { checkWorkspaceCompletions, workspaceAt } from '../checks.ts';

/** What the hover at `$0` shows in a workspace: the text it is about, then the Markdown. */
function checkHoverIn(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const shown = hover(context, cursor);
  return expect(shown ? `[${textOf(context.file).slice(shown.start, shown.end)}]\n${shown.markdown}` : 'nothing');
}

const BASE = `# file: base/kustomization.yaml
resources: [web.yaml, policy.yaml]
# file: base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "registry.example:5000/web:1.2"}]}
# file: base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {matchLabels: {app: web}}
# file: parts/kustomization.yaml
kind: Component
replicas: [{name: web, count: 5}]
`;
const PROD = `${BASE}# file: prod/kustomization.yaml
`;

test('fields of a kustomization, those it has given up last', () => {
  checkWorkspaceCompletions(`${PROD}resources: [../base]\n$0\n`, /^(?:resources|namespace|patches|bases|labels|helmGlobals)\b/)
    .toMatchInlineSnapshot(`
    "namespace  string
    labels  list of objects
    patches  list of objects
    helmGlobals
    bases  deprecated: resources"
  `);
  checkWorkspaceCompletions(`${PROD}patches:\n- $0\n`).toMatchInlineSnapshot(`
    "path  string
    patch  string
    target  object
    options  object"
  `);
  checkWorkspaceCompletions(`${PROD}labels:\n- pairs: {a: b}\n  includeSelectors: $0\n`).toMatchInlineSnapshot(`
    "true
    false"
  `);
});

test('paths that exist', () => {
  checkWorkspaceCompletions(`${PROD}resources:\n- $0\n# file: prod/more.yaml\n${POD}# file: prod/patch.yaml\n${POD}`).toMatchInlineSnapshot(
    `
    "more.yaml  file
    patch.yaml  file
    ../base  kustomization"
  `,
  );
  checkWorkspaceCompletions(`${PROD}components:\n- $0\n`).toMatchInlineSnapshot(`"../parts  Component"`);
  checkWorkspaceCompletions(`${PROD}resources: [../base]\npatches:\n- path: $0\n# file: prod/patch.yaml\n${POD}`).toMatchInlineSnapshot(
    `"patch.yaml  file"`,
  );
});

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: shop}\n';

test('objects that exist', () => {
  checkWorkspaceCompletions(`${PROD}resources: [../base]\npatches:\n- target:\n    kind: $0\n`).toMatchInlineSnapshot(`
    "Deployment  Deployment web
    NetworkPolicy  NetworkPolicy web"
  `);
  checkWorkspaceCompletions(`${PROD}resources: [../base]\npatches:\n- target:\n    kind: Deployment\n    name: $0\n`).toMatchInlineSnapshot(
    `"web  Deployment web"`,
  );
  checkWorkspaceCompletions(`${PROD}resources: [../base]\npatches:\n- target:\n    labelSelector: $0\n`).toMatchInlineSnapshot(
    `"app=web  Deployment web"`,
  );
  checkWorkspaceCompletions(`${PROD}resources: [../base]\nreplicas:\n- name: $0\n`).toMatchInlineSnapshot(`"web  Deployment web"`);
  checkWorkspaceCompletions(`${PROD}resources: [../base]\nimages:\n- name: $0\n`).toMatchInlineSnapshot(
    `"registry.example:5000/web  Deployment web"`,
  );
  checkWorkspaceCompletions(`${PROD}resources: [../base]\nnamespace: $0\n`).toMatchInlineSnapshot(`"shop  2 objects"`);
});

test('names and paths in patch files', () => {
  const merge = `${PROD}resources: [../base]\npatches: [{path: patch.yaml}]\n# file: prod/patch.yaml\n`;
  checkWorkspaceCompletions(`${merge}apiVersion: apps/v1\nkind: $0\n`).toMatchInlineSnapshot(`
    "Deployment  Deployment web
    NetworkPolicy  NetworkPolicy web"
  `);
  checkWorkspaceCompletions(`${merge}apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: $0\n`).toMatchInlineSnapshot(
    `"web  Deployment web"`,
  );
  const json = `${PROD}resources: [../base]\npatches: [{path: patch.yaml, target: {kind: NetworkPolicy}}]\n# file: prod/patch.yaml\n`;
  checkWorkspaceCompletions(`${json}- op: add\n  path: $0\n`).toMatchInlineSnapshot(`
    "/apiVersion  NetworkPolicy web
    /kind  NetworkPolicy web
    /metadata  NetworkPolicy web
    /metadata/name  NetworkPolicy web
    /metadata/namespace  NetworkPolicy web
    /spec  NetworkPolicy web
    /spec/podSelector  NetworkPolicy web
    /spec/podSelector/matchLabels  NetworkPolicy web
    /spec/podSelector/matchLabels/app  NetworkPolicy web"
  `);
  checkWorkspaceCompletions(`${json}- op: add\n  $0\n`).toMatchInlineSnapshot(`
    "path  JSON patch
    value  JSON patch
    from  JSON patch"
  `);
});

test('what an entry of a kustomization changes', () => {
  checkHoverIn(`${PROD}resources: [../base]\nname$0space: prod\n`).toMatchInlineSnapshot(`
    "[namespace]
    **namespace**. Namespace of every object that is not known to be cluster-scoped; Namespace objects are renamed.

    Changes 2 objects:

    - NetworkPolicy \`prod/web\`: \`metadata.namespace\` \`shop\` → \`prod\`
    - Deployment \`prod/web\`: \`metadata.namespace\` \`shop\` → \`prod\`"
  `);
  checkHoverIn(`${PROD}resources: [../base]\nnamePrefix: pr$0od-\n`).toMatchInlineSnapshot(`
    "[prod-]
    Changes 2 objects:

    - NetworkPolicy \`shop/prod-web\`: \`metadata.name\` \`web\` → \`prod-web\`
    - Deployment \`shop/prod-web\`: \`metadata.name\` \`web\` → \`prod-web\`"
  `);
  checkHoverIn(`${PROD}resources: [../base]\nlabels:\n- pairs: {tier: fr$0ont}\n  includeSelectors: true\n`).toMatchInlineSnapshot(`
    "[front]
    Changes 2 objects:

    - NetworkPolicy \`shop/web\`: \`metadata.labels\` set to \`{"tier":"front"}\`, \`spec.podSelector.matchLabels.tier\` set to \`front\`
    - Deployment \`shop/web\`: \`metadata.labels.tier\` set to \`front\`, \`spec.selector.matchLabels.tier\` set to \`front\`, \`spec.template.metadata.labels.tier\` set to \`front\`"
  `);
  checkHoverIn(
    `${PROD}resources: [../base]\npatches:\n- tar$0get: {kind: NetworkPolicy}\n  patch: |\n    - {op: add, path: /spec/policyTypes, value: [Ingress, Egress]}\n`,
  ).toMatchInlineSnapshot(`
    "[target]
    **target**. The objects to patch. Without it a strategic merge patch names its object by kind, namespace and name.

    Changes 1 object:

    - NetworkPolicy \`shop/web\`: \`spec.policyTypes\` set to \`["Ingress","Egress"]\`"
  `);
  checkHoverIn(
    `${PROD}resources: [../base]\npatches:\n- target: {kind: Job}\n  patch: |\n    - {op: add, p$0ath: /spec/policyTypes, value: [Ingress, Egress]}\n`,
  ).toMatchInlineSnapshot(`
    "[|
        - {op: add, path: /spec/policyTypes, value: [Ingress, Egress]}]
    Changes no object of this build."
  `);
  checkHoverIn(`${PROD}resources:\n- ../b$0ase\n`).toMatchInlineSnapshot(`
    "[../base]
    Adds 2 objects:

    - NetworkPolicy \`shop/web\`
    - Deployment \`shop/web\`"
  `);
  checkHoverIn(`${BASE.replace('count: 5', 'cou$0nt: 5')}# file: prod/kustomization.yaml\nresources: [../base]\ncomponents: [../parts]\n`)
    .toMatchInlineSnapshot(`
    "[count]
    **count**. Number of replicas.

    Changes 1 object:

    - Deployment \`shop/web\`: \`spec.replicas\` \`1\` → \`5\`"
  `);
});

test('what a patch file changes', () => {
  checkHoverIn(
    `${PROD}resources: [../base]\npatches: [{path: patch.yaml}]\n# file: prod/patch.yaml\napiVersion: apps/v1\nkind: Depl$0oyment\nmetadata: {name: web, namespace: shop}\nspec: {replicas: 3}\n`,
  ).toMatchInlineSnapshot(`
    "[Deployment]
    Patch of \`prod\`. Changes 1 object:

    - Deployment \`shop/web\`: \`spec.replicas\` \`1\` → \`3\`"
  `);
});

test('what overlays make of a base', () => {
  const overlays = `# file: prod/kustomization.yaml\nresources: [../base]\nnamespace: prod\nlabels: [{pairs: {env: prod}, includeSelectors: true}]\n# file: test/kustomization.yaml\nresources: [../base]\n`;
  checkHoverIn(BASE.replace('kind: Deployment', 'kind: Deploy$0ment') + overlays).toMatchInlineSnapshot(`
    "[Deployment]
    - In \`prod\`: Deployment \`prod/web\`, \`metadata.labels.env\` set to \`prod\`, \`spec.selector.matchLabels.env\` set to \`prod\`, \`spec.template.metadata.labels.env\` set to \`prod\`"
  `);
  checkHoverIn(BASE.replace('namespace: shop', 'namespace: sh$0op') + overlays).toMatchInlineSnapshot(`
    "[shop]
    - In \`prod\`: \`prod\`"
  `);
  checkHoverIn(BASE.replace('podSelector', 'podSel$0ector') + overlays).toMatchInlineSnapshot(`
    "[podSelector]
    Isolates pods with app=web and env=prod in namespace prod.

    In this workspace: 1 workload, [prod/web](file:///workspace/base/web.yaml#L11).

    - In \`prod\`: \`matchLabels.env\` set to \`prod\`

    **Selected pods**. The pods of the policy's own namespace that this policy isolates and whose allowed traffic it lists.

    Left out or \`{}\` or null: Selects every pod of the namespace.

    [NetworkPolicy documentation](https://kubernetes.io/docs/concepts/services-networking/network-policies/)"
  `);
});
