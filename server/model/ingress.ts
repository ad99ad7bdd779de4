import type { Path } from '../syntax/path.ts';
import { itemsOf, type Node } from '../syntax/tree.ts';
import type { ServiceCall } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, integerIn, readMetadata, textIn } from './read.ts';

/** networking.k8s.io Ingress: its controller calls the Services that its rules name. */
export const ingress: CallerKindEntry = {
  role: 'caller',
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
  formerly: ['networking.k8s.io/v1beta1', 'extensions/v1beta1'],
  needs: 'ackend',
  read: (root) => {
    const { name, namespace } = readMetadata(root, []);
    const spec = given(root, 'spec');
    const annotations = given(given(root, 'metadata'), 'annotations');
    const className = textIn(given(spec, 'ingressClassName')) ?? textIn(given(annotations, 'kubernetes.io/ingress.class'));
    const calls = backendsOf(spec).flatMap(({ node, path }): readonly ServiceCall[] => {
      const call = callOf(node, namespace, path);
      const by = isServedFromOutside(className, annotations) ? 'load-balancer' : 'ingress';
      return call ? [{ ...call, by, ...(className === undefined ? {} : { className }) }] : [];
    });
    return { kind: 'Ingress', name, namespace, calls };
  },
};

/**
 * Does a load balancer of a cloud serve the Ingress, from addresses outside the cluster's pods? GKE (cloud.google.com, "Ingress for external
 * Application Load Balancers"), the AWS Load Balancer Controller with `target-type: ip`, Azure's Application Gateway Ingress Controller.
 */
function isServedFromOutside(className: string | undefined, annotations: Node | undefined): boolean {
  if (className === 'alb') return textIn(given(annotations, 'alb.ingress.kubernetes.io/target-type')) === 'ip';
  return className !== undefined && ['gce', 'gce-internal', 'azure/application-gateway', 'azure-application-gateway'].includes(className);
}

interface Backend {
  readonly node: Node | undefined;
  readonly path: Path;
}

function backendsOf(spec: Node | undefined): readonly Backend[] {
  const defaults = ['defaultBackend', 'backend'].map((field) => ({ node: given(spec, field), path: ['spec', field] }));
  const routed = itemsOf(given(spec, 'rules')).flatMap((rule, i) =>
    itemsOf(given(given(rule, 'http'), 'paths')).map((path, j) => ({
      node: given(path, 'backend'),
      path: ['spec', 'rules', i, 'http', 'paths', j, 'backend'],
    })),
  );
  return [...defaults, ...routed];
}

/** In v1 `service: {name, port: {number | name}}`; before that `serviceName` and `servicePort`. */
function callOf(node: Node | undefined, namespace: string, path: Path): ServiceCall | undefined {
  const service = given(node, 'service');
  const name = textIn(given(service, 'name')) ?? textIn(given(node, 'serviceName'));
  const at = given(service, 'port');
  const port = portIn(given(at, 'number')) ?? portIn(given(at, 'name')) ?? portIn(given(node, 'servicePort'));
  return name === undefined || port === undefined ? undefined : { kind: 'service', by: 'ingress', namespace, service: name, port, path };
}

function portIn(node: Node | undefined): number | string | undefined {
  return integerIn(node) ?? textIn(node);
}
