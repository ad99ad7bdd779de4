import type { WorkspaceContext } from '../../analysis/context.ts';
import { identify } from '../../model/identify.ts';
import type { BuildCode } from '../../workspace/kustomize/objects.ts';
import type { Draft } from '../rule.ts';

/** Of a text that is not YAML the parser's finding says all that kustomize would say. */
const ABOUT_THE_TEXT: readonly BuildCode[] = ['kustomization-resource', 'kustomization-patch'];

/** What builds report of some kinds, as findings. */
export function* buildProblems({ problems, manifest }: WorkspaceContext, codes: readonly BuildCode[]): Generator<Draft> {
  const isReportedAsYaml = manifest.problems.length > 0 && identify(manifest).ours;
  for (const { code, severity, message, path, span, related } of problems) {
    if (!codes.includes(code) || (isReportedAsYaml && ABOUT_THE_TEXT.includes(code))) continue;
    yield {
      span,
      path,
      message: severity === 'error' ? withEffect(message) : message,
      ...(severity === 'error' ? {} : { severity: severity === 'unknown' ? 'information' : 'warning' }),
      ...(related ? { related: [{ ...related, message: 'The same object is also defined here.' }] } : {}),
    };
  }
}

/** What is wrong, and what follows from it where the message does not say so itself. */
function withEffect(message: string): string {
  return /\bkustomize\b/.test(message) ? message : `${message} kustomize refuses to build this kustomization.`;
}
