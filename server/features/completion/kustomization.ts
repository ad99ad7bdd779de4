import { code, paragraphs } from '../../base/markdown.ts';
import { scalarText } from '../../syntax/edit.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { kustomizationFieldAt, type FieldAt } from '../../workspace/kustomize/field-at.ts';
import type { Field, FieldType } from '../../workspace/kustomize/fields.ts';
import { stringsIn } from '../../workspace/kustomize/values.ts';
import { builtObjectsAt } from '../../workspace/snapshot.ts';
import { normalizeUri, parentOf } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';
import { escapeSnippet, snippetChoice } from '../text/snippet.ts';
import type { SuggestionDraft } from '../text/suggestion.ts';
import { imageWords, objectWords, type ObjectWord } from './object-words.ts';
import { pathWords } from './path-words.ts';

/** What can be written in a kustomization: its fields, the paths and objects that exist, and the values of a choice. */
export function kustomizationDrafts(slot: Slot, context: FeatureContext): readonly SuggestionDraft[] {
  const at = kustomizationFieldAt(slot.path);
  if (!at) return [];
  const isScalar = ['string', 'boolean', 'integer'].includes(at.type.kind);
  if (slot.role === 'key' && !isScalar) return at.type.kind === 'object' ? keyDrafts(slot, at.type.fields) : [];
  if (!slot.alone || !isScalar) return [];
  return valueWords(slot, at, context)
    .filter(({ word }) => !slot.listed.includes(word))
    .map(({ word, detail }) => ({
      label: word,
      kind: 'value',
      detail,
      documentation: '',
      snippet: escapeSnippet(quotedLike(word, at.type, slot)),
    }));
}

/** Fields that are not there yet; those that kustomize has given up come last. */
function keyDrafts(slot: Slot, fields: Readonly<Record<string, Field>>): readonly SuggestionDraft[] {
  const lower = slot.siblings.map((name) => name.toLowerCase());
  const open = Object.entries(fields).filter(([name]) => !lower.includes(name.toLowerCase()));
  const isOld = ([, { instead }]: readonly [string, Field]): boolean => instead !== undefined;
  return [...open.filter((one) => !isOld(one)), ...open.filter(isOld)].map(([name, { type, text, instead }]) => ({
    label: name,
    kind: 'key',
    detail: instead === undefined ? typeText(type) : `deprecated: ${instead}`,
    documentation: paragraphs(text, instead === undefined ? undefined : `Deprecated: use ${code(instead)}.`),
    snippet: slot.hasColon ? name : `${slot.json ? JSON.stringify(name) : name}:${afterColon(type, slot)}`,
    continues: !slot.hasColon && type.kind !== 'boolean',
  }));
}

function typeText(type: FieldType): string {
  switch (type.kind) {
    case 'list':
      return `list of ${type.of.kind === 'object' || type.of.kind === 'any' ? 'objects' : `${type.of.kind}s`}`;
    case 'strings':
      return 'object with strings';
    case 'any':
      return '';
    default:
      return type.kind;
  }
}

function afterColon(type: FieldType, { flow, json, listIndent }: Slot): string {
  if (type.kind === 'boolean') return ` ${snippetChoice(1, ['true', 'false'])}`;
  if (flow) return type.kind === 'list' ? ' [$1]' : type.kind === 'object' || type.kind === 'strings' ? ' {$1}' : json ? ' "$1"' : ' $1';
  if (type.kind === 'list') return `\n${' '.repeat(listIndent)}- $1`;
  return type.kind === 'object' || type.kind === 'strings' ? '\n  $1' : ' $1';
}

function valueWords(slot: Slot, { type }: FieldAt, context: FeatureContext): readonly ObjectWord[] {
  const [field] = slot.path;
  const last = slot.path.findLast((step) => typeof step === 'string');
  const fixed = CHOICES[`${slot.path.length === 1 ? '' : '*.'}${String(last)}`];
  if (fixed) return fixed.map((word) => ({ word, detail: '' }));
  if (type.kind === 'boolean') return ['true', 'false'].map((word) => ({ word, detail: '' }));
  const paths = pathWords(slot.path, context);
  if (paths) return paths;
  const objects = builtObjectsAt(context.snapshot, parentOf(normalizeUri(context.uri)));
  if (field === 'namespace' && slot.path.length === 1) return objectWords(objects, 'namespace', {});
  if (field === 'replicas' && last === 'name')
    return objectWords(objects, 'name', { kind: /^(?:Deployment|StatefulSet|ReplicaSet|ReplicationController)$/ });
  if (field === 'images' && last === 'name') return imageWords(objects);
  const siblings = stringsIn(nodeAt(slot.manifest.root, slot.path.slice(0, -1)));
  const isSelected = slot.path.some((step) => ['target', 'source', 'select', 'reject', 'objref'].includes(String(step)));
  if (!isSelected || last === undefined) return [];
  const kind = siblings.get('kind');
  const chosen = kind === undefined || last === 'kind' ? {} : { kind: new RegExp(`^${escapeRegExp(kind)}$`) };
  return objectWords(objects, last, chosen);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Values of fields that take one of a few words; those with `*.` stand inside other fields. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  kind: ['Kustomization', 'Component'],
  apiVersion: ['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1'],
  buildMetadata: ['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
  '*.buildMetadata': ['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
  '*.behavior': ['create', 'merge', 'replace'],
  '*.order': ['fifo', 'legacy'],
};

function quotedLike(word: string, type: FieldType, slot: Slot): string {
  const quote = /^\s*(["'])/.exec(slot.typed)?.[1];
  if (slot.json || quote === '"') return JSON.stringify(word);
  if (quote === "'") return `'${word.replaceAll("'", "''")}'`;
  return type.kind === 'boolean' ? word : scalarText(word);
}
