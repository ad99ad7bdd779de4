import { NAME_LABEL } from './namespace.ts';
import type { Direction } from './policy.ts';
import type { ManifestValue, PeerRequest } from './rule-request.ts';
import type { Labels } from './selector.ts';

/** The field of a rule that names its peers, in the built-in API and those like it. */
export function peerField(direction: Direction): 'from' | 'to' {
  return direction === 'ingress' ? 'from' : 'to';
}

/** A selector of exactly these labels; of everything where there are none. */
export function selectorValue(labels: Labels): ManifestValue {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}

/** A selector of one namespace, by the label that holds its name; of all where none is named. */
export function namespaceValue(namespace: string | undefined): ManifestValue {
  return namespace === undefined ? {} : { matchLabels: { [NAME_LABEL]: namespace } };
}

/** All peers of a list as values; `undefined` where one of them cannot be written. */
export function peerValues(
  peers: readonly PeerRequest[],
  write: (peer: PeerRequest) => ManifestValue | undefined,
): readonly ManifestValue[] | undefined {
  const values = peers.map(write);
  const written = values.filter((value) => value !== undefined);
  return written.length === values.length ? written : undefined;
}
