import { quote } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'named-port-with-networks',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A named port together with addresses, nodes or domain names.',
  why: 'A port name is resolved in the destination pod; networks, nodes and domain names have none. The experimental CRDs reject the rule; the standard CRDs accept it, and the name then matches nothing.',
  *check({ issues, settings }) {
    const standard = settings.policyApiChannel === 'standard';
    for (const { keyword, params, span, path } of issues) {
      if (keyword !== 'named-port-conflict') continue;
      const effect = standard ? 'the port name matches nothing there' : 'the API server rejects the manifest';
      const related = [{ path: params.other ?? [], message: 'The named port.' }];
      yield {
        span,
        path,
        severity: standard ? 'warning' : 'error',
        related,
        message: `${quote(params.key ?? '')} selects no pods whose ports have names, so ${effect}. Write the port as a number.`,
      };
    }
  },
};

export default rule;
