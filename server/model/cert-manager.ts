import type { Node } from '../syntax/tree.ts';
import { itemsOf } from '../syntax/tree.ts';
import type { CreatedPods, IssuerName } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, readMetadata, textIn } from './read.ts';

/** cert-manager.io Issuer and ClusterIssuer: whether they prove domains over HTTP (cert-manager documentation, "HTTP01" and "DNS01"). */
export const issuers: readonly CallerKindEntry[] = [
  issuer('Issuer', 'issuers', 'Namespaced'),
  issuer('ClusterIssuer', 'clusterissuers', 'Cluster'),
];

function issuer(kind: IssuerName['kind'], plural: string, scope: CallerKindEntry['scope']): CallerKindEntry {
  return {
    role: 'caller',
    group: 'cert-manager.io',
    version: 'v1',
    kind,
    plural,
    scope,
    docs: 'https://cert-manager.io/docs/configuration/issuers/',
    formerly: [],
    needs: 'spec',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const solvers = itemsOf(given(given(given(root, 'spec'), 'acme'), 'solvers'));
      const provesOverHttp = solvers.some((solver) => given(solver, 'http01') !== undefined);
      return { kind, name, namespace: scope === 'Cluster' ? '' : namespace, calls: [], provesOverHttp };
    },
  };
}

/**
 * The pods that answer the challenge for the certificate of an Ingress: cert-manager gives them these labels, lets them listen on TCP 8089,
 * and routes to them through the controller of the Ingress (cert-manager, `pkg/issuer/acme/http/pod.go` and the annotations of its
 * documentation, "Annotated Ingress resource").
 */
export function solverPods(annotations: Node | undefined, spec: Node | undefined, className: string | undefined): CreatedPods | undefined {
  const found = ISSUER_ANNOTATIONS.find(([key]) => given(annotations, key) !== undefined);
  if (!found || itemsOf(given(spec, 'tls')).length === 0) return undefined;
  const [key, kind] = found;
  const name = kind === undefined ? undefined : textIn(given(annotations, key));
  return {
    labels: {
      'acme.cert-manager.io/http01-solver': 'true',
      'acme.cert-manager.io/http-domain': '1',
      'acme.cert-manager.io/http-token': '1',
    },
    complete: true,
    port: 8089,
    from: {
      kind: 'ingress',
      ...(className === undefined ? {} : { className }),
      issuer: kind === undefined || name === undefined ? undefined : { kind, name },
    },
    path: ['metadata', 'annotations', key],
  };
}

const ISSUER_ANNOTATIONS: readonly (readonly [key: string, kind: IssuerName['kind'] | undefined])[] = [
  ['cert-manager.io/cluster-issuer', 'ClusterIssuer'],
  ['cert-manager.io/issuer', 'Issuer'],
  ['kubernetes.io/tls-acme', undefined],
];
