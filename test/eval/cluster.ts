import { identify } from '../../server/model/identify.ts';
import { readResource, type Resource } from '../../server/model/kind.ts';
import type { Workload } from '../../server/model/workload.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';
import type { Cluster, Placed } from '../../server/workspace/cluster.ts';

/** A cluster read from texts: just enough of the workspace to test evaluation without it. The key of a manifest is `file#index`. */
export function clusterOf(files: Readonly<Record<string, string>>): Cluster {
  const found = Object.entries(files).flatMap(([name, text]) =>
    manifestsOf(sourceFile(text)).flatMap(({ manifest, document, prefix }) => {
      const list = prefix.length > 0 ? /^\s*"?kind"?:\s*"?(\w+List)\b/m.exec(text)?.[1] : undefined;
      const { kind } = identify(manifest, list);
      return kind ? [{ key: `${name}#${document}${prefix.join('.')}`, value: readResource(kind, manifest.root) }] : [];
    }),
  );
  return {
    policies: found.flatMap(({ key, value }) => (value.role === 'policy' ? [{ key, value: value.value }] : [])),
    workloads: folded(found),
    namespaces: found.flatMap(({ key, value }) => (value.role === 'namespace' ? [{ key, value: value.value }] : [])),
    services: found.flatMap(({ key, value }) => (value.role === 'service' ? [{ key, value: value.value }] : [])),
    nodes: found.flatMap(({ key, value }) => (value.role === 'node' ? [{ key, value: value.value }] : [])),
    problems: [],
  };
}

/** Pods of one controller become one workload, with the addresses of all of them. */
function folded(found: readonly Placed<Resource>[]): Placed<Workload>[] {
  const workloads = new Map<string, Placed<Workload>>();
  for (const { key, value } of found) {
    if (value.role !== 'workload') continue;
    const workload = value.value;
    const { kind, name } = workload.owner ?? workload;
    const id = `${workload.namespace}/${name}[${kind}]`;
    const known = workloads.get(id);
    const ips = [...(known?.value.ips ?? []), ...workload.ips];
    workloads.set(id, { key: known?.key ?? key, value: { ...(known?.value ?? workload), ips } });
  }
  return [...workloads.values()];
}
