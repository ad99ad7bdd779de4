import type { JudgedKindEntry } from '../../model/kind.ts';
import type { Slot } from '../../syntax/slot.ts';
import { fieldOf, fieldsOf, type Schema } from '../../rules/schema/schemas.ts';
import type { FeatureContext } from '../context.ts';
import { fieldAt, type SchemaField } from '../text/field.ts';
import { fieldDetail, fieldText } from '../text/field-text.ts';
import type { SuggestionDraft } from '../text/suggestion.ts';
import { labelKeyWords } from './from-workspace.ts';
import { keySkeleton, neededFields, quotedKey } from './skeleton.ts';

/** The keys that may be added to a map: required ones first, those that are there or exclude each other left out. */
export function keyDrafts(slot: Slot, map: SchemaField, kind: JudgedKindEntry, context: FeatureContext): readonly SuggestionDraft[] {
  if (map.schema.properties === undefined) return labelDrafts(slot, map, kind, context);
  const needed = neededFields(map.schema);
  const names = fieldsOf(map.place).filter((name) => isOpen(name, map.schema, slot.siblings));
  const ordered = [...names.filter((name) => needed.includes(name)), ...names.filter((name) => !needed.includes(name))];
  return ordered.flatMap((name) => {
    const field = fieldAt(kind, [...slot.path, name]);
    if (!field || field.schema['x-set-by'] === 'server') return [];
    // The server drops a namespace on kinds of the whole cluster.
    if (kind.scope === 'Cluster' && name === 'namespace' && slot.path.join('.') === 'metadata') return [];
    if (field.experimental && context.settings.policyApiChannel === 'standard') return [];
    return [keyDraft(name, field, slot, kind)];
  });
}

/** Neither there already, nor excluded by what is there. */
function isOpen(name: string, schema: Schema, present: readonly string[]): boolean {
  if (present.includes(name)) return false;
  const only = schema['x-exactly-one'] ?? [];
  if (only.includes(name) && present.some((other) => only.includes(other))) return false;
  const excludes = (one: string, other: string): boolean => {
    const named = schema['x-excludes'] ?? {};
    // A key may be called `toString`.
    return Object.hasOwn(named, one) && named[one]?.includes(other) === true;
  };
  return !present.some((other) => excludes(other, name) || excludes(name, other));
}

function keyDraft(name: string, field: SchemaField, slot: Slot, kind: JudgedKindEntry): SuggestionDraft {
  const snippet = slot.hasColon ? quotedKey(name, slot.json) : keySkeleton(name, field.place, slot);
  return {
    label: name,
    kind: 'key',
    detail: fieldDetail(field),
    documentation: fieldText(field, kind),
    snippet,
    continues: !slot.hasColon && !snippet.includes('|}'),
  };
}

/** Keys of a free map. Only in selectors: the labels and annotations of the policy itself do not matter. */
function labelDrafts(slot: Slot, map: SchemaField, kind: JudgedKindEntry, context: FeatureContext): readonly SuggestionDraft[] {
  const entry = fieldOf(map.place, '');
  if (!entry || slot.path.at(-1) !== 'matchLabels') return [];
  const usual = fieldAt(kind, [...slot.path.slice(0, -1), 'matchExpressions', 0, 'key'])?.schema['x-suggest']?.map(String) ?? [];
  return labelKeyWords(slot, usual, context)
    .filter(({ word }) => !slot.siblings.includes(word))
    .map(({ word, detail, documentation }) => ({
      label: word,
      kind: 'key',
      detail,
      documentation,
      snippet: slot.hasColon ? quotedKey(word, slot.json) : keySkeleton(word, entry, slot),
      continues: !slot.hasColon,
    }));
}
