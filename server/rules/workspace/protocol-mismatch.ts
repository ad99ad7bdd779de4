import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import type { Protocol } from '../../base/ports.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { declaredAt, frontsOf, numberOf, portPath, portUsesIn, type PortUse } from '../../analysis/port-uses.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'protocol-mismatch',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A rule names a port with another protocol than the pods declare for it.',
  why: 'Without a protocol, a port of a NetworkPolicy is a TCP port. A rule for TCP does not match UDP, so the traffic is denied.',
  companions: ['protocol-omitted', 'named-port-missing'],
  *check(context) {
    for (const use of portUsesIn(context)) {
      const { port, rule } = use;
      if (
        port.kind === 'packets' ||
        port.kind === 'service' ||
        port.protocol === undefined ||
        (port.kind === 'range' && numberOf(port) === undefined)
      )
        continue;
      const same = declaredAt(use).filter(({ port: own }) => (port.kind === 'named' ? own.name === port.name : own.port === port.from));
      const others = same.filter(({ port: own }) => own.protocol !== port.protocol && !isNamed(rule, own.port, own.name, own.protocol));
      const [first] = others;
      if (!first || others.length < same.length) continue;
      if (port.kind === 'range' && frontsOf(use, port.from, port.protocol, context).length > 0) continue;
      const protocols = [...new Set(others.map(({ port: own }) => own.protocol))];
      const written = port.kind === 'named' ? `port ${port.name}` : `port ${port.from}`;
      const name = workloadName(first.workload.value);
      yield onValue(
        context,
        portPath(use, context),
        `Workload ${name} declares ${written} for ${list(protocols)}, not for ${port.protocol}, so the rule matches no traffic. Set the protocol to ${list(protocols, 'or')}.`,
        {
          related: [{ key: first.workload.key, path: first.port.path, message: `Declares the port for ${first.port.protocol}.` }],
          fixes: protocols.length === 1 && protocols[0] !== undefined ? fix(use, protocols[0], context) : [],
        },
      );
    }
  },
};

/** Another port of the same rule that names it with its own protocol, as DNS rules do, makes this one harmless. */
function isNamed({ ports: all }: PortUse['rule'], number: number, name: string | undefined, protocol: Protocol): boolean {
  if (all === 'any') return true;
  return all.some((port) => {
    if (port.kind === 'range') return port.protocol === protocol && port.from <= number && number <= port.to;
    return port.kind === 'named' && port.name === name && (port.protocol ?? protocol) === protocol;
  });
}

function fix({ port }: PortUse, protocol: Protocol, { at }: WorkspaceContext): readonly Fix[] {
  const node = at([...port.path, 'protocol']);
  return node?.kind === 'scalar' ? [{ title: `Change to ${protocol}`, edits: [{ ...node.span, text: protocol }], safe: false }] : [];
}

export default rule;
