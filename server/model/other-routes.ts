import { itemsOf, type Node } from '../syntax/tree.ts';
import type { Path } from '../syntax/path.ts';
import type { ServiceCall } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, integerIn, readMetadata, textIn } from './read.ts';

/** Routes of products: their proxies call the Services that the routes name, like the controller of an Ingress. */
export const otherRoutes: readonly CallerKindEntry[] = [
  traefik('IngressRoute', 'ingressroutes'),
  traefik('IngressRouteTCP', 'ingressroutetcps'),
  traefik('IngressRouteUDP', 'ingressrouteudps'),
  {
    role: 'caller',
    group: 'route.openshift.io',
    version: 'v1',
    kind: 'Route',
    plural: 'routes',
    scope: 'Namespaced',
    docs: 'https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_apis/route-route-openshift-io-v1',
    formerly: [],
    needs: 'to:',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      return { kind: 'Route', name, namespace, calls: backendsOfRoute(given(root, 'spec'), namespace) };
    },
  },
];

/** traefik.io (before: traefik.containo.us) `spec.routes[].services[]`: `{name, namespace, port}`; a TraefikService is none of ours. */
function traefik(kind: string, plural: string): CallerKindEntry {
  return {
    role: 'caller',
    group: 'traefik.io',
    version: 'v1alpha1',
    kind,
    plural,
    scope: 'Namespaced',
    docs: 'https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/',
    formerly: ['traefik.containo.us/v1alpha1'],
    needs: 'services',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const calls = itemsOf(given(given(root, 'spec'), 'routes')).flatMap((route, i) =>
        itemsOf(given(route, 'services')).flatMap((node, j) => traefikCall(node, namespace, ['spec', 'routes', i, 'services', j])),
      );
      return { kind, name, namespace, calls };
    },
  };
}

function traefikCall(node: Node, home: string, path: Path): readonly ServiceCall[] {
  const [service, port] = [textIn(given(node, 'name')), integerIn(given(node, 'port')) ?? textIn(given(node, 'port'))];
  if (service === undefined || port === undefined || (textIn(given(node, 'kind')) ?? 'Service') !== 'Service') return [];
  return [
    { kind: 'service', by: 'ingress', className: 'traefik', namespace: textIn(given(node, 'namespace')) ?? home, service, port, path },
  ];
}

/** `spec.to` and `spec.alternateBackends`; `spec.port.targetPort` names a port of the Service, or the port of the pods. */
function backendsOfRoute(spec: Node | undefined, namespace: string): readonly ServiceCall[] {
  const target = given(given(spec, 'port'), 'targetPort');
  const port = integerIn(target) ?? textIn(target);
  const backends: readonly (readonly [Node | undefined, Path])[] = [
    [given(spec, 'to'), ['spec', 'to']],
    ...itemsOf(given(spec, 'alternateBackends')).map((node, i) => [node, ['spec', 'alternateBackends', i]] as const),
  ];
  return backends.flatMap(([node, path]): readonly ServiceCall[] => {
    const service = textIn(given(node, 'name'));
    if (service === undefined || integerIn(given(node, 'weight')) === 0) return [];
    return [{ kind: 'service', by: 'router', namespace, service, ...(port === undefined ? {} : { port }), path }];
  });
}
