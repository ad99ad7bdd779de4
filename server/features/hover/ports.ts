import { capital, count } from '../../base/english.ts';
import { code, escape } from '../../base/markdown.ts';
import { describePorts } from '../../model/describe.ts';
import type { PortMatch } from '../../model/policy.ts';
import { isBelow, samePath } from '../../syntax/path.ts';
import { ruleAt } from '../text/policies.ts';
import type { Fact } from './fact.ts';

/** Which ports: all of the rule on the list, one entry on an item and everything in it. */
export const portsFact: Fact = ({ path, policy }) => {
  const rule = ruleAt(policy, path);
  if (!rule || !isBelow(path, rule.at.ports)) return undefined;
  if (samePath(path, rule.at.ports)) return `${capital(escape(describePorts(rule.ports)))}.`;
  const port = rule.ports === 'any' ? undefined : rule.ports.find((candidate) => isBelow(path, candidate.path));
  return port && describePort(port);
};

function describePort(port: PortMatch): string | undefined {
  switch (port.kind) {
    case 'unreadable':
      return undefined;
    case 'packets':
    case 'service':
      return `${capital(escape(port.words))}.`;
    case 'named':
      return `The ${port.protocol === undefined ? '' : `${port.protocol} `}port that the destination's containers call ${code(port.name)}, whatever its number. Addresses have no port names.`;
    case 'range':
      if (port.from === port.to) return `${port.protocol} ${port.from}.`;
      if (port.from <= 1 && port.to === 65_535) return `Every ${port.protocol} port.`;
      return `${port.protocol} ${port.from}–${port.to}, ${count(port.to - port.from + 1, 'port')}.`;
  }
}
