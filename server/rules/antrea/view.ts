import { memo } from '../../base/memo.ts';
import { DIRECTIONS, type Direction } from '../../model/policy.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import type { Path } from '../../syntax/path.ts';
import { isList, isMap, serverView, type JsonList, type JsonMap, type JsonValue } from '../schema/server-view.ts';
import { schemaOf } from '../schema/schemas.ts';

/**
 * An Antrea object as the webhook of antrea-controller sees it: decoded by Go, so that null is as good as missing, and what has a wrong
 * type (which the API server rejects before) is left out.
 */
export interface WebhookView {
  readonly spec: JsonMap;
  readonly name: string | undefined;
  readonly rules: readonly RuleView[];
  /** Does the CRD leave the values of `matchLabels` to the webhook? */
  readonly uncheckedLabels: boolean;
  /** A field that is not there may stand in what a template fills in. */
  readonly isIncomplete: (map: JsonMap) => boolean;
}

/** One rule of a policy. */
export interface RuleView {
  readonly direction: Direction;
  readonly path: Path;
  readonly rule: JsonMap;
}

/** What the webhook rejects, and where. */
export interface Objection {
  readonly path: Path;
  /** Underline the field as such, not its value. */
  readonly onKey?: boolean;
  /** About something that is not there. */
  readonly absence?: boolean;
  readonly message: string;
  readonly related?: readonly { readonly path: Path; readonly message: string }[];
}

/** The view of a manifest of a kind; `undefined` where it is no object at all. */
export const webhookView: (manifest: Manifest, kind: Parameters<typeof schemaOf>[0]) => WebhookView | undefined = memo(
  ({ root }: Manifest, kind: Parameters<typeof schemaOf>[0]): WebhookView | undefined => {
    const place = schemaOf(kind);
    if (!root || !place) return undefined;
    const { value, incomplete } = serverView(root, place);
    const object = isMap(value) ? value : undefined;
    if (!object) return undefined;
    const metadata = mapIn(object, 'metadata');
    const name = metadata?.['name'];
    const spec = mapIn(object, 'spec') ?? {};
    // A spec that a template makes is unknown as a whole.
    const unknownSpec = Object.hasOwn(object, 'spec') && object['spec'] === undefined;
    return {
      spec,
      name: typeof name === 'string' ? name : undefined,
      rules: DIRECTIONS.flatMap((direction) =>
        (listIn(spec, direction) ?? []).flatMap((rule, i) => (isMap(rule) ? [{ direction, path: ['spec', direction, i], rule }] : [])),
      ),
      uncheckedLabels: kind.kind === 'Group',
      isIncomplete: (map) => unknownSpec || incomplete.has(object) || incomplete.has(map),
    };
  },
);

/** Is the field there, in Go's sense: not null? A value that a template fills in is there. */
export function isSet(map: JsonMap, field: string): boolean {
  return Object.hasOwn(map, field) && map[field] !== '';
}

/** The fields that Go's `reflect` finds set: everything but missing, null and `""`; an empty list or object is set. */
export function setFields(map: JsonMap): readonly string[] {
  return Object.keys(map).filter((field) => isSet(map, field));
}

/** A field that is an object. */
export function mapIn(map: JsonMap, field: string): JsonMap | undefined {
  const value = map[field];
  return isMap(value) ? value : undefined;
}

/** A field that is a list. */
export function listIn(map: JsonMap, field: string): JsonList | undefined {
  const value = map[field];
  return isList(value) ? value : undefined;
}

/** The objects of a list, with their places. */
export function mapsIn(map: JsonMap, field: string, path: Path): readonly { readonly map: JsonMap; readonly path: Path }[] {
  return (listIn(map, field) ?? []).flatMap((item: JsonValue, i) => (isMap(item) ? [{ map: item, path: [...path, field, i] }] : []));
}

/** The field of a rule that lists its peers. */
export function peersField(direction: Direction): 'from' | 'to' {
  return direction === 'ingress' ? 'from' : 'to';
}
