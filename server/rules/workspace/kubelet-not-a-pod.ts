import { portUsesIn, isDeclared, numberOf } from '../../analysis/port-uses.ts';
import { isReadable, rulesIn } from '../../analysis/policy-parts.ts';
import { policyIn } from '../../analysis/selection.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const KUBELET = 10250;

const rule: WorkspaceRule = {
  name: 'kubelet-not-a-pod',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'An egress rule names the port of the kubelet, and only pods as destinations.',
  why: 'The kubelet listens on TCP 10250 at the address of each node, and no selector matches a node. A metrics collector whose egress is allowed to pods only gets no metrics of nodes and containers.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || policy.unreadable.length > 0) return;
    const rules = rulesIn(policy).filter(({ direction }) => direction === 'egress');
    // Where some rule allows addresses on that port, the kubelet has its own.
    const isOpen = rules.some(
      ({ rule: { peers, ports } }) => (peers === 'any' || peers.some(({ kind }) => kind !== 'pods')) && allows(ports),
    );
    for (const { rule: one } of isOpen ? [] : rules) {
      if (one.peers === 'any' || one.ports === 'any' || !isReadable(policy, one.path)) continue;
      const port = one.ports.find(
        (item) => item.kind === 'range' && item.protocol === 'TCP' && item.from === KUBELET && item.to === KUBELET,
      );
      // Some servers listen there as well: metrics-server, webhooks.
      const isMeant = portUsesIn(context).some(
        (use) => use.rule === one && numberOf(use.port) === KUBELET && isDeclared(use, KUBELET, 'TCP'),
      );
      if (!port || isMeant) continue;
      yield onValue(
        context,
        port.path,
        'TCP 10250 is the port of the kubelet, which listens at the address of each node, and this rule allows pods only. Allow the addresses of the nodes with an ipBlock, unless a pod listens there.',
      );
    }
  },
};

export default rule;

function allows(ports: 'any' | readonly { readonly kind: string }[]): boolean {
  return (
    ports === 'any' || ports.some((port) => 'from' in port && 'to' in port && Number(port.from) <= KUBELET && KUBELET <= Number(port.to))
  );
}
