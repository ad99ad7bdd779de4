import { paragraphs } from '../base/markdown.ts';
import { identify } from '../model/identify.ts';
import { slotsAt, type Slot } from '../syntax/slot.ts';
import { TEMPLATES, type Template } from './completion/template-list.ts';
import type { FeatureContext } from './context.ts';
import { fieldAt, isSelector } from './text/field.ts';
import { fit, type Suggestion } from './text/suggestion.ts';

/** The templates that fit at an offset of the file: whole manifests where a document is empty, fragments where their place is. */
export function templatesAt(context: FeatureContext, offset: number): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  const isStandard = context.settings.policyApiChannel === 'standard';
  slotsAt(context.file, offset).forEach((slot, reading) => {
    const fits = fittingAt(slot);
    TEMPLATES.forEach((template, i) => {
      if (found.has(template.prefix) || !fits(template) || (isStandard && EXPERIMENTAL.test(template.body.join('\n')))) return;
      found.set(template.prefix, suggestionOf(template, slot, `t${reading}${String(i).padStart(3, '0')}`, context));
    });
  });
  return [...found.values()];
}

/** Fields of the experimental channel only (network-policy-api `config/crd/experimental`). */
const EXPERIMENTAL = /^[ -]*(?:nodes|domainNames|namedPort):/m;

function suggestionOf(template: Template, slot: Slot, order: string, context: FeatureContext): Suggestion {
  const draft = {
    label: template.prefix,
    kind: template.fits === 'document' ? ('manifest' as const) : ('template' as const),
    detail: template.title,
    documentation: paragraphs(template.description, template.story),
    snippet: bodyFor(template, slot),
    filter: `${template.prefix} ${template.title}`,
    column: template.fits === 'document' ? slot.column : (slot.dash ?? slot.column),
  };
  return fit(draft, slot, order, context);
}

/**
 * The body with its lines as far in as the slot wants them. An item brings its own dash, which is left out where one is there
 * (or in the lead) already; its other lines then start where the text behind that dash does.
 */
function bodyFor({ body }: Template, slot: Slot): string {
  const isItem = body[0]?.startsWith('- ') === true;
  if (!isItem || slot.dash === undefined) return body.join('\n');
  const gap = ' '.repeat(slot.column - slot.dash);
  const lines = body.map((line, i) => (i === 0 ? line.slice(2) : line.startsWith('  ') ? gap + line.slice(2) : line));
  return lines.join('\n');
}

function fittingAt(slot: Slot): (template: Template) => boolean {
  if (slot.flow || slot.hasColon) return () => false;
  if (slot.path.length === 0) {
    const isEmpty = slot.role === 'key' && slot.alone && slot.column === 0;
    return ({ fits }) => isEmpty && fits === 'document';
  }
  const identity = identify(slot.manifest);
  const kind = identity.ours ? identity.kind : undefined;
  if (!kind || slot.role !== 'key') return () => false;
  const field = fieldAt(kind, slot.path);
  const places = placesFor(slot, field !== undefined && isSelector(field));
  return (template) =>
    template.kind === kind.kind &&
    (template.api ?? 'kubernetes') === kind.api &&
    places.includes(template.fits) &&
    (template.fits !== 'spec' || !repeats(template, slot));
}

/** The words of `fits` that describe the slot. */
function placesFor(slot: Slot, ofSelector: boolean): readonly string[] {
  const [spec, section, rule, list, item] = slot.path;
  if (spec !== 'spec') return [];
  if (slot.path.length === 1) return ['spec'];
  if (!slot.alone) return [];
  if (ofSelector) return ['selector'];
  if (slot.path.length === 2 && section === 'subject') return ['subject'];
  if ((section !== 'ingress' && section !== 'egress') || typeof rule !== 'number') return [];
  if (slot.path.length === 3) return ['rule', `rule-${section}`];
  if (slot.path.length !== 5 || typeof item !== 'number') return [];
  if (list === 'ports' || list === 'protocols') return ['port'];
  return list === 'to' ? ['peer', 'peer-egress'] : ['peer'];
}

/** Would the template write a key that is there already? */
function repeats({ body }: Template, slot: Slot): boolean {
  return body.some((line) => slot.siblings.includes(/^[\w.-]+(?=:)/.exec(line)?.[0] ?? ''));
}
