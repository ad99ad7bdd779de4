import type { WorkspaceContext } from '../../analysis/context.ts';
import type { BuildCode } from '../../workspace/kustomize/objects.ts';
import type { Draft } from '../rule.ts';

/** What builds report of some kinds, as findings. */
export function* buildProblems({ problems }: WorkspaceContext, codes: readonly BuildCode[]): Generator<Draft> {
  for (const { code, severity, message, path, span, related } of problems) {
    if (!codes.includes(code)) continue;
    yield {
      span,
      path,
      message,
      ...(severity === 'error' ? {} : { severity: severity === 'unknown' ? 'information' : 'warning' }),
      ...(related ? { related: [{ ...related, message: 'The same object is also defined here.' }] } : {}),
    };
  }
}
