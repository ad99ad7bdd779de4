import { code, link, paragraphs } from '../../base/markdown.ts';
import type { PolicyKindEntry } from '../../model/kind.ts';
import type { Field } from './field.ts';

/** What a field is, in a few words: "Allowed sources · required". */
export function fieldDetail(field: Field): string {
  return [field.schema.title ?? '', field.required ? 'required' : '', field.experimental ? 'experimental channel' : '']
    .filter((part) => part !== '')
    .join(' · ');
}

/** What a field does and what leaving it out means, as Markdown. */
export function fieldText(field: Field, kind: PolicyKindEntry): string {
  return paragraphs(field.schema.description, absences(field), link('Documentation', kind.docs));
}

/** "Default: TCP." and what empty, null and missing mean, each said once. */
export function absences({ schema }: Field): string {
  const all: [string, string | undefined][] = [
    ['Left out', schema['x-missingMeans']],
    [schema.type === 'array' ? code('[]') : schema.type === 'string' ? code('""') : code('{}'), schema['x-emptyMeans']],
    ['Null', schema['x-nullMeans']],
  ];
  const lines: string[] = [];
  for (const [when, text] of all) {
    if (text === undefined || /^The same as leaving it out\b[^:;]*\.$/.test(text)) continue;
    const same = lines.findIndex((line) => line.endsWith(`: ${text}`));
    if (same === -1) lines.push(`${when}: ${text}`);
    else lines[same] = `${(lines[same] ?? '').slice(0, -text.length - 2)} or ${when.toLowerCase()}: ${text}`;
  }
  const preset = schema['x-default'];
  if (preset !== undefined && !lines.some((line) => line.includes(preset))) lines.unshift(`Default: ${preset}.`);
  return lines.join('  \n');
}
