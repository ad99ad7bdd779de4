import { RE2JS } from 're2js';
import { get, type Node } from '../../syntax/tree.ts';
import type { Gvk, Id } from './ids.ts';
import { BuildError } from './objects.ts';
import { textOfScalar } from './values.ts';

/** Which objects are meant: patterns for the whole text (kustomize `types.Selector`), and selectors of labels and annotations. */
export interface Selector {
  readonly kindOf: (gvk: Gvk) => boolean;
  readonly name: (name: string) => boolean;
  readonly namespace: (namespace: string) => boolean;
  readonly labels: (labels: ReadonlyMap<string, string>) => boolean;
  readonly annotations: (annotations: ReadonlyMap<string, string>) => boolean;
  /** Does it ask for anything but labels and annotations? */
  readonly asksForId: boolean;
  readonly asksForLabels: boolean;
}

/** Reads a selector. Throws a BuildError for a pattern or a label selector that cannot be read. */
export function selectorOf(node: Node | undefined, field: (node: Node | undefined, name: string) => Node | undefined = get): Selector {
  const text = (name: string): string => textOfScalar(field(node, name)) ?? '';
  const [group, version, kind] = [pattern(text('group')), pattern(text('version')), pattern(text('kind'))];
  return {
    kindOf: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    name: pattern(text('name')),
    namespace: pattern(text('namespace')),
    labels: labelSelector(text('labelSelector')),
    annotations: labelSelector(text('annotationSelector')),
    asksForId: ['group', 'version', 'kind', 'name', 'namespace'].some((name) => text(name) !== ''),
    asksForLabels: text('labelSelector') !== '' || text('annotationSelector') !== '',
  };
}

/** Does the selector name this id? */
export function selectsId(selector: Selector, id: Id): boolean {
  return selector.kindOf(id) && selector.name(id.name) && selector.namespace(id.namespace);
}

/** A matcher for the whole text; RE2 never backtracks. An empty pattern matches all. */
function pattern(text: string): (word: string) => boolean {
  if (text === '') return () => true;
  if (/^[\w/. -]*$/.test(text) && !text.includes('.')) return (word) => word === text;
  const compiled = regularExpression(`^(?:${text})$`, text);
  return (word) => compiled.matcher(word).find();
}

/** A compiled pattern. Throws a BuildError where it is none. */
export function regularExpression(source: string, shown: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw new BuildError(`'${shown}' is not a valid regular expression (RE2 syntax).`);
  }
}

type LabelTest = (labels: ReadonlyMap<string, string>) => boolean;

/** A label selector in its text form: `app=web,tier!=db,env in (a, b),!legacy` (apimachinery `labels.Parse`). */
function labelSelector(text: string): LabelTest {
  if (text.trim() === '') return () => true;
  const tests = requirementsIn(text).map((one) => requirement(one.trim(), text));
  return (labels) => tests.every((test) => test(labels));
}

/** Split at commas that are not in parentheses. */
function requirementsIn(text: string): readonly string[] {
  return text.match(/(?:\([^)]*\)|[^,(])+/g) ?? [];
}

function requirement(text: string, whole: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    if (operator === 'in') return (labels) => values.includes(labels.get(key) ?? '') && labels.has(key);
    return (labels) => !labels.has(key) || !values.includes(labels.get(key) ?? '');
  }
  const compared = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*([^\s=!<>]*)$/.exec(text);
  if (compared) {
    const [, key = '', operator, value = ''] = compared;
    if (operator === '!=') return (labels) => labels.get(key) !== value;
    if (operator === '>') return (labels) => labels.has(key) && Number(labels.get(key)) > Number(value);
    if (operator === '<') return (labels) => labels.has(key) && Number(labels.get(key)) < Number(value);
    return (labels) => labels.get(key) === value;
  }
  const exists = /^(!?)\s*([^\s=!<>(),]+)$/.exec(text);
  if (exists) {
    const [, not, key = ''] = exists;
    return (labels) => labels.has(key) === (not === '');
  }
  throw new BuildError(`'${whole}' is not a valid label selector.`);
}
