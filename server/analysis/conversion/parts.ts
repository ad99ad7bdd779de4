import { parseCidr } from '../../base/cidr.ts';
import { PROTOCOLS } from '../../base/ports.ts';
import type { PortMatch } from '../../model/policy.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import type { Path } from '../../syntax/path.ts';

/** A text as a value. */
export function text(value: string): Marked {
  return { kind: 'scalar', value };
}

/** A number as a value. */
export function number(value: number): Marked {
  return { kind: 'scalar', value };
}

/** A list of values that come from nowhere. */
export function listOf(values: readonly Marked[]): Marked {
  return { kind: 'list', items: values.map((value) => ({ value })) };
}

/** A list of values, each with the item that it comes from. */
export function items(values: readonly MarkedItem[]): Marked {
  return { kind: 'list', items: values };
}

/** A label selector in the form of Kubernetes; `rename` writes its keys otherwise. */
export function selector({ requirements }: LabelSelector, rename: (key: string) => string = (key) => key): Marked {
  const exact = requirements.filter(isExact);
  const others = requirements.filter((one) => !isExact(one));
  return map(
    exact.length === 0
      ? []
      : field('matchLabels', map(...exact.map(({ key, values, path }) => field(rename(key), text(values[0] ?? ''), path)))),
    others.length === 0
      ? []
      : field(
          'matchExpressions',
          items(
            others.map(({ key, operator, values, path }) => ({
              from: path,
              value: map(
                field('key', text(rename(key))),
                field('operator', text(operator)),
                values.length === 0 ? [] : field('values', listOf(values.map(text))),
              ),
            })),
          ),
        ),
  );
}

/** `app=web`: several of them with one key cannot stand in a map. */
function isExact({ operator, values, path }: Requirement): boolean {
  return operator === 'In' && values.length === 1 && path.at(-2) === 'matchLabels';
}

/** A block without host bits, which some APIs do not accept. */
export function canonicalBlock(cidr: string): string {
  const read = parseCidr(cidr);
  return read.ok ? read.canonical : cidr;
}

/**
 * A port as the items of a list of ports, with an end of its range and a protocol; a name without a protocol once for each. `portField`
 * writes the first number, `undefined` for every port, in the form of the API.
 */
export function portItems(
  port: PortMatch,
  portField: (first: number | undefined, at: Path | undefined) => readonly MarkedField[],
): readonly MarkedItem[] {
  if (port.kind === 'named')
    return (port.protocol === undefined ? PROTOCOLS : [port.protocol]).map((protocol) => ({
      from: port.path,
      value: map(field('port', text(port.name)), field('protocol', text(protocol))),
    }));
  if (port.kind !== 'range') return [];
  const isAll = port.from <= 1 && port.to === 65_535;
  const value = map(
    portField(isAll ? undefined : port.from, port.at[0]),
    isAll || port.from === port.to ? [] : field('endPort', number(port.to), port.at[1]),
    field('protocol', text(port.protocol)),
  );
  return [{ from: port.path, value }];
}
