import type { Labels } from '../model/selector.ts';
import { exampleOf, NAMESPACE, POD, type Box } from './label-space.ts';

/** One end of a connection, as far as it matters: a pod, an address, or a node. */
export interface EndpointExample {
  /** Labels of a pod and its namespace. */
  readonly pod?: { readonly namespace: Labels; readonly labels: Labels };
  /** An address outside the cluster, or that of the pod or node. */
  readonly address?: string;
  readonly node?: Labels;
}

/** A pod of a box, which must not be empty. */
export function podCase(box: Box): EndpointExample {
  return { pod: { namespace: exampleOf(box, NAMESPACE), labels: exampleOf(box, POD) } };
}
