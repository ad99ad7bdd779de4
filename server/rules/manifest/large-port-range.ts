import { thousands } from '../../base/english.ts';
import { onKey } from '../draft.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'large-port-range',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  profile: 'strict',
  summary: 'A range of a thousand ports or more.',
  why: 'A wide range also allows whatever listens on one of its ports later. Only few protocols (FTP, RTP, RPC) need one.',
  *check(context) {
    for (const { rule } of rulesIn(context.policy)) {
      if (rule.action !== 'Accept' || rule.ports === 'any') continue;
      for (const port of rule.ports) {
        const size = port.kind === 'range' ? port.to - port.from + 1 : 0;
        // All ports at once is another matter: that was meant.
        if (size < 1000 || size === 65_535) continue;
        yield onKey(context, port.path, `This range allows ${thousands(size)} ports. List the ports that are used, if they are known.`);
      }
    }
  },
};

export default rule;
