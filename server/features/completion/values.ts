import { code, paragraphs } from '../../base/markdown.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { scalarText } from '../../syntax/edit.ts';
import type { Slot } from '../../syntax/slot.ts';
import { stringOf } from '../../syntax/tree.ts';
import { itemOf, type Schema } from '../../rules/schema/schemas.ts';
import type { FeatureContext } from '../context.ts';
import { isScalarField, type SchemaField } from '../text/field.ts';
import { fieldDetail } from '../text/field-text.ts';
import { escapeSnippet } from '../text/snippet.ts';
import type { SuggestionDraft } from '../text/suggestion.ts';
import { labelKeyWords, labelValueWords, namespaceWords, type KnownWord } from './from-workspace.ts';
import { orderWords, priorityWords, tierWords } from './order-words.ts';
import { portWords } from './port-words.ts';
import { selectorStarts } from './selectors.ts';
import { referencedWords } from './referenced-words.ts';

/** The values that a field may have: its enum, what the schema suggests, and for maps and lists what can be said on the same line. */
export function valueDrafts(slot: Slot, field: SchemaField, context: FeatureContext): readonly SuggestionDraft[] {
  const { schema } = field;
  if (isScalarField(field)) {
    const ports = portDrafts(slot, field, context);
    // Where it is known which ports the pods have, examples would only be in the way.
    const examples = ports.length > 0 && !schema.enum ? [] : scalarDrafts(slot, field);
    return [...ports, ...knownDrafts(slot, field, context), ...examples];
  }
  if (slot.role !== 'value') return [];
  if (schema.type === 'array') return [...listDrafts(slot, field), ...emptyDraft('[]', field)];
  return emptyDraft('{}', field);
}

/** Ports that the peers have. */
function portDrafts(slot: Slot, field: SchemaField, context: FeatureContext): readonly SuggestionDraft[] {
  return portWords(slot, context).map(({ word, label, filter, detail, documentation }) => ({
    label,
    kind: 'value',
    detail,
    documentation,
    filter,
    snippet: escapeSnippet(written(word, field.schema, slot)),
  }));
}

/** Words that the workspace knows: label keys and values in selectors, namespaces. */
function knownDrafts(slot: Slot, field: SchemaField, context: FeatureContext): readonly SuggestionDraft[] {
  return wordsFor(slot, context)
    .filter(({ word }) => !slot.listed.includes(word))
    .map(({ word, detail, documentation }) => ({
      label: word,
      kind: 'value',
      detail,
      documentation,
      snippet: escapeSnippet(written(word, field.schema, slot)),
    }));
}

function wordsFor(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const { path } = slot;
  const field = path.join('.');
  if (field === 'metadata.namespace') return namespaceWords(slot, context);
  if (field === 'spec.tier') return tierWords(slot, context);
  if (field === 'spec.order') return orderWords(slot, context);
  if (field === 'spec.priority') return priorityWords(slot, context);
  if (path.at(-2) === 'matchLabels') return labelValueWords(slot, String(path.at(-1)), context);
  const expression = path.lastIndexOf('matchExpressions');
  if (expression === -1) return [...selectorStarts(slot, context), ...referencedWords(slot, context)];
  if (path.at(-1) === 'key') return labelKeyWords(slot, [], context);
  if (path[expression + 2] !== 'values') return [];
  return labelValueWords(slot, stringOf(nodeAt(slot.manifest.root, [...path.slice(0, expression + 2), 'key'])) ?? '', context);
}

function scalarDrafts(slot: Slot, field: SchemaField): readonly SuggestionDraft[] {
  const { schema } = field;
  const values = schema.enum ?? schema['x-suggest'] ?? (schema.type === 'boolean' ? ['true', 'false'] : []);
  return values
    .filter((value) => !slot.listed.includes(String(value)))
    .map((value) => ({
      label: String(value),
      kind: 'value',
      detail: schema.enum ? (schema.title ?? '') : `for example · ${schema.title ?? ''}`,
      documentation: schema['x-enumDescriptions']?.[String(value)] ?? paragraphs(schema.description),
      snippet: escapeSnippet(written(value, schema, slot)),
    }));
}

/** A value with the quotes it needs: those that are there already, JSON's, or none where the plain text means the same. */
function written(value: string | number, schema: Schema, slot: Slot): string {
  const text = String(value);
  const quote = /^\s*(["'])/.exec(slot.typed)?.[1];
  if (typeof value === 'number' && quote === undefined && schema.type !== 'string') return text;
  if (slot.json) return JSON.stringify(text);
  if (quote !== undefined) return quote === '"' ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
  // A port is a number, or a name that must not look like anything else.
  const isLiteral = schema.type === 'boolean' || (schema.type !== 'string' && /^[0-9]+$/.test(text));
  return isLiteral ? text : scalarText(text);
}

/** A list of few known words fits on the line: `[Ingress]`, `[Ingress, Egress]`. */
function listDrafts(slot: Slot, field: SchemaField): readonly SuggestionDraft[] {
  const words = (itemOf(field.place)?.schema.enum ?? []).map(String);
  if (words.length === 0 || words.length > 3) return [];
  return [...words.map((word) => [word]), [...words]].map((some) => {
    const label = `[${some.map((word) => (slot.json ? JSON.stringify(word) : word)).join(', ')}]`;
    return {
      label,
      kind: 'value',
      detail: field.schema.title ?? '',
      documentation: field.schema.description ?? '',
      snippet: escapeSnippet(label),
    };
  });
}

/** `{}` or `[]`, where that is allowed; what it means is the first thing to know about it. */
function emptyDraft(label: '{}' | '[]', field: SchemaField): readonly SuggestionDraft[] {
  const meaning = field.schema['x-emptyMeans'];
  if (meaning === undefined || /^(?:Rejected|The same as leaving it out)/.test(meaning)) return [];
  return [
    {
      label,
      kind: 'value',
      detail: meaning,
      documentation: paragraphs(`${code(label)}: ${meaning}`, fieldDetail(field)),
      snippet: escapeSnippet(label),
    },
  ];
}
