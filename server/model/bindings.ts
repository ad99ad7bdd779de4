import { itemsOf } from '../syntax/tree.ts';
import type { ApiCall } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, readMetadata, textIn } from './read.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Roles that others use for the pod and not the pod itself: to admit it (security policies of pods), or to pull its images. */
const NOT_FOR_CALLS = /psp|pod-?security|(?:^|[:-])scc(?:$|[:-])|image-(?:puller|builder|pusher)/i;

/** rbac.authorization.k8s.io bindings: pods that are given rights at the API server mean to call it. */
export const bindings: readonly CallerKindEntry[] = [
  binding('RoleBinding', 'rolebindings', 'Namespaced'),
  binding('ClusterRoleBinding', 'clusterrolebindings', 'Cluster'),
];

function binding(kind: string, plural: string, scope: CallerKindEntry['scope']): CallerKindEntry {
  return {
    role: 'caller',
    group: GROUP,
    version: 'v1',
    kind,
    plural,
    scope,
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
    formerly: [`${GROUP}/v1beta1`],
    needs: 'ServiceAccount',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const role = textIn(given(given(root, 'roleRef'), 'name')) ?? '';
      const subjects = NOT_FOR_CALLS.test(role) ? [] : itemsOf(given(root, 'subjects'));
      const calls = subjects.flatMap((subject, i): readonly ApiCall[] => {
        const [account, home] = [textIn(given(subject, 'name')), textIn(given(subject, 'namespace'))];
        // Many pods run as `default` and never call the API server.
        const isMeant = textIn(given(subject, 'kind')) === 'ServiceAccount' && account !== 'default';
        return isMeant && account !== undefined && home !== undefined
          ? [{ kind: 'api', namespace: home, account, path: ['subjects', i] }]
          : [];
      });
      return { kind, name, namespace: scope === 'Cluster' ? '' : namespace, calls };
    },
  };
}
