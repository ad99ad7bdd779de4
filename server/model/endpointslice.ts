import { itemsOf } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { protocolIn } from './port.ts';
import { given, integerIn, readLabels, readMetadata, textIn, type Reading } from './read.ts';

/** discovery.k8s.io/v1 EndpointSlice: the endpoints of a Service, which the label `kubernetes.io/service-name` names. */
export const endpointSlice: OtherKindEntry = {
  role: 'slice',
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/',
  formerly: ['discovery.k8s.io/v1beta1'],
  read: (root) => {
    const unreadable: Reading = [];
    const { name, namespace } = readMetadata(root, unreadable);
    const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], unreadable);
    const service = labels['kubernetes.io/service-name'];
    return {
      name,
      namespace,
      ...(service === undefined ? {} : { service }),
      addresses: itemsOf(given(root, 'endpoints')).flatMap((one) => itemsOf(given(one, 'addresses')).flatMap((node) => textIn(node) ?? [])),
      ports: itemsOf(given(root, 'ports')).flatMap((one) => {
        const port = integerIn(given(one, 'port'));
        const protocol = protocolIn(given(one, 'protocol'), ['ports'], []);
        return port === undefined || !protocol ? [] : [{ port, protocol }];
      }),
      unreadable: unreadable.map(({ path, why }) => `${path.join('.')} ${why}`),
    };
  },
};
