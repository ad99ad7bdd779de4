import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { declaredAt, frontsOf, isDeclared, numberOf, portPath, portUsesIn, type PortUse } from '../../analysis/port-uses.ts';
import { MESH_PORTS } from '../../analysis/known-ports.ts';
import type { Workload } from '../../model/workload.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'port-not-exposed',
  scope: 'workspace',
  severity: 'information',
  about: podPolicies,
  confidence: 'medium',
  yieldsTo: ['own-port-in-egress', 'kubelet-not-a-pod'],
  summary: 'A rule names a port that none of the pods declares, although they declare others.',
  why: 'A container can listen on ports that it does not declare, so the rule may be right. More often the number is a typo, and the rule matches no traffic.',
  *check(context) {
    for (const use of portUsesIn(context)) {
      const number = numberOf(use.port);
      if (use.port.kind !== 'range' || number === undefined || isDeclared(use, number, use.port.protocol)) continue;
      const declared = declaredAt(use);
      // Where one declares nothing, it may be the one that is meant.
      if (use.destinations.some(({ value }) => value.ports.length === 0) || declared.some(({ port }) => port.port === number)) continue;
      if (isInLongList(use)) continue;
      if (MESH_PORTS.has(number) || use.destinations.some(({ value }) => listensOn(value, number))) continue;
      if (frontsOf(use, number, use.port.protocol, context).length > 0) continue;
      const names = list(
        use.destinations.map(({ value }) => workloadName(value)),
        'and',
        3,
      );
      const numbers = list([...new Set(declared.map(({ port }) => `${port.port}`))], 'and', 5);
      const [first] = declared;
      yield onValue(
        context,
        portPath(use, context),
        `Port ${number} is not declared by ${names}, which ${use.destinations.length === 1 ? 'declares' : 'declare'} ${numbers}. Correct the port, or declare it if the container listens there.`,
        {
          related: first ? [{ key: first.workload.key, path: first.port.path, message: 'Declares this port.' }] : [],
        },
      );
    }
  },
};

/** A list of many ports, of which the pods declare some, is one that several applications share. */
function isInLongList({ rule: { ports }, destinations }: PortUse): boolean {
  if (ports === 'any' || ports.length < MIN_DECLARED_PORTS) return false;
  const declared = destinations.flatMap(({ value }) => value.ports);
  return ports.some((port) => port.kind === 'range' && declared.some((one) => port.from <= one.port && one.port <= port.to));
}

const MIN_DECLARED_PORTS = 3;

/** A port that the kubelet probes, or that annotations name for metrics, is open though no container declares it. */
function listensOn({ probed = [], scrape }: Workload, number: number): boolean {
  return probed.includes(number) || scrape?.port === number;
}

export default rule;
