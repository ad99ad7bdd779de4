import { list, quote } from '../../base/english.ts';
import { parseCidr, strictlyContainsCidr } from '../../base/cidr.ts';
import type { Path } from '../../syntax/path.ts';
import { fits } from '../schema/formats.ts';
import { isMap, type JsonMap } from '../schema/server-view.ts';
import { keyFault, valueFault } from '../text/label-words.ts';
import { isSet, listIn, mapIn, mapsIn, peersField, setFields, type Objection, type WebhookView } from './view.ts';

interface PeerView {
  readonly map: JsonMap;
  readonly path: Path;
}

/** The peers of all rules. */
function peersOf({ rules }: WebhookView): readonly PeerView[] {
  return rules.flatMap(({ direction, path, rule }) => mapsIn(rule, peersField(direction), path));
}

/** Peers with fields that exclude each other (`validatePeers` in antrea `validate.go`). */
export function* peerObjections(view: WebhookView): Iterable<Objection> {
  for (const { map, path } of peersOf(view)) {
    const fields = setFields(map);
    const alone = ['group', 'serviceAccount', 'nodeSelector'].find((field) => fields.includes(field));
    if (alone !== undefined && fields.length > 1) {
      const others = fields.filter((field) => field !== alone);
      yield {
        path,
        message: `${quote(alone)} is set together with ${list(others.map((field) => quote(field)))} in one peer, so Antrea's webhook rejects the policy. Write an item for each.`,
      };
      continue;
    }
    if (fields.includes('namespaces') && fields.includes('namespaceSelector'))
      yield {
        path: [...path, 'namespaces'],
        onKey: true,
        message:
          "'namespaces' is set together with 'namespaceSelector' in one peer, so Antrea's webhook rejects the policy. Keep one of them.",
      };
  }
}

/** `toServices` beside what a Service brings itself. */
export function* toServicesObjections({ rules }: WebhookView): Iterable<Objection> {
  for (const { path, rule } of rules) {
    if (!isSet(rule, 'toServices')) continue;
    const to = (listIn(rule, 'to')?.length ?? 0) > 0;
    const beside = [...(to ? ['to'] : []), ...['ports', 'protocols'].filter((field) => isSet(rule, field))];
    for (const field of beside)
      yield {
        path: [...path, field],
        onKey: true,
        message: `${quote(field)} is set together with 'toServices', so Antrea's webhook rejects the policy: a Service has its own destination, ports and protocol. Remove ${quote(field)}, or write another rule for it.`,
        related: [{ path: [...path, 'toServices'], message: 'The Services.' }],
      };
  }
}

/** Address blocks of peers and groups: a block that is read by Go, and exceptions strictly inside it (`validateIPBlock`). */
export function* ipBlockObjections(view: WebhookView): Iterable<Objection> {
  const blocks = [
    ...peersOf(view).flatMap(({ map, path }) => {
      const block = mapIn(map, 'ipBlock');
      return block ? [{ map: block, path: [...path, 'ipBlock'] }] : [];
    }),
    ...mapsIn(view.spec, 'ipBlocks', ['spec']),
  ];
  for (const { map, path } of blocks) {
    const cidr = map['cidr'];
    if (!isSet(map, 'cidr') && !view.isIncomplete(map))
      yield {
        path,
        absence: true,
        message: "The ipBlock has no 'cidr', so Antrea's webhook rejects the manifest. Add a block such as 10.0.0.0/8.",
      };
    if (typeof cidr !== 'string') continue;
    yield* leadingZeros(cidr, [...path, 'cidr']);
    yield* exceptObjections(cidr, map, path);
  }
}

function* exceptObjections(cidr: string, map: JsonMap, path: Path): Iterable<Objection> {
  const outer = parseCidr(cidr);
  for (const [i, text] of (listIn(map, 'except') ?? []).entries()) {
    const at = [...path, 'except', i];
    const inner = typeof text === 'string' ? parseCidr(text) : undefined;
    if (typeof text !== 'string' || !inner?.ok) continue;
    yield* leadingZeros(text, at);
    if (!outer.ok || strictlyContainsCidr(outer, inner)) continue;
    yield {
      path: at,
      message: `${quote(text)} is not a smaller block inside ${quote(cidr)}, so Antrea's webhook rejects the manifest. Write a block of the same IP family with a longer prefix that lies within it.`,
      related: [{ path: [...path, 'cidr'], message: 'The block around it.' }],
    };
  }
}

/** The CRD reads `010.0.0.0/8`; the webhook uses Go's `net.ParseCIDR`, which does not. */
function* leadingZeros(text: string, path: Path): Iterable<Objection> {
  const read = parseCidr(text);
  if (!read.ok || text.includes(':') || !/(?:^|[.])0\d/.test(text.slice(0, text.indexOf('/')))) return;
  yield { path, message: `${quote(text)} has leading zeros, so Antrea's webhook rejects the manifest. Write ${read.canonical}.` };
}

/** Labels of selectors, of which the webhook checks `matchLabels` only, and the keys of `sameLabels` (`checkSelectorsLabels`). */
export function* labelObjections(view: WebhookView): Iterable<Objection> {
  const { spec, rules } = view;
  const holders: readonly PeerView[] = [
    { map: spec, path: ['spec'] },
    ...mapsIn(spec, 'appliedTo', ['spec']),
    ...rules.flatMap(({ path, rule }) => mapsIn(rule, 'appliedTo', path)),
    ...peersOf(view),
  ];
  for (const { map, path } of holders) {
    for (const field of ['podSelector', 'namespaceSelector', 'externalEntitySelector', 'nodeSelector']) {
      const labels = mapIn(mapIn(map, field) ?? {}, 'matchLabels');
      if (labels) yield* labelMapObjections(labels, [...path, field, 'matchLabels'], view.uncheckedLabels);
    }
    for (const [i, key] of (listIn(mapIn(map, 'namespaces') ?? {}, 'sameLabels') ?? []).entries()) {
      if (typeof key !== 'string' || fits('label-key', key)) continue;
      yield {
        path: [...path, 'namespaces', 'sameLabels', i],
        message: `${keyFault(key, 'label key')}, so Antrea's webhook rejects the policy.`,
      };
    }
  }
}

function* labelMapObjections(labels: JsonMap, path: Path, unchecked: boolean): Iterable<Objection> {
  for (const [key, value] of Object.entries(labels)) {
    if (!fits('label-key', key))
      yield { path: [...path, key], onKey: true, message: `${keyFault(key, 'label key')}, so Antrea's webhook rejects the manifest.` };
    // What the pattern of the CRD does not accept is reported as such.
    else if (typeof value === 'string' && !fits('label-value', value) && (unchecked || fits('label-value-pattern', value)))
      yield { path: [...path, key], message: `${valueFault(value)}, so Antrea's webhook rejects the manifest.` };
  }
}

/** Domain names with other characters than names and wildcards have (`validateFQDNSelectors`). */
export function* fqdnObjections(view: WebhookView): Iterable<Objection> {
  for (const { map, path } of peersOf(view)) {
    const name = map['fqdn'];
    if (typeof name !== 'string' || name === '' || /^[-0-9a-zA-Z.*]+$/.test(name)) continue;
    const url = /^[a-z]+:\/\/([-0-9a-zA-Z.*]+)/.exec(name)?.[1];
    yield {
      path: [...path, 'fqdn'],
      message: `${quote(name)} is not a domain name, so Antrea's webhook rejects the policy: it may contain only letters, digits, dashes, dots and *.${url === undefined ? '' : ` Write ${url}.`}`,
    };
  }
}

/** Is the address of a block a multicast address (224.0.0.0/4, ff00::/8)? */
export function isMulticast(cidr: string): boolean {
  const read = parseCidr(cidr);
  if (!read.ok) return false;
  return read.family === 4 ? read.address >> 28n === 0xen : read.address >> 120n === 0xffn;
}

/** Is it a map at all? For lists of peers with other things in them. */
export function mapOrNothing(map: JsonMap): JsonMap | undefined {
  const block = map['ipBlock'];
  return isMap(block) ? block : undefined;
}
