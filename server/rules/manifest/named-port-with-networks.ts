import { quote } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'named-port-with-networks',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A named port together with addresses, nodes or domain names.',
  why: 'A port name is looked up in the pod; addresses, nodes and domains have no pods. The experimental CRDs reject the rule; the standard ones accept it, and the name then matches nothing.',
  *check({ issues, settings }) {
    const standard = settings.policyApiChannel === 'standard';
    for (const { keyword, params, span, path } of issues) {
      if (keyword !== 'named-port-conflict') continue;
      const effect = standard ? 'the port name matches nothing there' : 'the API server rejects the rule';
      const related = [{ path: params.other ?? [], message: 'The named port.' }];
      yield {
        span,
        path,
        severity: standard ? 'warning' : 'error',
        related,
        message: `${quote(params.key ?? '')} has no pods in which a port name could be looked up: ${effect}. Write the port as a number.`,
      };
    }
  },
};

export default rule;
