import { given } from '../../model/read.ts';
import { insertField } from '../../syntax/edit.ts';
import { asMap, asScalar, asSeq, get, itemsOf, stringOf, type MapNode } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { rejected, setField } from '../findings/calico.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-host-policy',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'Fields preDNAT, doNotTrack and applyOnForward in a combination that does not exist.',
  why: 'preDNAT and doNotTrack move the rules of a global policy before connection tracking and address translation at host endpoints. They exclude each other, need applyOnForward: true, and preDNAT works on ingress only.',
  *check(context) {
    const spec = asMap(given(context.root, 'spec'));
    if (!spec) return;
    const [preDnat, doNotTrack, forward] = (['preDNAT', 'doNotTrack', 'applyOnForward'] as const).map((field) => isTrue(spec, field));
    const set = preDnat === true ? 'preDNAT' : doNotTrack === true ? 'doNotTrack' : undefined;
    if (set === undefined) return;
    if (preDnat === true && doNotTrack === true)
      yield rejected(context, ['spec', 'preDNAT'], "'preDNAT' and 'doNotTrack' cannot both be true. Remove one.");
    if (forward === false) {
      const fixes =
        get(spec, 'applyOnForward') === undefined
          ? [{ title: 'Add applyOnForward: true', edits: [insertField(context.text, spec, 'applyOnForward', 'true')], safe: false }]
          : [];
      yield rejected(context, ['spec', set], `'${set}' needs applyOnForward: true.`, { fixes });
    }
    if (preDnat !== true) return;
    if ((asSeq(given(spec, 'egress'))?.items.length ?? 0) > 0)
      yield rejected(context, ['spec', 'egress'], 'A preDNAT policy cannot have egress rules.');
    const egress = itemsOf(given(spec, 'types')).findIndex((type) => stringOf(type) === 'Egress');
    if (egress !== -1) yield rejected(context, ['spec', 'types', egress], "A preDNAT policy cannot have the type 'Egress'.");
  },
};

export default rule;

/** `undefined` where something fills it in. */
function isTrue(spec: MapNode, field: string): boolean | undefined {
  if (given(spec, field) === undefined) return false;
  const value = asScalar(setField(spec, field))?.value;
  return value?.type === 'bool' ? value.value : undefined;
}
