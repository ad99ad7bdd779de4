import { asScalar, itemsOf, type Node } from '../syntax/tree.ts';
import type { ScrapeCall, ScrapePort } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, integerIn, readMetadata, textIn } from './read.ts';
import { readSelector } from './read-selector.ts';

/** monitoring.coreos.com monitors (prometheus-operator `api.md`): what Prometheus collects metrics from. */
export const monitors: readonly CallerKindEntry[] = [
  monitor('ServiceMonitor', 'servicemonitors', 'services', 'endpoints'),
  monitor('PodMonitor', 'podmonitors', 'pods', 'podMetricsEndpoints'),
];

function monitor(kind: string, plural: string, of: ScrapeCall['of'], field: string): CallerKindEntry {
  return {
    role: 'caller',
    group: 'monitoring.coreos.com',
    version: 'v1',
    kind,
    plural,
    scope: 'Namespaced',
    docs: 'https://prometheus-operator.dev/docs/api-reference/api/',
    formerly: [],
    needs: field,
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const spec = given(root, 'spec');
      const selector = readSelector(given(spec, 'selector'), ['spec', 'selector'], 'dropped');
      const namespaces = namespacesIn(given(spec, 'namespaceSelector'), namespace);
      // Without a selector the operator rejects the object.
      const endpoints = given(spec, 'selector') === undefined ? [] : itemsOf(given(spec, field));
      const calls = endpoints.flatMap((endpoint, i): readonly ScrapeCall[] => {
        const port = portOf(endpoint, of);
        return port ? [{ kind: 'scrape', of, namespaces, selector, port, path: ['spec', field, i] }] : [];
      });
      return { kind, name, namespace, calls };
    },
  };
}

/** `any`, or `matchNames`; the namespace of the monitor where nothing is said. */
function namespacesIn(node: Node | undefined, home: string): ScrapeCall['namespaces'] {
  const any = asScalar(given(node, 'any'))?.value;
  if (any?.type === 'bool' && any.value) return 'all';
  const names = itemsOf(given(node, 'matchNames')).flatMap((item) => textIn(item) ?? []);
  return names.length === 0 ? [home] : names;
}

/** `port` is the name of a port of the Service, or with a PodMonitor of the pod; it comes before the others. */
function portOf(endpoint: Node, of: ScrapeCall['of']): ScrapePort | undefined {
  const name = textIn(given(endpoint, 'port'));
  if (name !== undefined) return { at: of === 'services' ? 'service' : 'pod', port: name };
  const target = given(endpoint, 'targetPort');
  const port = integerIn(given(endpoint, 'portNumber')) ?? integerIn(target) ?? textIn(target);
  return port === undefined ? undefined : { at: 'pod', port };
}
