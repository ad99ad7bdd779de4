import { incompleteDnsRule } from '../../analysis/required-connections/dns-rule.ts';
import type { Rule } from '../../model/policy.ts';
import { policyIn } from '../../analysis/selection.ts';
import { podPolicies } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { itemBehind } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'incomplete-dns-rule',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A rule for DNS allows only TCP, or the port of the Service instead of that of the pods.',
  why: 'Resolvers send queries over UDP, and repeat them over TCP only where an answer is too long. A port without protocol means TCP. The DNS pods of OpenShift listen on 5353; port 53 is that of their Service, and policies see the port of the pod.',
  *check(context) {
    const policy = policyIn(context)?.value;
    const found = policy && incompleteDnsRule(context, policy);
    if (!found) return;
    const { rule: incomplete, fault } = found;
    const path = [...incomplete.path, 'ports'];
    if (fault === 'tcp-only') {
      const message =
        'This rule allows DNS over TCP only, and queries use UDP 53, so they are denied and lookups fail with timeouts. Add UDP 53.';
      yield onKey(context, path, message, { fixes: adding(context, incomplete, 'Add UDP 53', 'port: 53\nprotocol: UDP') });
      return;
    }
    const message =
      "The DNS pods of OpenShift (namespace 'openshift-dns') listen on 5353. This rule allows port 53, which is that of their Service, so queries are denied. Add UDP and TCP 5353.";
    const item = 'port: 5353\nprotocol: UDP';
    yield onKey(context, path, message, { fixes: adding(context, incomplete, 'Add port 5353', item, 'port: 5353\nprotocol: TCP') });
  },
};

export default rule;

function adding({ at, text }: WorkspaceContext, { path }: Rule, title: string, ...items: readonly string[]): readonly Fix[] {
  const edits = items.map((item) => itemBehind(text, at([...path, 'ports']), item)).filter((edit) => edit !== undefined);
  return edits.length === items.length ? [{ title, edits, safe: false }] : [];
}
