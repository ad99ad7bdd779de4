import { given } from '../../model/read.ts';
import { asScalar, asSeq } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-untracked-one-way',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A doNotTrack policy with rules for one direction only.',
  why: 'Rules with doNotTrack apply before connection tracking, so replies are not recognized as part of a connection. Each connection needs two rules: one for the packets of the client, and one for those of the server, with the ports at the source or the destination accordingly.',
  *check(context) {
    const spec = given(context.root, 'spec');
    const value = asScalar(given(spec, 'doNotTrack'))?.value;
    if (value?.type !== 'bool' || !value.value) return;
    const has = (direction: string): boolean => (asSeq(given(spec, direction))?.items.length ?? 0) > 0;
    const [one, other] = has('ingress') ? ['ingress', 'egress'] : ['egress', 'ingress'];
    if (has('ingress') === has('egress')) return;
    const message = `With 'doNotTrack' no connection is tracked, so replies to the connections of these ${one} rules are denied. Add ${other} rules for them, with the ports of the server in ${one === 'ingress' ? 'source' : 'destination'}.ports.`;
    yield onKey(context, ['spec', one ?? ''], message);
  },
};

export default rule;
