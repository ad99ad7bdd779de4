import { quote } from '../../base/english.ts';
import { given } from '../../model/read.ts';
import { integerOf } from '../../syntax/scalar.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, asSeq, stringOf, type Node } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, setField } from '../findings/calico.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-staged-kubernetes',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A port of a staged Kubernetes policy that Calico cannot convert.',
  why: 'Calico converts a StagedKubernetesNetworkPolicy into a policy of its own, and rejects it where that fails: a range of ports that ends before it starts, or an invalid port name.',
  *check(context) {
    if (context.kind?.kind !== 'StagedKubernetesNetworkPolicy') return;
    const spec = given(context.root, 'spec');
    for (const direction of ['ingress', 'egress'] as const) {
      for (const [i, { value }] of (asSeq(given(spec, direction))?.items ?? []).entries()) {
        for (const [j, port] of (asSeq(given(value, 'ports'))?.items ?? []).entries()) {
          yield* portIssues(context, port.value, ['spec', direction, i, 'ports', j]);
        }
      }
    }
  },
};

export default rule;

function* portIssues(context: ManifestContext, node: Node, path: Path): Generator<Draft> {
  const port = setField(node, 'port');
  const name = stringOf(port);
  if (name !== undefined && !/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) {
    yield refused(context, [...path, 'port'], `${quote(name)} is not the name of a port.`);
  }
  const first = numberOf(port);
  const last = numberOf(setField(node, 'endPort'));
  // The numbers are converted to 16 bits without sign (libcalico-go `conversion`).
  if (first === undefined || last === undefined || first <= (last & 0xffff)) return;
  yield refused(context, [...path, 'endPort'], `The range ends at ${last}, before it starts at ${first}. Correct one of the two.`);
}

function numberOf(node: Node | undefined): number | undefined {
  const at = asScalar(node);
  return at && integerOf(at.value);
}
