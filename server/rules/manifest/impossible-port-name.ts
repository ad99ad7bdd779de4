import { quote } from '../../base/english.ts';
import { withTraits } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'impossible-port-name',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ builtIn: false }),
  summary: 'A port name that no container port can have.',
  why: 'The name of a container port has at most 15 lowercase letters, digits and dashes, and at least one letter. The API server does not check the name in this field, so the rule is accepted and matches nothing.',
  *check({ issues }) {
    for (const { params, span, path } of issues) {
      if (params.format !== 'port-name') continue;
      const name = String(params.value ?? '');
      const way = /^[0-9]+$/.test(name)
        ? 'Write the number under tcp, udp or sctp.'
        : "Write the name of a container port, such as 'http'.";
      yield { span, path, message: `No container port can be named ${quote(name)}, so this rule matches nothing. ${way}` };
    }
  },
};

export default rule;
