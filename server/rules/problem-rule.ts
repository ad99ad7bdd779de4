import type { Problem } from '../syntax/problem.ts';
import type { Fix } from './finding.ts';
import type { ManifestRule } from './rule.ts';

/** What a rule about the YAML itself says of itself; its findings are the problems of that code, which the parser has put into words. */
export interface ProblemRule {
  readonly name: string;
  readonly summary: string;
  readonly why: string;
  readonly companions?: readonly string[];
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
