import { quote } from '../../base/english.ts';
import { cnp } from '../examples.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'channel-field',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  summary: 'A field of the experimental channel.',
  why: 'A cluster with the standard CRDs rejects the field. With netpol.policyApiChannel set to standard this is an error, otherwise a remark.',
  bad: [
    {
      yaml: cnp`
        tier: Admin
        priority: 10
        subject:
          namespaces: {}
        egress:
          - action: Deny
            to:
              - nodes: {}
      `,
    },
  ],
  good: [
    cnp`
      tier: Admin
      priority: 10
      subject:
        namespaces: {}
      egress:
        - action: Deny
          to:
            - networks: [10.0.0.0/8]
    `,
  ],
  *check({ issues, settings }) {
    const standard = settings.policyApiChannel === 'standard';
    for (const { keyword, params, span, path } of issues) {
      if (keyword !== 'channel') continue;
      const name = quote(params.key ?? '');
      yield standard
        ? { span, path, severity: 'error', message: `${name} belongs to the experimental channel, so a cluster with the standard CRDs rejects it. Install the experimental CRDs and set netpol.policyApiChannel, or write the addresses as 'networks'.` }
        : { span, path, message: `${name} belongs to the experimental channel: only a cluster with the experimental CRDs accepts it.` };
    }
  },
};

export default rule;
