import type { Path } from '../syntax/path.ts';
import { itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { protocolIn, readBounds } from './port.ts';
import { given, integerIn, readLabels, readMetadata, textIn, type Reading } from './read.ts';
import { readMatchLabels } from './read-selector.ts';
import type { ServicePort } from './workload.ts';

/** v1 Service. Policies act behind it, on the pods and their own ports. */
export const service: OtherKindEntry = {
  role: 'service',
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service/',
  formerly: [],
  read: (root) => {
    const reading: Reading = [];
    const { name, namespace } = readMetadata(root, reading);
    const spec = given(root, 'spec');
    const path = ['spec', 'selector'];
    const wrong: string[] = [];
    const requirements = readMatchLabels(given(spec, 'selector'), path, 'empty', wrong);
    const [unreadable] = wrong;
    const traffic = textIn(given(spec, 'externalTrafficPolicy'));
    const addresses = addressesIn(spec);
    const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], []);
    return {
      name,
      namespace,
      type: stringOf(given(spec, 'type')) ?? 'ClusterIP',
      // An empty selector selects nothing: another controller manages the endpoints.
      ...(requirements.length === 0 && unreadable === undefined
        ? {}
        : { selector: { requirements, path, ...(unreadable === undefined ? {} : { unreadable }) } }),
      ports: itemsOf(given(spec, 'ports')).flatMap((port, i) => readPort(port, ['spec', 'ports', i]) ?? []),
      ...(traffic === undefined ? {} : { externalTrafficPolicy: traffic }),
      ...(textIn(given(spec, 'clusterIP')) === 'None' ? { headless: true as const } : {}),
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      unreadable: reading.map(({ path: at, why }) => `${at.join('.')} ${why}`),
    };
  },
};

function addressesIn(spec: Node | undefined): readonly string[] {
  const all = [textIn(given(spec, 'clusterIP')), ...itemsOf(given(spec, 'clusterIPs')).map(textIn)];
  return [...new Set(all)].filter((text) => text !== undefined && text !== '' && text !== 'None').flatMap((text) => text ?? []);
}

function readPort(node: Node, path: Path): ServicePort | undefined {
  const protocol = protocolIn(given(node, 'protocol'), path, []);
  const port = integerIn(given(node, 'port'));
  if (!protocol || port === undefined || !readBounds(port, port)) return undefined;
  const name = textIn(given(node, 'name'));
  const target = given(node, 'targetPort');
  const nodePort = integerIn(given(node, 'nodePort'));
  return {
    ...(name === undefined ? {} : { name }),
    ...(nodePort === undefined ? {} : { nodePort }),
    port,
    protocol,
    targetPort: stringOf(target) ?? (integerIn(target) || port),
    path,
  };
}
