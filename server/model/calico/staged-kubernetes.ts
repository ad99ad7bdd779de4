import { stringOf, get, type Node } from '../../syntax/tree.ts';
import type { Policy } from '../policy.ts';
import { given, readMetadata, type Reading } from '../read.ts';
import { readSelector } from '../read-selector.ts';

/** Reads a staged NetworkPolicy of Kubernetes: whom it would select. Its rules are never in force, so they are only checked, not read. */
export function readStagedKubernetesPolicy(root: Node | undefined): Policy {
  const unreadable: Reading = [];
  const { name, namespace } = readMetadata(root, unreadable);
  const path = ['spec', 'podSelector'];
  return {
    api: 'calico',
    kind: 'StagedKubernetesNetworkPolicy',
    apiVersion: stringOf(get(root, 'apiVersion')) ?? 'projectcalico.org/v3',
    name,
    namespace,
    traits: { ordered: true, isolates: false, denies: true, namespaced: true, hostNetwork: false, builtIn: false },
    stage: 'default',
    subject: { namespaces: { kind: 'own', namespace }, pods: readSelector(given(given(root, 'spec'), 'podSelector'), path, 'empty'), path },
    at: { body: ['spec'], ingress: ['spec', 'ingress'], egress: ['spec', 'egress'], order: [] },
    unreadable,
    notInForce: { why: 'is staged: Calico only reports what it would do', noted: false },
  };
}
