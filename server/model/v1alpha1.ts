import { hasHole, stringOf } from '../syntax/tree.ts';
import type { PortMatch } from './policy.ts';
import { protocolIn, readBounds } from './port.ts';
import { given, integerIn, mapAt, TEMPLATE, type ListItem, type Reading } from './read.ts';
import type { ManifestValue, RuleRequest } from './rule-request.ts';

/** One item of `ports`, as AdminNetworkPolicy and BaselineAdminNetworkPolicy share it: `portNumber`, `portRange` or `namedPort`. */
export function readPortV1alpha1({ node, path }: ListItem, reading: Reading): PortMatch {
  const unreadable: PortMatch = { kind: 'unreadable', path };
  const before = reading.length;
  const entry = mapAt(node, path, ['portNumber', 'portRange', 'namedPort'], reading);
  const number = given(entry, 'portNumber');
  const range = given(entry, 'portRange');
  const name = given(entry, 'namedPort');
  if (reading.length === before && [number, range, name].filter(Boolean).length !== 1) {
    reading.push({ path, why: 'must name exactly one of portNumber, portRange, namedPort' });
  }
  if (reading.length > before) return unreadable;
  const named = stringOf(name);
  if (named !== undefined) return { kind: 'named', name: named, path, at: [...path, 'namedPort'] };
  const field = number ? 'portNumber' : 'portRange';
  const match = mapAt(number ?? range, [...path, field], number ? ['protocol', 'port'] : ['protocol', 'start', 'end'], reading);
  // The CRD lets any text pass as protocol; an empty one is Go's way to say that there is none.
  const written = given(match, 'protocol');
  const protocol = protocolIn(stringOf(written) === '' ? undefined : written, [...path, field, 'protocol'], reading);
  const [start, end] = number ? [given(match, 'port'), given(match, 'port')] : [given(match, 'start'), given(match, 'end')];
  const bounds = readBounds(integerIn(start), integerIn(end));
  if (protocol && bounds && reading.length === before)
    return { kind: 'range', protocol, ...bounds, path, at: (number ? ['port'] : ['start', 'end']).map((end) => [...path, field, end]) };
  if (reading.length === before)
    reading.push({ path, why: hasHole(node) ? TEMPLATE : 'is not a port or range of ports from 1 to 65535, so it matches nothing' });
  return unreadable;
}

/** What `readPortV1alpha1` reads. */
export function writePortV1alpha1({ protocol, port }: RuleRequest['ports'][number]): ManifestValue {
  return { portNumber: { protocol, port } };
}
