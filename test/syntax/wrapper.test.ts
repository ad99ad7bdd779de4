import { expect, test } from 'vitest';
import { formatPath } from '../../server/syntax/path.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';
import { get } from '../../server/syntax/tree.ts';
import { printed } from './printed.ts';

/** The manifests of a text: where each stands, and its name. */
function manifests(text: string): readonly string[] {
  return manifestsOf(sourceFile(text)).map(({ manifest, prefix }) => `${formatPath(prefix)} ${printed(get(manifest.root, 'name'))}`);
}

test.each([
  ['template.openshift.io/v1', 'Template', 'objects: [{name: a}, {name: b}]', ['objects[0] a', 'objects[1] b']],
  ['example.com/v1', 'Template', 'objects: [{name: a}]', [' nothing']],
  [
    'policy.open-cluster-management.io/v1',
    'ConfigurationPolicy',
    'spec: {object-templates: [{complianceType: musthave, objectDefinition: {name: a}}, {complianceType: mustnothave, objectDefinition: {name: b}}]}',
    ['spec.object-templates[0].objectDefinition a'],
  ],
  [
    'policy.open-cluster-management.io/v1',
    'Policy',
    'spec: {policy-templates: [{objectDefinition: {apiVersion: policy.open-cluster-management.io/v1, kind: ConfigurationPolicy, spec: {object-templates: [{objectDefinition: {name: a}}]}}}]}',
    ['spec.policy-templates[0].objectDefinition.spec.object-templates[0].objectDefinition a'],
  ],
  ['work.open-cluster-management.io/v1', 'ManifestWork', 'spec: {workload: {manifests: [{name: a}]}}', ['spec.workload.manifests[0] a']],
  ['config.kubernetes.io/v1', 'ResourceList', 'items: [{name: a}]', ['items[0] a']],
  [
    'v1',
    'List',
    'items:\n- kind: List\n  items: [{name: a}, {name: b}]\n- name: c',
    ['items[0].items[0] a', 'items[0].items[1] b', 'items[1] c'],
  ],
  ['v1', 'List', 'items: []', [' nothing']],
])('what stands in %s %s', (apiVersion, kind, rest, expected) => {
  expect(manifests(`apiVersion: ${apiVersion}\nkind: ${kind}\n${rest}\n`)).toEqual(expected);
});

test.each([
  ['a: ${NS}', '{a: shop}'],
  ['a: x-${NS}-${NS}', '{a: x-shop-shop}'],
  ['a: "${NS}"', '{a: "shop"}'],
  ['a: ${{PORT}}', '{a: 80}'],
  ['a: ${PORT}', '{a: 80}'],
  ['a: ${SECRET}', '{a: ?xxxxxxxxx}'],
  ['a: ${NS}-${SECRET}', '{a: ?xxxxx-xxxxxxxxx}'],
  ['${NS}: 1', '{shop: 1}'],
  ['a: [${NS}, b]', '{a: [shop, b]}'],
])('parameters of a Template: %s', (field, expected) => {
  const text = `apiVersion: template.openshift.io/v1
kind: Template
parameters: [{name: NS, value: shop}, {name: PORT, value: 80}, {name: SECRET, generate: expression}]
objects:
- ${field}
`;
  const [first] = manifestsOf(sourceFile(text));
  expect(printed(first?.manifest.root)).toBe(expected);
});
