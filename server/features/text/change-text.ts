import { count, shorten } from '../../base/english.ts';
import { bullets, code } from '../../base/markdown.ts';
import { formatPath } from '../../syntax/path.ts';
import type { FieldChange } from '../../workspace/kustomize/changes.ts';
import type { Id } from '../../workspace/kustomize/ids.ts';
import type { Json } from '../../workspace/kustomize/values.ts';
import type { Effect } from '../built/effects.ts';

const MAX_LISTED_OBJECTS = 10;
const MAX_LISTED_CHANGES = 6;

/** What an entry of a kustomization does to objects, as Markdown: a sentence and a list. */
export function effectsText(effects: readonly Effect[]): string {
  const lines = effects.slice(0, MAX_LISTED_OBJECTS).map(({ id, became, changes }) => {
    const title = objectTitle(id);
    if (became === 'changed') return `${title}: ${changesText(changes)}`;
    return effects.every((other) => other.became === became) ? title : `${title}: ${became}`;
  });
  const more = effects.length - lines.length;
  return `${summaryOf(effects)}\n\n${bullets(more > 0 ? [...lines, `and ${count(more, 'more object')}`] : lines)}`;
}

function summaryOf(effects: readonly Effect[]): string {
  const parts = (['added', 'changed', 'removed'] as const).flatMap((became) => {
    const number = effects.filter((one) => one.became === became).length;
    return number === 0 ? [] : [`${VERBS[became]} ${count(number, 'object')}`];
  });
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}:`;
}

const VERBS = { added: 'adds', changed: 'changes', removed: 'removes' } as const;

/** The changed fields of one object, each with its values: `spec.replicas` 1 → 3. */
export function changesText(changes: readonly FieldChange[]): string {
  const shown = changes.slice(0, MAX_LISTED_CHANGES).map(changeText);
  const more = changes.length - shown.length;
  return [...shown, ...(more > 0 ? [count(more, 'more field')] : [])].join(', ');
}

function changeText({ path, before, after }: FieldChange): string {
  const field = code(formatPath(path));
  if (after === undefined) return `${field} removed`;
  return before === undefined ? `${field} set to ${shortJson(after)}` : `${field} ${shortJson(before)} → ${shortJson(after)}`;
}

/** A value in short, as code. */
export function shortJson(value: Json): string {
  return code(shorten(typeof value === 'string' && value !== '' ? value : JSON.stringify(value)));
}

/** `NetworkPolicy shop/web`, with the name as code. */
export function objectTitle({ kind, namespace, name }: Id): string {
  return `${kind} ${code(namespace === '' ? name : `${namespace}/${name}`)}`;
}
