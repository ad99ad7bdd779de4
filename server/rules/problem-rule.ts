import type { Problem } from '../syntax/problem.ts';
import type { Fix } from './finding.ts';
import type { ManifestRule } from './rule.ts';

/** A rule about the YAML itself; its findings are the problems of that code, whose messages come from the parser. */
export interface ProblemRule extends Pick<ManifestRule, 'name' | 'summary' | 'why' | 'noFix' | 'companions'> {
  /** The repair of a problem, from the text it stands in. */
  readonly fix?: (problem: Problem, text: string) => Fix | undefined;
}

/** A rule that reports the parser's problems of one code. */
export function problemRule({ fix, ...rule }: ProblemRule): ManifestRule {
  return {
    ...rule,
    scope: 'manifest',
    severity: 'error',
    confidence: 'high',
    anyDocument: true,
    *check({ manifest, text }) {
      for (const problem of manifest.problems) {
        if (problem.code !== rule.name) continue;
        const repair = fix?.(problem, text);
        yield { span: problem.span, path: [], message: problem.message, fixes: repair ? [repair] : [] };
      }
    },
  };
}
