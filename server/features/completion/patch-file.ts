import { asMap, content, pairsOf, type Node } from '../../syntax/tree.ts';
import { scalarText } from '../../syntax/edit.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { manifestsOf } from '../../syntax/source-file.ts';
import type { Slot } from '../../syntax/slot.ts';
import { fieldIn } from '../../workspace/kustomize/fields.ts';
import { BuildError, type BuildObject } from '../../workspace/kustomize/objects.ts';
import { selected } from '../../workspace/kustomize/patches.ts';
import { stringsIn } from '../../workspace/kustomize/values.ts';
import { builtObjectsAt, fileAt, isPatch, type Snapshot } from '../../workspace/snapshot.ts';
import { parentOf } from '../../workspace/uri.ts';
import { patchEntries, type EntryPlace } from '../built/effects.ts';
import type { FeatureContext } from '../context.ts';
import { escapeSnippet, snippetChoice } from '../text/snippet.ts';
import type { SuggestionDraft } from '../text/suggestion.ts';
import { objectWords, type ObjectWord } from './object-words.ts';

/**
 * What can be written in a file that a kustomization names as a patch: of a strategic merge patch the kind, name and namespace of the objects
 * that exist; of a list of JSON patch operations (RFC 6902) its fields, operations and the paths of its target. None in other files.
 */
export function patchFileDrafts(slot: Slot, context: FeatureContext): readonly SuggestionDraft[] {
  if (!isPatch(context.snapshot, context.uri)) return [];
  const [first, second] = slot.path;
  if (typeof first === 'number') return operationDrafts(slot, context);
  if (slot.role !== 'value' || !slot.alone) return [];
  const field = slot.path.length === 1 ? first : first === 'metadata' && slot.path.length === 2 ? second : undefined;
  if (typeof field !== 'string' || !['kind', 'apiVersion', 'name', 'namespace'].includes(field)) return [];
  const objects = patchEntries(context.snapshot, context.uri).flatMap(({ uri }) => builtObjectsAt(context.snapshot, parentOf(uri)));
  const kind = stringsIn(slot.manifest.root).get('kind');
  const chosen = kind === undefined || first !== 'metadata' ? objects : objects.filter(({ id }) => id.kind === kind);
  return objectWords(chosen, field, {}).map((word) => valueDraft(word));
}

function valueDraft({ word, detail }: ObjectWord): SuggestionDraft {
  return { label: word, kind: 'value', detail, documentation: '', snippet: escapeSnippet(scalarText(word)) };
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

function operationDrafts(slot: Slot, { snapshot, uri }: FeatureContext): readonly SuggestionDraft[] {
  const [, field] = slot.path;
  if (slot.role === 'key' && slot.path.length === 1) return keyDrafts(slot);
  if (slot.role !== 'value' || slot.path.length !== 2) return [];
  if (field === 'op') return OPERATIONS.map((word) => valueDraft({ word, detail: 'operation' }));
  if (field !== 'path' && field !== 'from') return [];
  const targets = patchEntries(snapshot, uri).flatMap((entry) => targetsOf(snapshot, entry));
  const pointers = new Map<string, string>();
  for (const { root, id } of targets)
    for (const pointer of pointersIn(root, ''))
      if (pointers.size < MAX_POINTERS && !pointers.has(pointer)) pointers.set(pointer, `${id.kind} ${id.name}`);
  return [...pointers].map(([word, detail]) => valueDraft({ word, detail }));
}

const MAX_POINTERS = 500;

function keyDrafts({ siblings }: Slot): readonly SuggestionDraft[] {
  const texts = { op: ` ${snippetChoice(1, OPERATIONS)}`, path: ' $1', value: ' $1', from: ' $1' };
  return Object.entries(texts).flatMap(([name, text]) =>
    siblings.includes(name)
      ? []
      : [
          {
            label: name,
            kind: 'key' as const,
            detail: 'JSON patch',
            documentation: '',
            snippet: `${name}:${text}`,
            continues: name === 'path',
          },
        ],
  );
}

/** The objects that the target of an entry selects; none where its pattern is no regular expression. */
function targetsOf(snapshot: Snapshot, { uri, path }: EntryPlace): readonly BuildObject[] {
  const file = fileAt(snapshot, uri);
  const target = fieldIn(nodeAt(file && manifestsOf(file)[0]?.manifest.root, path), 'target');
  if (!target) return [];
  try {
    return selected(builtObjectsAt(snapshot, parentOf(uri)), target, fieldIn);
  } catch (fault) {
    if (fault instanceof BuildError) return [];
    throw fault;
  }
}

/** The JSON pointers (RFC 6901) of all fields and items, the outer ones first. */
function* pointersIn(node: Node, at: string): Generator<string> {
  const value = content(node);
  const inner: (readonly [string, Node])[] = [];
  if (value?.kind === 'seq') inner.push(...value.items.map((item, i) => [`${at}/${i}`, item.value] as const), [`${at}/-`, value]);
  const map = asMap(node);
  for (const pair of map ? pairsOf(map) : [])
    if (pair.name !== undefined) inner.push([`${at}/${pair.name.replaceAll('~', '~0').replaceAll('/', '~1')}`, pair.value]);
  for (const [pointer, one] of inner) {
    yield pointer;
    if (one !== value) yield* pointersIn(one, pointer);
  }
}
