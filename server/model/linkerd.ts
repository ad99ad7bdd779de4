import type { Node } from '../syntax/tree.ts';
import { given, textIn } from './read.ts';
import type { LinkerdMark } from './workload.ts';

/** Reads the annotations `linkerd.io/inject` and `config.linkerd.io/opaque-ports` (linkerd.io, "Proxy configuration"). */
export function readLinkerd(annotations: Node | undefined): { readonly linkerd?: LinkerdMark } {
  const inject = textIn(given(annotations, 'linkerd.io/inject'));
  const opaquePorts = textIn(given(annotations, 'config.linkerd.io/opaque-ports'));
  return inject === undefined ? {} : { linkerd: { inject, ...(opaquePorts === undefined ? {} : { opaquePorts }) } };
}
