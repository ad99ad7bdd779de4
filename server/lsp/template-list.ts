import { TEMPLATES } from '../features/completion/template-list.ts';
import { judgedKind } from '../model/kinds.ts';
import { apiVersionOf } from '../model/kind.ts';
import type { OfferedTemplate } from './protocol.ts';

/** Every whole-manifest template, for the "new policy from template" command of our clients. */
export function templateList(): readonly OfferedTemplate[] {
  return TEMPLATES.filter((template) => template.fits === 'document').map((template) => {
    const kind = judgedKind({ api: template.api ?? 'kubernetes', kind: template.kind });
    return {
      name: template.prefix,
      title: template.title,
      detail: template.description,
      body: `${template.body.join('\n')}\n`,
      api: kind ? `${apiVersionOf(kind)} ${kind.kind}` : template.kind,
    };
  });
}
