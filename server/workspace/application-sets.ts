import { asMap, content, get, itemsOf, pairsOf, type MapNode, type Node } from '../syntax/tree.ts';
import { listNode, plainNode, stringNode, textOfScalar } from './kustomize/values.ts';

/** The values that a generator gives to the template of an ApplicationSet, by name: `cluster`, `values.region`. */
export type Parameters = ReadonlyMap<string, string>;

/** Folders of the repository that a git generator takes, by globs over their paths. */
export interface DirectoryGlob {
  readonly path: string;
  readonly exclude: boolean;
}

/** One way in which generators fill the template: with parameters, and for each of some folders where there are globs. */
export interface Generated {
  readonly parameters: Parameters;
  readonly directories?: readonly DirectoryGlob[];
}

/**
 * What the list generators, the git generators of directories, and matrices of the two say (Argo CD, applicationset/generators). Nothing for
 * generators that ask a cluster or another service.
 */
export function generatedBy(generators: Node | undefined): readonly Generated[] {
  return itemsOf(generators).flatMap((generator): readonly Generated[] => {
    const matrix = itemsOf(get(get(generator, 'matrix'), 'generators'));
    if (matrix.length > 0) return matrix.map((one) => generatedBy(listNode([one]))).reduce(combined);
    const elements = itemsOf(get(get(generator, 'list'), 'elements'));
    if (elements.length > 0) return elements.map((element) => ({ parameters: new Map(namedStrings(element, '')) }));
    const directories = itemsOf(get(get(generator, 'git'), 'directories')).flatMap((one): readonly DirectoryGlob[] => {
      const path = textOfScalar(get(one, 'path'));
      return path === undefined ? [] : [{ path, exclude: textOfScalar(get(one, 'exclude')) === 'true' }];
    });
    return directories.length > 0 ? [{ parameters: new Map(), directories }] : [];
  });
}

/** Each of the first with each of the second; two git generators in one matrix are not read. */
function combined(first: readonly Generated[], second: readonly Generated[]): readonly Generated[] {
  return first.flatMap((one) =>
    second.flatMap((other): readonly Generated[] => {
      if (one.directories && other.directories) return [];
      const directories = one.directories ?? other.directories;
      return [{ parameters: new Map([...one.parameters, ...other.parameters]), ...(directories ? { directories } : {}) }];
    }),
  );
}

function* namedStrings(node: Node, prefix: string): Generator<readonly [string, string]> {
  const map = asMap(node);
  for (const { name, value } of map ? pairsOf(map) : []) {
    if (name === undefined) continue;
    const text = textOfScalar(value);
    if (text === undefined) yield* namedStrings(value, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, text];
  }
}

/** The parameters that a git generator gives for a folder, in both template languages: `{{path.basename}}` and `{{.path.basename}}`. */
export function directoryParameters(path: string): Parameters {
  const basename = path.slice(path.lastIndexOf('/') + 1);
  const normalized = basename.replace(/[^a-zA-Z0-9-]/g, '-');
  const segments = path.split('/').flatMap((segment, i): readonly (readonly [string, string])[] => [
    [`path[${i}]`, segment],
    [`index .path.segments ${i}`, segment],
  ]);
  return new Map([['path', path], ['path.path', path], ['path.basename', basename], ['path.basenameNormalized', normalized], ...segments]);
}

/** The template with `{{ name }}` and `{{ .name }}` replaced. What no parameter gives stays as it is. */
export function filledTemplate(template: MapNode, parameters: Parameters): MapNode {
  const filled = filledNode(template, parameters);
  return filled.kind === 'map' ? filled : template;
}

function filledNode(node: Node, parameters: Parameters): Node {
  const at = content(node);
  if (at?.kind === 'scalar') {
    const text = textOfScalar(at);
    if (text === undefined || !text.includes('{{')) return node;
    const filled = filledText(text, parameters);
    return at.style === 'plain' ? plainNode(filled, node.origin) : stringNode(filled, node.origin);
  }
  if (at?.kind === 'seq')
    return listNode(
      at.items.map(({ value }) => filledNode(value, parameters)),
      at,
    );
  if (at?.kind !== 'map') return node;
  return { ...at, pairs: pairsOf(at).map((pair) => ({ ...pair, value: filledNode(pair.value, parameters) })) };
}

function filledText(text: string, parameters: Parameters): string {
  return text.replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (whole: string, name: string) => {
    const plain = name.startsWith('.') ? name.slice(1) : name;
    // `{{.path}}` is the whole object of the Go template; only `{{path}}` is the text.
    return (name === '.path' ? undefined : parameters.get(plain)) ?? whole;
  });
}

/** Is something in a text left to be filled in? */
export function isOpenTemplate(text: string): boolean {
  return text.includes('{{');
}
