import { identify } from '../model/identify.ts';
import { isKustomization } from '../workspace/kustomization.ts';
import { slotsAt, type Slot } from '../syntax/slot.ts';
import { expectationWords } from './completion/expectation.ts';
import { keyDrafts } from './completion/keys.ts';
import { kindDrafts } from './completion/kinds.ts';
import { kustomizationDrafts } from './completion/kustomization.ts';
import { patchFileDrafts } from './completion/patch-file.ts';
import { selectorSuggestions } from './completion/selectors.ts';
import { valueDrafts } from './completion/values.ts';
import type { FeatureContext } from './context.ts';
import { fieldAt, isScalarField } from './text/field.ts';
import { fit, type SuggestionDraft, type Suggestion } from './text/suggestion.ts';

/**
 * What can be written at an offset of the file: keys that are allowed there and not there yet, values, kinds of policy. Nothing in
 * documents that are not ours and could not become so.
 */
export function complete(context: FeatureContext, offset: number): readonly Suggestion[] {
  const ofExpectation = expectationWords(context, offset);
  if (ofExpectation) return ofExpectation;
  const inSelector = selectorSuggestions(context, offset);
  if (inSelector) return inSelector;
  const suggestions = new Map<string, Suggestion>();
  slotsAt(context.file, offset).forEach((slot, reading) => {
    const isFirst = lacksPort(slot);
    draftsFor(slot, context).forEach((draft, i) => {
      const order = `${isFirst ? '-' : ''}${reading}${String(i).padStart(3, '0')}`;
      const detail = slot.continuesItem ? `of the item above · ${draft.detail}` : draft.detail;
      const suggestion = fit({ ...draft, detail }, slot, order, context);
      if (!suggestions.has(suggestion.label)) suggestions.set(suggestion.label, suggestion);
    });
  });
  return [...suggestions.values()];
}

/** A protocol without a port is every port of it: more often the port is what comes next. */
function lacksPort({ continuesItem, path, siblings }: Slot): boolean {
  return continuesItem && path.at(-2) === 'ports' && siblings.includes('protocol') && !siblings.includes('port');
}

function draftsFor(slot: Slot, context: FeatureContext): readonly SuggestionDraft[] {
  if (isKustomization(context.uri)) return kustomizationDrafts(slot, context);
  const ofPatch = patchFileDrafts(slot, context);
  return ofPatch.length > 0 ? ofPatch : policyDrafts(slot, context);
}

function policyDrafts(slot: Slot, context: FeatureContext): readonly SuggestionDraft[] {
  const kinds = kindDrafts(slot, context.file);
  const identity = identify(slot.manifest);
  if (!identity.ours || !identity.kind) return kinds;
  if (kinds.length > 0 && slot.role === 'value') return kinds;
  const field = fieldAt(identity.kind, slot.path);
  if (!field) return kinds;
  if (slot.role === 'value' || isScalarField(field)) return slot.alone ? valueDrafts(slot, field, context) : [];
  if (field.schema.type !== 'object') return kinds;
  const named = kinds.map((draft) => draft.label.split(':')[0]);
  return [...kinds, ...keyDrafts(slot, field, identity.kind, context).filter((draft) => !named.includes(draft.label))];
}
