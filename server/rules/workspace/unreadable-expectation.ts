import { EXPECT } from '../../syntax/expectation.ts';
import { expectationsOf } from '../expectations.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents, pod } from '../workspace-examples.ts';

const commented = (comment: string): string =>
  documents(`${comment}\n${pod('shop', 'web', 'app: web')}`, pod('shop', 'db', 'app: db', 'sql:5432'));

const rule: WorkspaceRule = {
  name: 'unreadable-expectation',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  inText: EXPECT,
  summary: 'An expectation in a comment that cannot be checked.',
  why: 'It looks like a test of the policies, but it names a workload or a port that is not there, or cannot be read at all; so it guards nothing.',
  bad: [
    { yaml: commented('# expect: shop/wbe -> shop/db TCP/5432 allow') },
    { yaml: commented('# expect: shop/web => shop/db 5432 allowed') },
    { yaml: commented('# expect: shop/web -> shop/db TCP/mysql allow') },
    {
      yaml: commented('# expect shop/web -> shop/db TCP/5432 allow'),
      fixed: commented('# expect: shop/web -> shop/db TCP/5432 allow'),
    },
  ],
  good: [
    commented('# expect: shop/web -> shop/db TCP/sql allow'),
    commented('# expect: web -> 192.0.2.1 UDP/53 allow'),
    commented('# expect: two replicas'),
    commented('# expect shop/web -> shop/db to be open'),
  ],
  *check(context) {
    for (const one of expectationsOf(context)) {
      if (one.kind === 'uncheckable') yield { span: one.at, path: [], message: one.message, fixes: one.fixes ?? [] };
    }
  },
};

export default rule;
