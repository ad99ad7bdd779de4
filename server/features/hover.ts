import { code, link, paragraphs } from '../base/markdown.ts';
import { fieldsOf } from '../rules/schema/schemas.ts';
import { identify } from '../model/identify.ts';
import { placeAt, type Place } from '../syntax/locate.ts';
import { stringOf, type Node } from '../syntax/tree.ts';
import { isKustomization } from '../workspace/kustomization.ts';
import type { FeatureContext } from './context.ts';
import { cidrFact } from './hover/cidrs.ts';
import { expectationHover } from './hover/expectation.ts';
import type { Fact, Pointed } from './hover/fact.ts';
import { proposalFor } from './hover/pages.ts';
import { ignoredFact, isLabel, noteFact, peersFact, ruleFact, sectionFact, subjectFact, tieredFact } from './hover/peers.ts';
import { labelText } from './hover/labels.ts';
import { policyAsBuilt } from './built/policy-as-built.ts';
import { kustomizationText, patchText } from './hover/kustomization.ts';
import { overlaysText } from './hover/overlays.ts';
import { policyTypesFact } from './hover/policy-types.ts';
import { portsFact } from './hover/ports.ts';
import { actionFact, precedenceFact, tierOrderText } from './hover/precedence.ts';
import { selectorFact } from './hover/selectors.ts';
import { fieldAt, type SchemaField } from './text/field.ts';
import { absences } from './text/field-text.ts';
import { readPolicyIn, type ReadPolicy } from './text/policies.ts';

/** What an editor shows for a place: Markdown, and the stretch of the file it is about. */
export interface Hover {
  readonly markdown: string;
  readonly start: number;
  readonly end: number;
}

/** The first of these that has something to say says it. */
const FACTS: readonly Fact[] = [
  ignoredFact,
  selectorFact,
  precedenceFact,
  actionFact,
  policyTypesFact,
  tieredFact,
  subjectFact,
  ruleFact,
  sectionFact,
  cidrFact,
  portsFact,
  peersFact,
];

/**
 * What stands at an offset of the file: first what this policy says there, as the first cluster of the file has it, then what builds make
 * of the value, then what the field is. Outside our documents only labels have a hover, and what kustomizations and patches change.
 */
export function hover(context: FeatureContext, offset: number): Hover | undefined {
  const expectation = expectationHover(context, offset);
  if (expectation) return expectation;
  const place = placeAt(context.file, offset);
  if (!place || (place.on === 'blank' && !isEmptyMap(place.node))) return undefined;
  if (isKustomization(context.uri)) return hoverOf(place, kustomizationText(context, place));
  const builds = paragraphs(patchText(context, place), overlaysText(context, place));
  const read = readPolicyIn(place.placed.manifest);
  const markdown = read
    ? policyText(context, place, read, builds)
    : paragraphs(labelText(context, place), builds, referencedText(context, place));
  return hoverOf(place, markdown);
}

/** `{}` says something as a whole: every pod, or an entry that matches nothing. */
function isEmptyMap(node: Node): boolean {
  return node.kind === 'map' && node.flow && node.pairs.length === 0;
}

/** Tiers and sets: the tier order, and what the field is. */
function referencedText(context: FeatureContext, place: Place): string | undefined {
  const { kind, ours } = identify(place.placed.manifest);
  if (!ours || !kind || kind.role === 'policy') return undefined;
  const field = fieldAt(kind, place.path);
  if (!field || place.path.length === 0) return undefined;
  const name = kind.role === 'tier' ? kind.read(place.placed.manifest.root).name : undefined;
  const order = name === undefined ? undefined : tierOrderText(context, place.path, name);
  return paragraphs(order, aboutField(field, place, order !== undefined), link(`${kind.kind} documentation`, kind.docs));
}

/** What a policy says at a place, what its builds make of it, and what the field is. */
function policyText(context: FeatureContext, place: Place, read: ReadPolicy, builds: string): string {
  const field = fieldAt(read.kind, place.path);
  if (!field || place.path.length === 0) return builds;
  const policy = policyAsBuilt(context.snapshot, context.uri, place.placed, read.policy);
  const pointed: Pointed = { context, place, path: place.path, ...read, policy };
  const fact = firstOf(FACTS, pointed);
  const saysAll = isLabel(place.path) || (place.on === 'value' && place.path.at(-1) === 'action');
  const isComplete = saysAll && fact !== undefined;
  return paragraphs(
    fact,
    fact === undefined ? undefined : noteFact(pointed),
    builds,
    isComplete ? undefined : aboutField(field, place, fact !== undefined),
    place.on === 'key' ? proposalFor(place.path, read.kind) : undefined,
    isComplete ? undefined : link(`${read.kind.kind} documentation`, read.kind.docs),
  );
}

function hoverOf({ placed, span }: Place, markdown: string | undefined): Hover | undefined {
  return markdown === undefined || markdown === ''
    ? undefined
    : { markdown, start: placed.start + span.start, end: placed.start + span.end };
}

function firstOf(facts: readonly Fact[], pointed: Pointed): string | undefined {
  for (const fact of facts) {
    const text = fact(pointed);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What the field is: all of it on its key, the meaning of the word on a value; a dash has said enough with what its item says. */
function aboutField(field: SchemaField, place: Place, hasFact: boolean): string {
  const { schema } = field;
  if (place.on === 'dash' && hasFact) return '';
  const word = place.on === 'value' ? (stringOf(place.node) ?? '') : '';
  const meanings = schema['x-enumDescriptions'] ?? {};
  const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
  if (meaning !== undefined) return `${code(word)}: ${meaning}`;
  const channel =
    field.experimental && !/experimental channel/.test(schema.description ?? '')
      ? 'Experimental channel: clusters with the standard CRDs do not have this field.'
      : undefined;
  const head = `**${schema.title ?? field.name}**${field.required ? ' (required)' : ''}. ${schema.description ?? ''}`;
  return place.on === 'value' ? paragraphs(head, channel) : paragraphs(head, absences(field), values(field), needs(field), channel);
}

/** The words to choose from, each with its meaning. */
function values({ schema }: SchemaField): string {
  const meanings = Object.entries(schema['x-enumDescriptions'] ?? {});
  return meanings.map(([word, meaning]) => `- ${code(word)}: ${meaning ?? ''}`).join('\n');
}

/** Which keys a map needs, where only some combinations are allowed. */
function needs({ place, schema }: SchemaField): string {
  const only = schema['x-exactly-one'];
  if (!only) return '';
  return `Exactly one of ${fieldsOf(place)
    .filter((name) => only.includes(name))
    .map(code)
    .join(', ')}.`;
}
