import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { insertField } from '../../syntax/edit.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { Issue } from '../schema/issue.ts';
import { putValue } from '../repair/insert-item.ts';
import type { ManifestRule, ManifestContext } from '../rule.ts';
import { fieldOf, fieldsOf, type Schema } from '../schema/schemas.ts';
import { placeName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'missing-field',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A required field is missing.',
  why: 'The API server rejects the manifest.',
  companions: ['no-rules'],
  about: everyKind,
  *check(context) {
    for (const issue of context.issues) {
      const key = issue.params.key ?? '';
      if (issue.keyword !== 'required' || (issue.at.length === 0 && isTypeField(key))) continue;
      const parent = issue.at;
      if (isMisspelt(key, issue, context)) continue;
      const field = fieldOf(issue.place, key);
      const what = field?.schema.title === undefined ? '' : `, the ${field.schema.title.toLowerCase()}`;
      const owner = placeName(parent, context.kind).replace(/^a/, 'A');
      const blank = pairOf(context.at(parent), key);
      const message = blank
        ? `${quote(key)}${what}${what === '' ? '' : ','} has no value, so the API server rejects the manifest. Add a value.`
        : `${owner} has no ${quote(key)}${what}, so the API server rejects the manifest. Add it.`;
      const span = blank?.key.span ?? spanOf(issue, context);
      yield { span, path: issue.path, message, fixes: fixes(issue, key, field?.schema, context) };
    }
  },
};

export default rule;

/** Those of the manifest itself have rules of their own; an owner reference has an `apiVersion` and a `kind`, too. */
function isTypeField(key: string): boolean {
  return key === 'apiVersion' || key === 'kind' || key === 'metadata';
}

/** Is the field there under a name that is nearly right? Then the unknown name is the fault, and is reported. */
function isMisspelt(key: string, { at, place }: Issue, context: ManifestContext): boolean {
  const fields = fieldsOf(place);
  const strange = asMap(context.at(at))?.pairs.flatMap(({ name }) => (name === undefined || fields.includes(name) ? [] : [name])) ?? [];
  return strange.some((name) => near(name, fields)[0] === key);
}

/** The key of the map that lacks the field; its first key where it is the document or an item. */
function spanOf(issue: Issue, { at }: ManifestContext): Issue['span'] {
  const map = asMap(at(issue.at));
  const last = issue.at.at(-1);
  return typeof last === 'string' || !map || map.flow ? issue.span : (map.pairs[0]?.key.span ?? issue.span);
}

function fixes(issue: Issue, key: string, schema: Schema | undefined, { at, text }: ManifestContext): readonly Fix[] {
  const map = at(issue.at);
  const value = schema && valueFor(schema);
  if (map?.kind !== 'map' || value === undefined) return [];
  const blank = pairOf(map, key);
  if (blank && !map.pairs.includes(blank)) return [];
  if (blank) return [{ title: `Write '${key}: ${value}'`, edits: [putValue(text, blank, value)], safe: false }];
  const order = issue.place.schema['x-order'] ?? [];
  const before = order.slice(0, order.indexOf(key));
  const after = map.pairs.findLast((pair) => pair.name !== undefined && before.includes(pair.name));
  const edit = insertField(text, map, key, value, after ? { after } : map.pairs.length > 0 && !map.flow ? { first: true } : {});
  return [{ title: `Add '${key}: ${value}'`, edits: [edit], safe: false }];
}

/** A value to start from: the first that may stand there, else a common one. A choice for the author, so never applied unasked. */
function valueFor({ enum: values, type, 'x-suggest': suggested }: Schema): string | undefined {
  if (values?.[0] !== undefined) return String(values[0]);
  const common = suggested?.find((value) => value === 100) ?? suggested?.[0];
  if (common !== undefined) return String(common);
  return type === 'object' ? '{}' : undefined;
}
