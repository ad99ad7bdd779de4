import { code, paragraphs } from '../../base/markdown.ts';
import type { PolicyKindEntry } from '../../model/kind.ts';
import type { Settings } from '../../settings.ts';
import type { Path } from '../../syntax/path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { fieldOf, fieldsOf, type Schema } from '../../rules/schemas.ts';
import { fieldAt, type Field } from '../text/field.ts';
import { fieldDetail, fieldText } from '../text/field-text.ts';
import type { Draft } from '../text/suggestion.ts';
import { keySkeleton, neededFields, quoted } from './skeleton.ts';

/** The keys that may be added to a map: required ones first, those that are there or exclude each other left out. */
export function keyDrafts(slot: Slot, map: Field, kind: PolicyKindEntry, settings: Settings): readonly Draft[] {
  if (map.schema.properties === undefined) return labelDrafts(slot, map, kind);
  const needed = neededFields(map.schema);
  const names = fieldsOf(map.place).filter((name) => isOpen(name, map.schema, slot.siblings));
  const ordered = [...names.filter((name) => needed.includes(name)), ...names.filter((name) => !needed.includes(name))];
  return ordered.flatMap((name) => {
    const field = fieldAt(kind, [...slot.path, name]);
    if (!field || field.schema['x-set-by'] === 'server') return [];
    if (field.experimental && settings.policyApiChannel === 'standard') return [];
    return [keyDraft(name, field, slot, kind)];
  });
}

/** Neither there already, nor excluded by what is there. */
function isOpen(name: string, schema: Schema, present: readonly string[]): boolean {
  if (present.includes(name)) return false;
  const only = schema['x-exactly-one'] ?? [];
  if (only.includes(name) && present.some((other) => only.includes(other))) return false;
  const excludes = schema['x-excludes'] ?? {};
  return !present.some((other) => excludes[other]?.includes(name) === true || excludes[name]?.includes(other) === true);
}

function keyDraft(name: string, field: Field, slot: Slot, kind: PolicyKindEntry): Draft {
  const snippet = slot.hasColon ? quoted(name, slot.json) : keySkeleton(name, field.place, slot);
  return {
    label: name,
    kind: 'key',
    detail: fieldDetail(field),
    documentation: fieldText(field, kind),
    snippet,
    continues: !slot.hasColon && !snippet.includes('|}'),
  };
}

/** Keys of a free map: for labels those that most objects have. */
function labelDrafts(slot: Slot, map: Field, kind: PolicyKindEntry): readonly Draft[] {
  const entry = fieldOf(map.place, '');
  if (!entry) return [];
  return suggestedLabels(slot.path, kind)
    .filter((label) => !slot.siblings.includes(label))
    .map((label) => ({
      label,
      kind: 'key',
      detail: label === NAME_LABEL ? 'the name of a namespace' : 'a common label',
      documentation:
        label === NAME_LABEL ? paragraphs(`Every namespace carries ${code(label)} with its own name, set by the API server.`) : '',
      snippet: slot.hasColon ? quoted(label, slot.json) : keySkeleton(label, entry, slot),
    }));
}

/** Set on every namespace by the API server (kubernetes `pkg/apis/core/v1/defaults.go`). */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Only in selectors: labels and annotations of the policy itself do not matter. */
function suggestedLabels(path: Path, kind: PolicyKindEntry): readonly string[] {
  if (path.at(-1) !== 'matchLabels') return [];
  const known = fieldAt(kind, [...path.slice(0, -1), 'matchExpressions', 0, 'key'])?.schema['x-suggest']?.map(String) ?? [];
  const ofNamespaces = String(path.at(-2)).startsWith('namespace');
  return known.filter((label) => (label === NAME_LABEL) === ofNamespaces);
}
