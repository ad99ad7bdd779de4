import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

/** One template, as snippets/README.md describes it. */
interface Template {
  readonly file: string;
  readonly title: string;
  readonly prefix: string;
  readonly description: string;
  readonly story: string;
  /** Whose API it is of, where not of Kubernetes. */
  readonly api: string;
  readonly kind: string;
  readonly fits: string;
  readonly body: string;
}

const folder = new URL('../snippets/', import.meta.url);
const templates = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap(templatesIn);
const whole = templates.filter((template) => template.fits === 'document');
const fragments = templates.filter((template) => template.fits !== 'document');

const apis: Readonly<Record<string, { apiVersion: string; prefix: string; namespaced: boolean }>> = {
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', prefix: 'netpol-', namespaced: true },
  ClusterNetworkPolicy: { apiVersion: 'policy.networking.k8s.io/v1alpha2', prefix: 'cnp-', namespaced: false },
  AdminNetworkPolicy: { apiVersion: 'policy.networking.k8s.io/v1alpha1', prefix: 'anp-', namespaced: false },
  BaselineAdminNetworkPolicy: { apiVersion: 'policy.networking.k8s.io/v1alpha1', prefix: 'banp-', namespaced: false },
  CiliumNetworkPolicy: { apiVersion: 'cilium.io/v2', prefix: 'cilium-', namespaced: true },
  CiliumClusterwideNetworkPolicy: { apiVersion: 'cilium.io/v2', prefix: 'ccnp-', namespaced: false },
  CiliumCIDRGroup: { apiVersion: 'cilium.io/v2', prefix: 'ccg-', namespaced: false },
  'calico NetworkPolicy': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: true },
  'calico GlobalNetworkPolicy': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: false },
  'calico StagedNetworkPolicy': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: true },
  'calico Tier': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: false },
  'calico NetworkSet': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: true },
  'calico GlobalNetworkSet': { apiVersion: 'projectcalico.org/v3', prefix: 'calico-', namespaced: false },
  'antrea ClusterNetworkPolicy': { apiVersion: 'crd.antrea.io/v1beta1', prefix: 'antrea-', namespaced: false },
  'antrea NetworkPolicy': { apiVersion: 'crd.antrea.io/v1beta1', prefix: 'antrea-', namespaced: true },
  'antrea Tier': { apiVersion: 'crd.antrea.io/v1beta1', prefix: 'antrea-', namespaced: false },
  'antrea ClusterGroup': { apiVersion: 'crd.antrea.io/v1beta1', prefix: 'antrea-', namespaced: false },
  'antrea Group': { apiVersion: 'crd.antrea.io/v1beta1', prefix: 'antrea-', namespaced: true },
};

/** What is known of the kind of a template. */
function apiOf({ api, kind }: Template): (typeof apis)[string] | undefined {
  return apis[api === '' ? kind : `${api} ${kind}`];
}

/** Where a fragment fits: the frame it is put into, at the indentation of the mark. */
const frames: Readonly<Record<string, string>> = {
  spec: 'spec:\n  <here>',
  subject: 'spec:\n  subject:\n    <here>',
  rule: 'spec:\n  ingress:\n  <here>',
  'rule-ingress': 'spec:\n  ingress:\n  <here>',
  'rule-egress': 'spec:\n  egress:\n  <here>',
  peer: 'spec:\n  ingress:\n  - from:\n    <here>',
  'peer-egress': 'spec:\n  egress:\n  - to:\n    <here>',
  port: 'spec:\n  ingress:\n  - ports:\n    <here>',
  selector: 'spec:\n  podSelector:\n    <here>',
};
const listFrames: ReadonlySet<string> = new Set(Object.keys(frames).filter((fits) => /rule|peer|port/.test(fits)));

test('there are templates to speak of, whole ones and fragments', () => {
  expect(whole.length).toBeGreaterThan(50);
  expect(fragments.length).toBeGreaterThan(40);
});

test('no prefix is used twice', () => {
  const prefixes = templates.map((template) => template.prefix);
  expect(prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index)).toEqual([]);
});

test('no two default priorities of one tier are equal, so templates can be combined', () => {
  const places = whole.flatMap((template) =>
    documentsOf(expand(template.body))
      .filter((document) => document['kind'] === 'ClusterNetworkPolicy' && template.api === '' && !template.prefix.endsWith('-blank'))
      .map((document) => recordOf(document['spec']))
      .map((spec) => `${String(spec['tier'])} ${String(spec['priority'])}`),
  );
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

test('files that VS Code offers everywhere hold whole manifests only', () => {
  expect(whole.filter((template) => template.file.includes('.fragments.'))).toEqual([]);
  expect(fragments.filter((template) => !template.file.includes('.fragments.'))).toEqual([]);
});

describe.each(templates)('$prefix', (template) => {
  test('says what it is for', () => {
    expect(template.prefix).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    expect(template.prefix.startsWith(apiOf(template)?.prefix ?? '?')).toBe(true);
    for (const sentence of [template.description, template.story]) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('has tab stops that every editor understands', () => {
    const stops = [...template.body.matchAll(stopPattern)].map((match) => ({
      number: Number(match[1] ?? match[2] ?? match[3] ?? match[5]),
      defines: match[3] !== undefined || match[5] !== undefined,
    }));
    const numbers = [...new Set(stops.map((stop) => stop.number))].sort((a, b) => a - b);
    expect(numbers, 'numbered from 0 without a gap').toEqual(numbers.map((_, index) => index));
    expect(template.body.match(/\$0/g), 'one final place').toHaveLength(1);
    for (const number of numbers.slice(1)) {
      const uses = stops.filter((stop) => stop.number === number);
      expect(
        uses.filter((use) => use.defines),
        `default of ${number}`,
      ).toHaveLength(1);
      expect(uses[0]?.defines, `the first use of ${number} carries its default`).toBe(true);
    }
    expect(expand(template.body)).not.toMatch(/[$|]/);
  });
});

describe.each(whole)('$prefix', (template) => {
  test('expands to manifests of its kind', () => {
    const documents = documentsOf(expand(template.body));
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) {
      const metadata = recordOf(document['metadata']);
      expect(document['apiVersion']).toBe(apiOf(template)?.apiVersion);
      expect(document['kind']).toBe(template.kind);
      expect(metadata['name']).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect('namespace' in metadata).toBe(apiOf(template)?.namespaced);
      expect(Object.keys(document).map((key) => key.replace('specs', 'spec'))).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    }
    const names = documents.map((document) => recordOf(document['metadata'])['name']);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(fragments)('$prefix', (template) => {
  test('expands to what fits its place', () => {
    const frame = frames[template.fits];
    if (frame === undefined) return expect.fail(`no such place: ${template.fits}`);
    const indent = /( *)<here>/.exec(frame)?.[1] ?? '';
    const text = frame.replace('<here>', expand(template.body).replaceAll('\n', `\n${indent}`));
    expect(documentsOf(text)).toHaveLength(1);
    expect(template.body.startsWith('- '), 'a list item exactly where a list is').toBe(listFrames.has(template.fits));
  });
});

function templatesIn(file: string): readonly Template[] {
  const entries = recordOf(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
  return Object.entries(entries).map(([title, entry]) => {
    const value = recordOf(entry);
    const body = value['body'];
    if (!Array.isArray(body)) throw new Error(`${title}: the body is not a list of lines`);
    const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
    return {
      file,
      title,
      prefix: text('prefix'),
      description: text('description'),
      story: text('story'),
      api: text('api'),
      kind: text('kind'),
      fits: text('fits'),
      body: body.join('\n'),
    };
  });
}

/** `$1`, `${1}`, `${1:default}`, `${1|first,second|}`. */
const stopPattern = /\$(\d+)|\$\{(\d+)\}|\$\{(\d+):([^}]*)\}|\$\{(\d+)\|([^|]*)\|\}/g;

/** What an editor inserts when nobody types anything: defaults, and the first of each choice. */
function expand(body: string): string {
  const defaults = new Map<string, string>();
  for (const match of body.matchAll(stopPattern)) {
    if (match[3] !== undefined) defaults.set(match[3], match[4] ?? '');
    if (match[5] !== undefined) defaults.set(match[5], match[6]?.split(',')[0] ?? '');
  }
  return body.replace(stopPattern, (_, ...groups: readonly (string | undefined)[]) => {
    const number = groups[0] ?? groups[1] ?? groups[2] ?? groups[4] ?? '';
    return defaults.get(number) ?? '';
  });
}

/** The documents of a YAML text as plain values; fails on anything a parser complains of. */
function documentsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return parseAllDocuments(text).map((document) => {
    expect([...document.errors, ...document.warnings].map(String)).toEqual([]);
    return recordOf(document.toJS());
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`no mapping: ${String(value)}`);
  return Object.fromEntries(Object.entries(value));
}
