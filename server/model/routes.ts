import { itemsOf, type Node } from '../syntax/tree.ts';
import type { GatewayName, ServiceCall } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, integerIn, readMetadata, textIn } from './read.ts';

const GROUP = 'gateway.networking.k8s.io';

/** The routes of the Gateway API: the proxy of their Gateway calls the Services that they name. */
export const routes: readonly CallerKindEntry[] = [
  route('HTTPRoute', 'httproutes', 'v1', ['v1beta1', 'v1alpha2']),
  route('GRPCRoute', 'grpcroutes', 'v1', ['v1alpha2']),
  route('TLSRoute', 'tlsroutes', 'v1', ['v1alpha3', 'v1alpha2']),
  route('TCPRoute', 'tcproutes', 'v1alpha2', []),
  route('UDPRoute', 'udproutes', 'v1alpha2', []),
];

function route(kind: string, plural: string, version: string, formerly: readonly string[]): CallerKindEntry {
  return {
    role: 'caller',
    group: GROUP,
    version,
    kind,
    plural,
    scope: 'Namespaced',
    docs: 'https://gateway-api.sigs.k8s.io/reference/spec/',
    formerly: formerly.map((one) => `${GROUP}/${one}`),
    needs: 'backendRefs',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const spec = given(root, 'spec');
      const gateways = gatewaysOf(spec, namespace);
      const calls = itemsOf(given(spec, 'rules')).flatMap((rule, i) =>
        itemsOf(given(rule, 'backendRefs')).flatMap((ref, j): readonly ServiceCall[] => {
          const called = serviceIn(ref, namespace);
          return called ? [{ ...called, gateways, path: ['spec', 'rules', i, 'backendRefs', j] }] : [];
        }),
      );
      return { kind, name, namespace, calls };
    },
  };
}

/** A parent is a Gateway unless it says otherwise; a Service as parent is a mesh route, which no gateway serves. */
function gatewaysOf(spec: Node | undefined, home: string): readonly GatewayName[] {
  return itemsOf(given(spec, 'parentRefs')).flatMap((ref) => {
    const name = textIn(given(ref, 'name'));
    return name !== undefined && (textIn(given(ref, 'kind')) ?? 'Gateway') === 'Gateway'
      ? [{ namespace: textIn(given(ref, 'namespace')) ?? home, name }]
      : [];
  });
}

/** A backend is a Service of the namespace of the route unless it says otherwise; without weight it gets nothing. */
function serviceIn(ref: Node, home: string): Omit<ServiceCall, 'path'> | undefined {
  const service = textIn(given(ref, 'name'));
  const port = integerIn(given(ref, 'port'));
  const isService = (textIn(given(ref, 'kind')) ?? 'Service') === 'Service' && (textIn(given(ref, 'group')) ?? '') === '';
  if (!isService || service === undefined || port === undefined || integerIn(given(ref, 'weight')) === 0) return undefined;
  return { kind: 'service', by: 'gateway', namespace: textIn(given(ref, 'namespace')) ?? home, service, port };
}
