import { parse } from '../../syntax/parse.ts';
import { blockText } from '../../syntax/print.ts';
import { asMap, content, get, itemsOf, type Node, type Origin } from '../../syntax/tree.ts';
import { changedAtSteps, fieldSteps, pathTo, type Changed } from './field-paths.ts';
import { effectiveNamespace, isKind, titleOfId, type Id } from './ids.ts';
import { allIds, BuildError, withRoot, type BuildObject } from './objects.ts';
import { selectorOf, selectsId, type Selector } from './selectors.ts';
import {
  isListValue,
  isNothing,
  jsonOf,
  originAt,
  placed,
  plainNode,
  plainValue,
  stringNode,
  stringsIn,
  textOfScalar,
  type Json,
} from './values.ts';

/** How a field of a configuration is looked up; keys of a kustomization may be in any case. */
export type FieldReader = (node: Node | undefined, name: string) => Node | undefined;

/** Copies a value from one object into fields of others. Throws a BuildError where kustomize refuses. */
export function withReplacement(
  objects: readonly BuildObject[],
  replacement: Node,
  place: Origin,
  field: FieldReader,
): readonly BuildObject[] {
  const targets = field(replacement, 'targets');
  const [source, literal] = [field(replacement, 'source'), field(replacement, 'sourceValue')];
  if ((!source && !literal) || !targets) throw new BuildError('A replacement needs a source and at least one target.', place);
  if (source && literal) throw new BuildError(`'source' and 'sourceValue' exclude each other.`, place);
  const at: Origin = { written: place.written, path: [...place.path, 'source'] };
  const value = literal
    ? plainNode(textOfScalar(literal) ?? '', { written: place.written, path: [...place.path, 'sourceValue'] })
    : sourceValue(objects, source, at, field);
  return itemsOf(targets).reduce(
    (all, target, i) => intoTarget(all, target, value, { written: place.written, path: [...place.path, 'targets', i] }, field),
    objects,
  );
}

/** Reads the value of a replacement. */
function sourceValue(objects: readonly BuildObject[], source: Node | undefined, place: Origin, field: FieldReader): Node {
  const text = (name: string): string => textOfScalar(field(source, name)) ?? '';
  const selector = { group: text('group'), version: text('version'), kind: text('kind'), name: text('name'), namespace: text('namespace') };
  const found = objects.filter((object) => allIds(object).some((id) => matchesId(id, selector)));
  const [first, second] = found;
  const title = `${selector.kind || 'an object'} '${selector.name || '*'}'`;
  if (!first) throw new BuildError(`The source of the replacement, ${title}, is not in this build.`, place, 'kustomization-target');
  if (second)
    throw new BuildError(`The source of the replacement, ${title}, may be ${titleOfId(first.id)} or ${titleOfId(second.id)}.`, place);
  const path = text('fieldPath') || 'metadata.name';
  const steps = pathTo(first.root, fieldSteps(path));
  const node = steps && nodeAtPath(first.root, steps);
  if (!node || !steps || isEmpty(node))
    throw new BuildError(`${titleOfId(first.id)} has no '${path}', which is the source of the replacement.`, place, 'kustomization-target');
  const options = field(source, 'options');
  const delimiter = textOfScalar(field(options, 'delimiter')) ?? '';
  const value = placed(content(node) ?? node, originAt(first.root, first.place, steps));
  if (delimiter === '') return value;
  const whole = textOfScalar(node);
  if (whole === undefined) throw new BuildError(`'delimiter' needs a single value, and '${path}' has none.`, place);
  const index = Number(textOfScalar(field(options, 'index')) ?? '0');
  const part = whole.split(delimiter)[index];
  if (index < 0 || part === undefined) throw new BuildError(`'options.index' ${index} is outside of '${whole}'.`, place);
  return value.kind === 'scalar'
    ? { ...value, text: part, value: value.style === 'plain' ? plainValue(part) : { type: 'string', value: part } }
    : value;
}

function matchesId(id: Id, selector: Id): boolean {
  return (
    (selector.name === '' || selector.name === id.name) &&
    (selector.namespace === '' || effectiveNamespace(selector) === effectiveNamespace(id)) &&
    isKind(id, selector)
  );
}

function nodeAtPath(root: Node, path: readonly (string | number)[]): Node | undefined {
  let at: Node | undefined = root;
  for (const step of path) {
    const node: ReturnType<typeof content> = at && content(at);
    at = node?.kind === 'seq' && typeof step === 'number' ? node.items[step]?.value : get(node, String(step));
  }
  return at;
}

function isEmpty(node: Node): boolean {
  const at = content(node);
  if (isNothing(node)) return true;
  if (at?.kind === 'map') return at.pairs.length === 0;
  return at?.kind === 'seq' && at.items.length === 0;
}

function intoTarget(objects: readonly BuildObject[], target: Node, value: Node, place: Origin, field: FieldReader): readonly BuildObject[] {
  const select = field(target, 'select');
  if (!select) throw new BuildError(`A target of a replacement needs 'select'.`, place);
  const selector = selectorOf(select, field);
  const rejected = itemsOf(field(target, 'reject')).map((one) => selectorOf(one, field));
  const paths = itemsOf(field(target, 'fieldPaths')).flatMap((path) => textOfScalar(path) ?? []);
  const options = field(target, 'options');
  return objects.map((object) => {
    const ids = allIds(object);
    if (!byLabels(selector, object) || rejected.some((one) => rejects(one, object, ids))) return object;
    if (!ids.some((id) => selectsId(selector, id))) return object;
    return (paths.length > 0 ? paths : ['metadata.name']).reduce((one, path) => withCopy(one, path, value, options, place, field), object);
  });
}

function byLabels(selector: Selector, { root }: BuildObject): boolean {
  const metadata = get(root, 'metadata');
  return selector.labels(stringsIn(get(metadata, 'labels'))) && selector.annotations(stringsIn(get(metadata, 'annotations')));
}

function rejects(selector: Selector, object: BuildObject, ids: readonly Id[]): boolean {
  if (selector.asksForLabels && byLabels(selector, object)) return true;
  return selector.asksForId && ids.some((id) => selectsId(selector, id));
}

function withCopy(
  object: BuildObject,
  path: string,
  value: Node,
  options: Node | undefined,
  place: Origin,
  field: FieldReader,
): BuildObject {
  const create = textOfScalar(field(options, 'create')) === 'true' ? (content(value)?.kind ?? 'scalar') : undefined;
  const set = (node: Node): Node => copied(node, value, options, place, field);
  const steps = fieldSteps(path);
  const inText = inStructuredText(object.root, steps, create, set);
  const after = inText ?? atSteps(object, steps, create, set, place);
  if (after.count === 0)
    throw new BuildError(
      `${titleOfId(object.id)} has no '${path}', which the replacement is to set. Correct the path, or set 'options.create: true'.`,
      place,
      'kustomization-target',
    );
  const root = asMap(after.node);
  return root ? withRoot(object, root) : object;
}

function atSteps(
  object: BuildObject,
  steps: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  set: (node: Node) => Node,
  place: Origin,
): Changed {
  try {
    return changedAtSteps(object.root, steps, create, set);
  } catch (fault) {
    if (fault instanceof BuildError && !fault.place)
      throw new BuildError(
        `The replacement does not reach '${steps.join('.')}' of ${titleOfId(object.id)}: ${fault.message}`,
        place,
        'kustomization-target',
      );
    throw fault;
  }
}

/** The target with the value in it. A single value keeps the type of the target where that is a string. */
function copied(target: Node, value: Node, options: Node | undefined, place: Origin, field: FieldReader): Node {
  const delimiter = textOfScalar(field(options, 'delimiter')) ?? '';
  const at = content(target);
  const source = content(value);
  if (delimiter !== '' && at?.kind !== 'scalar') throw new BuildError(`'delimiter' needs a target that is a single value.`, place);
  if (at?.kind !== 'scalar' || source?.kind !== 'scalar') return value;
  const text =
    delimiter === '' ? source.text : joined(at.text, source.text, delimiter, Number(textOfScalar(field(options, 'index')) ?? '0'));
  const isString = at.style !== 'plain' || (at.value.type === 'string' && at.text !== '');
  return isString ? stringNode(text, value.origin) : plainNode(text, value.origin);
}

function joined(whole: string, part: string, delimiter: string, index: number): string {
  const parts = whole.split(delimiter);
  if (index < 0) parts.unshift(part);
  else if (index >= parts.length) parts.push(part);
  else parts[index] = part;
  return parts.join(delimiter);
}

/** A path that leads into a text which is YAML or JSON itself; `undefined` where it does not, or finds nothing there. */
function inStructuredText(
  root: Node,
  steps: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  set: (node: Node) => Node,
): Changed | undefined {
  for (let i = 1; i < steps.length; i++) {
    const path = pathTo(root, steps.slice(0, i));
    const node = path && nodeAtPath(root, path);
    const text = node && content(node);
    if (text?.kind !== 'scalar') continue;
    const parsed = parse(text.text);
    if (!parsed.root || parsed.problems.length > 0) return undefined;
    try {
      const inner = changedAtSteps(parsed.root, steps.slice(i), create, set);
      if (inner.count === 0) return undefined;
      return changedAtSteps(root, steps.slice(0, i), undefined, (existing) =>
        stringNode(serialised(inner.node, text.text), existing.origin),
      );
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function serialised(node: Node, like: string): string {
  const json = jsonOf(node);
  // Go writes the keys of JSON in order.
  if (/^\s*[{[]/.test(like))
    return like.includes('\n') && like.includes('  ') ? JSON.stringify(sorted(json), undefined, 2) : JSON.stringify(sorted(json));
  return blockText(json, 0, { listIndent: 0, eol: '\n' }).trim();
}

function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isListValue(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
