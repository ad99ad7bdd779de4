import { code, link, paragraphs } from '../../base/markdown.ts';
import type { JudgedKindEntry } from '../../model/kind.ts';
import type { SchemaField } from './field.ts';

/** What a field is, in a few words: "Allowed sources · required". */
export function fieldDetail(field: SchemaField): string {
  return [field.schema.title ?? '', field.required ? 'required' : '', field.experimental ? 'experimental channel' : '']
    .filter((part) => part !== '')
    .join(' · ');
}

/** What a field does and what leaving it out means, as Markdown. */
export function fieldText(field: SchemaField, kind: JudgedKindEntry): string {
  return paragraphs(field.schema.description, absences(field), link('Documentation', kind.docs));
}

/** "Default: TCP." and what empty, null and missing mean, each said once. */
export function absences({ schema }: SchemaField): string {
  const empty = schema.type === 'array' ? code('[]') : schema.type === 'string' ? code('""') : code('{}');
  const missing = schema['x-missingMeans'];
  const lines = new Map<string, string[]>();
  for (const [when, text] of [
    ['Left out', missing],
    [empty, schema['x-emptyMeans']],
    ['Null', schema['x-nullMeans']],
  ] as const) {
    const isSame = text?.startsWith('The same as leaving it out') === true;
    const ownText = isSame ? missing : text;
    if (ownText !== undefined) lines.set(ownText, [...(lines.get(ownText) ?? []), when]);
  }
  const preset = schema['x-default'];
  const text = [...lines].map(([line, whens]) => `${whens.map((when, i) => (i === 0 ? when : when.toLowerCase())).join(' or ')}: ${line}`);
  if (preset !== undefined && !text.some((line) => line.includes(preset))) text.unshift(`Default: ${preset}.`);
  return text.join('  \n');
}
