import { count } from '../../base/english.ts';
import { asMap, content, get, pairsOf, type Node } from '../../syntax/tree.ts';
import { firstId, type BuildObject } from '../../workspace/kustomize/objects.ts';
import { stringsIn, textOfScalar } from '../../workspace/kustomize/values.ts';

/** A value that objects of a build have, and what it stands for in a few words. */
export interface ObjectWord {
  readonly word: string;
  readonly detail: string;
}

const MAX_WORDS = 500;

/**
 * What a field of a target can be, so that it matches objects of a build: `kind`, `group`, `version`, `name`, `namespace` (as they are written
 * and as they become), `labelSelector` and `annotationSelector`. `chosen` limits the objects to some kinds.
 */
export function objectWords(objects: readonly BuildObject[], field: string, chosen: { readonly kind?: RegExp }): readonly ObjectWord[] {
  const uses = new Map<string, Set<string>>();
  const note = (word: string, title: string): void => {
    if (word === '') return;
    const titles = uses.get(word) ?? new Set<string>();
    uses.set(word, titles.add(title));
  };
  for (const object of objects) {
    if (chosen.kind && !chosen.kind.test(object.id.kind)) continue;
    for (const word of wordsOf(object, field)) note(word, `${object.id.kind} ${object.id.name}`);
  }
  return [...uses]
    .slice(0, MAX_WORDS)
    .map(([word, titles]) => ({ word, detail: titles.size === 1 ? ([...titles][0] ?? '') : count(titles.size, 'object') }));
}

function wordsOf(object: BuildObject, field: string): readonly string[] {
  const first = firstId(object);
  switch (field) {
    case 'kind':
      return [object.id.kind];
    case 'group':
      return [object.id.group];
    case 'version':
      return [object.id.version];
    case 'apiVersion':
      return [[object.id.group, object.id.version].filter((part) => part !== '').join('/')];
    case 'name':
      return [first.name];
    case 'namespace':
      return [...new Set([first.namespace, object.id.namespace])];
    case 'labelSelector':
      return selectorWords(object, 'labels');
    case 'annotationSelector':
      return selectorWords(object, 'annotations');
    default:
      return [];
  }
}

function selectorWords({ root }: BuildObject, field: string): readonly string[] {
  return [...stringsIn(get(get(root, 'metadata'), field))].map(([name, value]) => `${name}=${value}`);
}

/** The images of containers, without tag and digest, and what uses them. */
export function imageWords(objects: readonly BuildObject[]): readonly ObjectWord[] {
  const uses = new Map<string, Set<string>>();
  for (const { root, id } of objects) {
    for (const image of imagesIn(root)) {
      const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
      uses.set(name, (uses.get(name) ?? new Set<string>()).add(`${id.kind} ${id.name}`));
    }
  }
  return [...uses].map(([word, titles]) => ({ word, detail: [...titles].slice(0, 3).join(', ') }));
}

function* imagesIn(node: Node): Generator<string> {
  const at = content(node);
  if (at?.kind === 'seq') for (const { value } of at.items) yield* imagesIn(value);
  const map = asMap(node);
  for (const { name, value } of map ? pairsOf(map) : []) {
    const text = name === 'image' ? textOfScalar(value) : undefined;
    if (text === undefined) yield* imagesIn(value);
    else yield text;
  }
}
