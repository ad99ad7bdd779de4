import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

type Value = Readonly<Record<string, unknown>>;

const examples = new URL('../examples/', import.meta.url);
const sound = ['shop/', 'lists/', 'cilium/', 'antrea/', 'calico/'];

describe.each(['shop/', 'broken/', 'lists/', 'cilium/', 'antrea/', 'calico/'])('examples/%s', (cluster) => {
  test('is a cluster of its own that leaves out none of its files', () => {
    const kustomization = manifestsIn(`${cluster}kustomization.yaml`)[0];
    expect(kustomization?.['kind']).toBe('Kustomization');
    const files = yamlFilesUnder(cluster).filter((file) => !file.endsWith('kustomization.yaml'));
    expect(listOf(kustomization?.['resources']).map(String).sort()).toEqual(files.map((file) => file.slice(cluster.length)).sort());
  });
});

describe.each(sound)('examples/%s', (cluster) => {
  const manifests = yamlFilesUnder(cluster).flatMap(manifestsIn).flatMap(itemsOf);
  const workloads = manifests.flatMap(workloadOf);

  test('no object is there twice, and every namespace that is used exists', () => {
    const names = manifests.map((manifest) => `${String(manifest['kind'])} ${fullName(manifest)}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const namespaces = manifests.filter((manifest) => manifest['kind'] === 'Namespace').map((manifest) => nameOf(manifest));
    for (const workload of workloads) expect(namespaces).toContain(workload.namespace);
  });

  test('every Service finds its pods, and its target port there', () => {
    for (const service of manifests.filter((manifest) => manifest['kind'] === 'Service')) {
      const pods = workloads.filter(
        (workload) => workload.namespace === namespaceOf(service) && carries(workload.labels, at(service, 'spec', 'selector')),
      );
      expect(pods.length, fullName(service)).toBeGreaterThan(0);
      for (const port of listOf(at(service, 'spec', 'ports')))
        for (const pod of pods) expect(pod.ports, fullName(service)).toContain(at(port, 'targetPort'));
    }
  });

  test('every controller selects the pods it makes', () => {
    for (const manifest of manifests.filter((candidate) => at(candidate, 'spec', 'template') !== undefined)) {
      const selector = at(manifest, 'spec', 'selector', 'matchLabels') ?? at(manifest, 'spec', 'selector') ?? {};
      expect(carries(at(manifest, 'spec', 'template', 'metadata', 'labels'), selector), fullName(manifest)).toBe(true);
    }
  });

  test('every NetworkPolicy selects a workload', () => {
    for (const policy of manifests.filter(
      (manifest) => manifest['kind'] === 'NetworkPolicy' && manifest['apiVersion'] === 'networking.k8s.io/v1',
    )) {
      const required = at(policy, 'spec', 'podSelector', 'matchLabels') ?? {};
      const pods = workloads.filter((workload) => workload.namespace === namespaceOf(policy) && carries(workload.labels, required));
      expect(pods.length, fullName(policy)).toBeGreaterThan(0);
    }
  });

  test('every expectation can be read and names workloads that exist', () => {
    const known = new Set(workloads.map((workload) => `${workload.namespace}/${workload.name}`));
    const lines = yamlFilesUnder(cluster).flatMap((file) => textOf(file).match(/^# expect: .*$/gm) ?? []);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const parts = /^# expect: (\S+) -> (\S+) (?:TCP|UDP|SCTP)\/\d+ (?:allow|deny)$/.exec(line);
      expect(parts, line).not.toBeNull();
      expect(known, line).toContain(parts?.[1]);
      expect(known, line).toContain(parts?.[2]);
    }
  });
});

test('the shop has every kind of policy and every kind of workload', () => {
  const kinds = new Set(
    yamlFilesUnder('shop/')
      .flatMap(manifestsIn)
      .map((manifest) => String(manifest['kind'])),
  );
  const policies = ['NetworkPolicy', 'ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];
  const controllers = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicationController', 'Pod'];
  for (const kind of [...policies, ...controllers]) expect(kinds).toContain(kind);
});

test('every broken file says first what is wrong with it', () => {
  for (const file of yamlFilesUnder('broken/')) expect(textOf(file), file).toMatch(/^# [A-Z].+/);
});

test('the files of broken/ that are meant to be no YAML are no others', () => {
  const unreadable = yamlFilesUnder('broken/').filter((file) =>
    parseAllDocuments(textOf(file)).some((document) => document.errors.length > 0),
  );
  expect(unreadable).toEqual(['broken/duplicate-keys.yaml', 'broken/half-typed.yaml']);
});

function yamlFilesUnder(folder: string): readonly string[] {
  return readdirSync(new URL(folder, examples))
    .flatMap((name) => {
      const path = `${folder}${name}`;
      if (statSync(new URL(path, examples)).isDirectory()) return yamlFilesUnder(`${path}/`);
      return name.endsWith('.yaml') ? [path] : [];
    })
    .sort();
}

function textOf(file: string): string {
  return readFileSync(new URL(file, examples), 'utf8');
}

/** The documents of a file that is meant to be sound; fails on anything a parser complains of. */
function manifestsIn(file: string): readonly Value[] {
  return parseAllDocuments(textOf(file)).map((document) => {
    expect([...document.errors, ...document.warnings].map(String), file).toEqual([]);
    return mappingOf(document.toJS());
  });
}

function itemsOf(manifest: Value): readonly Value[] {
  return manifest['kind'] === 'List' ? listOf(manifest['items']).map(mappingOf) : [manifest];
}

interface Pods {
  readonly namespace: string;
  readonly name: string;
  readonly labels: unknown;
  /** Numbers and names of the container ports. */
  readonly ports: readonly unknown[];
}

/** The pods an object makes, or is; a Pod with an owner goes by the owner's name. */
function workloadOf(manifest: Value): readonly Pods[] {
  const pod =
    at(manifest, 'spec', 'jobTemplate', 'spec', 'template') ??
    at(manifest, 'spec', 'template') ??
    (manifest['kind'] === 'Pod' ? manifest : undefined);
  if (pod === undefined) return [];
  const owner = at(listOf(at(manifest, 'metadata', 'ownerReferences'))[0], 'name');
  const declared = listOf(at(pod, 'spec', 'containers')).flatMap((container) => listOf(at(container, 'ports')));
  return [
    {
      namespace: namespaceOf(manifest),
      name: typeof owner === 'string' ? owner : nameOf(manifest),
      labels: at(pod, 'metadata', 'labels'),
      ports: declared.flatMap((port) => [at(port, 'name'), at(port, 'containerPort')]),
    },
  ];
}

function carries(labels: unknown, required: unknown): boolean {
  return Object.entries(mappingOf(required)).every(([key, value]) => at(labels, key) === value);
}

function nameOf(manifest: Value): string {
  return String(at(manifest, 'metadata', 'name'));
}

function fullName(manifest: Value): string {
  return `${namespaceOf(manifest)}/${nameOf(manifest)}`;
}

function namespaceOf(manifest: Value): string {
  const namespace = at(manifest, 'metadata', 'namespace');
  return typeof namespace === 'string' ? namespace : '';
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mappingOf(value: unknown): Value {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
