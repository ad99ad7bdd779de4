import type { Node } from '../syntax/tree.ts';
import { given, textIn } from './read.ts';

/** Reads the annotation `linkerd.io/inject` of pods or of a namespace (linkerd.io, "Automatic Proxy Injection"). */
export function readLinkerd(annotations: Node | undefined): { readonly linkerd?: string } {
  const inject = textIn(given(annotations, 'linkerd.io/inject'));
  return inject === undefined ? {} : { linkerd: inject };
}
