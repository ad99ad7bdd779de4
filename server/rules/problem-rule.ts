import type { Example, ManifestRule } from './rule.ts';

/** What a rule about the YAML itself says of itself; its findings are the problems of that code, which the parser has put into words. */
export interface ProblemRule {
  readonly name: string;
  readonly summary: string;
  readonly why: string;
  readonly bad: readonly Example[];
  readonly good: readonly string[];
  readonly companions?: readonly string[];
}

/** A rule that reports the parser's problems of one code. */
export function problemRule(rule: ProblemRule): ManifestRule {
  return {
    ...rule,
    scope: 'manifest',
    severity: 'error',
    confidence: 'high',
    anyDocument: true,
    *check({ manifest }) {
      for (const { code, span, message } of manifest.problems) if (code === rule.name) yield { span, path: [], message };
    },
  };
}
