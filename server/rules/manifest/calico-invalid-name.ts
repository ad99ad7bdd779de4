import { quote } from '../../base/english.ts';
import { given } from '../../model/read.ts';
import { stringOf } from '../../syntax/tree.ts';
import { either, ofApi } from '../about.ts';
import { refused, setField } from '../findings/calico.ts';
import { fits } from '../schema/formats.ts';
import type { ManifestRule } from '../rule.ts';

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const NAMESPACED = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})?|(?:knp|ossg)\\.default\\.${LABEL}(?:\\.${LABEL})*)$`);
const GLOBAL = new RegExp(`^(?:${LABEL}\\.)?${LABEL}$`);
const TIER = new RegExp(`^${LABEL}$`);

const rule: ManifestRule = {
  name: 'calico-invalid-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: either(ofApi('calico', 'policy'), ofApi('calico', 'tier')),
  summary: 'A name of a Calico policy or tier that Calico does not accept.',
  why: 'Names of policies have at most one dot, because the part before it may be the tier; names of tiers have no dot, and at most 63 characters, because they become labels. Calico rejects other names, although the API server accepts them for custom resources.',
  *check(context) {
    const metadata = given(context.root, 'metadata');
    const name = stringOf(setField(metadata, 'name'));
    const kind = context.kind?.kind ?? '';
    // What is no name in Kubernetes is reported as such.
    if (name !== undefined && name !== '' && fits('dns-subdomain-name', name)) {
      const why = whyNot(kind, name);
      if (why !== undefined)
        yield refused(context, ['metadata', 'name'], `${quote(name)} is not a valid name of a ${kind}: ${why}. Rename it.`);
    }
    const tier = stringOf(setField(given(context.root, 'spec'), 'tier'));
    if (tier !== undefined && tier !== '' && !/^Staged?Kubernetes/.test(kind) && !fits('dns-subdomain-name', tier)) {
      yield refused(context, ['spec', 'tier'], `${quote(tier)} is not a valid name of a tier: write lowercase letters, digits and dashes.`);
    }
  },
};

export default rule;

function whyNot(kind: string, name: string): string | undefined {
  if (kind === 'Tier') {
    if (name.length > 63) return 'it has more than 63 characters';
    return TIER.test(name) ? undefined : 'it must not have a dot';
  }
  // A staged policy of Kubernetes has a name of Kubernetes.
  if (kind.endsWith('KubernetesNetworkPolicy')) return undefined;
  return (kind.includes('Global') ? GLOBAL : NAMESPACED).test(name) ? undefined : 'it may have one dot at most';
}
