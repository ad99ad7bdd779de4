import { finished } from '../../server/base/work.ts';
import { expect, test } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import { semanticTokens } from '../../server/features/semantic-tokens.ts';
import { applied, checkDefinition, checkReferences, checkRename, checkWorkspaceCompletions, contextOf, workspaceAt } from '../checks.ts';
import { complete } from '../../server/features/complete.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { parseSelector } from '../../server/model/calico/selector/parse.ts';
import { checkTokens } from './adorned.ts';
import { NAMESPACES, OTHERS, WEB } from './shop.ts';
import { VALID } from '../model/calico-selectors.ts';

const OFFICE = `# file: sets.yaml
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata: {name: office, labels: {zone: office}}
spec: {nets: [192.168.0.0/16]}
`;
const HEAD = '# file: policy.yaml\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n';
const shop = (spec: string): string => [NAMESPACES, WEB, OTHERS, OFFICE, HEAD, spec].join('');
const source = (fields: string): string => `  selector: all()\n  ingress:\n  - action: Allow\n    source:\n${fields}`;

test('words of selectors have their colours in every style of YAML strings', () => {
  checkTokens(
    `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  selector: app == 'web' && !has(canary)
  ingress:
  - action: Allow
    source:
      selector: 'app in {''a'', "b"}'
      notSelector: "tier starts with 'x\\u0079'"
      namespaceSelector: >-
        team ==
        'ops' || global()
  - action: Allow
    source:
      selector: app = web`,
  ).toMatchInlineSnapshot(`
    "namespace: projectcalico.org/v3 shop
    class: NetworkPolicy p
    type: selector selector notSelector namespaceSelector selector
    property: app canary app tier team app
    operator: == && ! == ||
    string: 'web' ''a'' "b" 'x\\u0079' 'ops' web
    function: has global
    keyword: Allow in starts with Allow"
  `);
});

/** Texts that YAML reads as they are without quotes. */
const PLAIN = /^[A-Za-z(][^#{}[\],:\\\n]*$/;

/** The ways to write a string in YAML. */
const STYLES: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  single: (text) => `'${text.replaceAll("'", "''")}'`,
  double: (text) => JSON.stringify(text),
  escaped: (text) => `"${[...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  folded: (text) => `>-\n    ${text}`,
  literal: (text) => `|-\n    ${text}`,
};

test.each(Object.entries(STYLES))('every word of every selector is found in a string that is %s', (name, write) => {
  const selectors = VALID.map(([selector]) => selector).filter(
    (text) => text.trim() === text && text !== '' && !text.includes('\n') && (name !== 'plain' || PLAIN.test(text)),
  );
  const documents = selectors.map(
    (selector) =>
      `apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: p}\nspec:\n  selector: ${write(selector)}\n---\n`,
  );
  const text = documents.join('');
  const tokens = finished(semanticTokens(contextOf(text), { start: 0, end: Infinity }));
  let start = 0;
  for (const [i, selector] of selectors.entries()) {
    const from = text.indexOf('  selector:', start) + 11;
    start += documents[i]?.length ?? 0;
    const seen = tokens
      .filter((token) => from < token.start && token.end < start)
      .map((token) => unescaped(text.slice(token.start, token.end), name));
    const words = parseSelector(selector).tokens.filter(({ kind }) => !['end', '(', ')', '{', '}', 'comma'].includes(kind));
    expect(seen, selector).toEqual(words.map(({ span }) => selector.slice(span.start, span.end)));
  }
});

function unescaped(text: string, style: string): string {
  if (style === 'escaped') return text.replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  if (style === 'double') return text.replace(/\\(["\\])/g, '$1').replaceAll('\\n', '\n');
  return style === 'single' ? text.replaceAll("''", "'") : text;
}

function hoverText(spec: string): string {
  const { context, cursor } = workspaceAt(shop(spec));
  return (hover(context, cursor)?.markdown ?? 'nothing')
    .split('\n\n')
    .slice(0, 2)
    .join('\n')
    .replace(/\(file:[^)]*\)/g, '');
}

test('a selector in one sentence, with what it selects', () => {
  expect(hoverText("  selector: app == 'w$0eb' && !has(canary)\n")).toMatchInlineSnapshot(`
    "Selects pods where app is web and the label canary is not set in namespace shop.
    This policy selects in this workspace: 1 workload, [shop/web]."
  `);
  expect(hoverText(source("      selector: app == 'w$0eb'\n      namespaceSelector: team == 'data'\n"))).toMatchInlineSnapshot(`
    "Selects pods or network sets where app is web.
    \`source\` selects in this workspace: 1 workload, [data/web]."
  `);
  expect(hoverText(source("      selector: app == 'w$0eb' || has(tier)\n"))).toMatchInlineSnapshot(`
    "Selects pods or network sets where app is web or the label tier is set.
    \`source\` selects in this workspace: 2 workloads, [shop/api] and [shop/web]."
  `);
  expect(hoverText(source("      selector: zone == 'off$0ice'\n      namespaceSelector: global()\n"))).toMatchInlineSnapshot(`
    "Selects pods or network sets where zone is office.
    \`source\` selects in this workspace: [GlobalNetworkSet office]."
  `);
  expect(hoverText(source('      namespaceSelector: glo$0bal()\n'))).toMatchInlineSnapshot(`
    "\`global()\` selects what has no namespace: GlobalNetworkSets and host endpoints.
    \`source\` selects in this workspace: no workloads."
  `);
  expect(hoverText(source("      notSelector: app in {'a', '$0b'}\n"))).toMatchInlineSnapshot(`
    "Excludes pods or network sets where app is a or b.
    \`source\` selects in this workspace: 2 workloads, [shop/api] and [shop/web]."
  `);
  expect(hoverText("  selector: app =$0 'web'\n")).toMatchInlineSnapshot(`
    "Calico cannot parse this selector. '=' is not an operator. Write '=='.
    **Selected pods**. Pods of this namespace that the policy applies to, by their labels. Operators: label == 'value', != 'value', in {'a', 'b'}, not in {…}, contains, starts with, ends with, has(label), all(), !, && and ||."
  `);
  expect(hoverText('  selector: all()\n  types: [Ingress]\n  egress:\n  - action: Allow\n    destination: {selector: a$0ll()}\n'))
    .toMatchInlineSnapshot(`
    "Has no effect: \`types\` does not list Egress.
    **Endpoint selector**. Pods and network sets by their labels. In a namespaced policy only those of its namespace, unless namespaceSelector is set. Operators: label == 'value', != 'value', in {'a', 'b'}, not in {…}, contains, starts with, ends with, has(label), all(), !, && and ||."
  `);
});

const ANY = /./;

test('labels, values, functions and operators, by what stands before the cursor', () => {
  checkWorkspaceCompletions(shop("  selector: app == '$0'\n"), ANY).toMatchInlineSnapshot(`
    "api  on 1 of 2 pod templates
    web  on 1 of 2 pod templates"
  `);
  checkWorkspaceCompletions(shop('  selector: has($0)\n'), ANY).toMatchInlineSnapshot(`
    "app  on 2 of 2 pod templates
    tier  on 2 of 2 pod templates"
  `);
  checkWorkspaceCompletions(shop('  selector: app $0\n'), ANY).toMatchInlineSnapshot(`
    "==  has this value
    !=  has another value, or not the label
    in  has one of these values
    not in  has none of these values, or not the label
    starts with  the value starts with this
    ends with  the value ends with this
    contains  the value contains this"
  `);
  checkWorkspaceCompletions(shop("  selector: app in {'web', $0}\n"), ANY).toMatchInlineSnapshot(`"api  on 1 of 2 pod templates"`);
  checkWorkspaceCompletions(shop("  selector: app == 'web' $0\n"), ANY).toMatchInlineSnapshot(`
    "&&  both must hold
    ||  one of them must hold"
  `);
  checkWorkspaceCompletions(shop("  selector: app == 'web' && t$0\n"), ANY).toMatchInlineSnapshot(`
    "app  on 2 of 2 pod templates
    tier  on 2 of 2 pod templates
    has()  the label is set
    all()  everything
    !  the next condition does not hold"
  `);
  checkWorkspaceCompletions(shop(source('      namespaceSelector: team $0\n')), ANY).toMatchInlineSnapshot(`
    "==  has this value
    !=  has another value, or not the label
    in  has one of these values
    not in  has none of these values, or not the label
    starts with  the value starts with this
    ends with  the value ends with this
    contains  the value contains this"
  `);
  checkWorkspaceCompletions(shop(source('      namespaceSelector: $0\n')), ANY).toMatchInlineSnapshot(`
    "projectcalico.org/name == 'data'  on 1 of 2 namespaces
    projectcalico.org/name == 'shop'  on 1 of 2 namespaces
    team == 'data'  on 1 of 2 namespaces
    team == 'storefront'  on 1 of 2 namespaces
    all()  everything
    global()  what has no namespace
    projectcalico.org/name == 'default'  for example · Namespace selector"
  `);
  checkWorkspaceCompletions(
    shop(source("      selector: >-\n        zone == '$0\n      namespaceSelector: global()\n")),
    ANY,
  ).toMatchInlineSnapshot(`"office  on 1 of 1 pod template or network set"`);
});

function chosen(spec: string, label: string): string {
  const { context, cursor } = workspaceAt(shop(spec));
  const found = complete(context, cursor).find((one) => one.label === label);
  return found ? (applied(textOf(context.file), found).split('spec:\n').at(-1) ?? '') : 'not offered';
}

test('labels of sets without a namespace are not offered where all() looks, which is in namespaces', () => {
  expect(chosen(source("      selector: >-\n        zone == '$0\n      namespaceSelector: all()\n"), 'office')).toBe('not offered');
});

test('what is chosen fits the quotes around it', () => {
  expect(chosen("  selector: app == '$0'\n", 'api')).toBe("  selector: app == 'api'\n");
  expect(chosen('  selector: app == $0\n', 'api')).toBe("  selector: app == 'api'\n");
  expect(chosen("  selector: 'app == $0'\n", 'api')).toBe(`  selector: 'app == "api"'\n`);
  expect(chosen('  selector: "app == $0"\n', 'api')).toBe(`  selector: "app == 'api'"\n`);
  expect(chosen("  selector: app in {'web', '$0'}\n", 'api')).toBe("  selector: app in {'web', 'api'}\n");
  expect(chosen('  selector: app in $0\n', 'api')).toBe("  selector: app in {'api'}\n");
  expect(chosen("  selector: app == '$0 && has(tier)\n", 'api')).toBe("  selector: app == 'api' && has(tier)\n");
  expect(chosen('  selector: app not $0\n', 'not in')).toContain("app not in {'${1:api}'\\}");
  expect(chosen('  selector: has(a$0pp)\n', 'tier')).toBe('  selector: has(tier)\n');
});

const SOURCE = source("      selector: >-\n        app == 'web' ||\n        has(tier)\n      namespaceSelector: team == 'data'\n");

test('from a word of a selector to what has it, and back', () => {
  checkDefinition(shop("  selector: app == 'w$0eb'\n")).toMatchInlineSnapshot(`
    "[web]
    web.yaml: app: [web]"
  `);
  checkDefinition(shop('  selector: "has(ti$0er)"\n')).toMatchInlineSnapshot(`
    "[tier]
    others.yaml: labels: {app: api, [tier]: back}
    web.yaml: [tier]: front"
  `);
  checkDefinition(shop(SOURCE.replace("'web'", "'w$0eb'"))).toMatchInlineSnapshot(`
    "[web]
    others.yaml: app: [web]"
  `);
  checkDefinition(shop(SOURCE.replace("'data'", "'da$0ta'"))).toMatchInlineSnapshot(`
    "[data]
    namespaces.yaml: team: [data]"
  `);
  checkDefinition(shop(source("      namespaceSelector: projectcalico.org/name == 'da$0ta'\n"))).toMatchInlineSnapshot(`
    "[data]
    namespaces.yaml: name: [data]"
  `);
  checkDefinition(shop(source("      selector: 'zone == ''off$0ice'''\n      namespaceSelector: global()\n"))).toMatchInlineSnapshot(`
    "[office]
    sets.yaml: metadata: {name: office, labels: {zone: [office]}}"
  `);
  checkReferences(shop("  selector: app in {'api', 'w$0eb'}\n")).toMatchInlineSnapshot(`
    "policy.yaml: selector: app in {'api', '[web]'}
    web.yaml: app: [web]
    web.yaml: app: [web]
    web.yaml: app: [web]"
  `);
});

test('a word is renamed in the selectors as well, in the quotes that it has', () => {
  checkRename(shop("  selector: app in {'api', 'w$0eb'}\n"), 'front').toMatchInlineSnapshot(`
    "web -> front
    policy.yaml: selector: app in {'api', 'web'} -> selector: app in {'api', 'front'}
    web.yaml: app: web -> app: front
    web.yaml: app: web -> app: front
    web.yaml: app: web -> app: front"
  `);
  checkRename(shop(source("      selector: 'zone == ''off$0ice'''\n      namespaceSelector: global()\n")), 'hq').toMatchInlineSnapshot(`
    "office -> hq
    policy.yaml: selector: 'zone == ''office''' -> selector: 'zone == ''hq'''
    sets.yaml: metadata: {name: office, labels: {zone: office}} -> metadata: {name: office, labels: {zone: hq}}"
  `);
});

test('a rename that would change what a part of a value selects is refused', () => {
  checkRename(shop("  selector: app == 'w$0eb' || app starts with 'we'\n"), 'shop').toMatchInlineSnapshot(
    `"refused: NetworkPolicy 'shop/p' would no longer select Deployment 'shop/web'. Choose a name that is not in use."`,
  );
});
