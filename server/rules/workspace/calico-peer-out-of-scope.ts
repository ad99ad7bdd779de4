import { list } from '../../base/english.ts';
import { isNone } from '../../eval/bits.ts';
import { endpointBits } from '../../eval/endpoint-bits.ts';
import { workloadName } from '../../eval/names.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { matchesExpression } from '../../model/calico/selector/meaning.ts';
import { parseSelector } from '../../model/calico/selector/parse.ts';
import { given } from '../../model/read.ts';
import { insertField } from '../../syntax/edit.ts';
import { asMap, stringOf } from '../../syntax/tree.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { Path } from '../../syntax/path.ts';

const rule: WorkspaceRule = {
  name: 'calico-peer-out-of-scope',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A selector of a namespaced policy that matches nothing in its namespace, but pods of other namespaces or network sets.',
  why: 'Without namespaceSelector, a selector in a rule of a NetworkPolicy looks into the namespace of the policy only. Pods of other namespaces need a namespaceSelector that matches their namespace, GlobalNetworkSets need namespaceSelector: global().',
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.namespace === undefined) return;
    const { space } = context.evaluation();
    for (const direction of DIRECTIONS) {
      const end = direction === 'ingress' ? 'source' : 'destination';
      for (const { peers, path } of policy.value[direction]?.rules ?? []) {
        const bits =
          peers === 'any'
            ? 'all'
            : endpointBits(space, { kind: 'or', of: peers.flatMap((peer) => (peer.kind === 'set' ? [peer.set] : [])) });
        if (bits === 'all' || !isNone(bits.maybe)) continue;
        const draft = draftFor(context, [...path, end], policy.value.namespace);
        if (draft) yield draft;
      }
    }
  },
};

export default rule;

function draftFor(context: WorkspaceContext, path: Path, namespace: string): Draft | undefined {
  const node = asMap(context.at(path));
  const text = stringOf(given(node, 'selector'));
  const expression = text === undefined || text === '' ? undefined : parseSelector(text).expression;
  if (!node || !expression || given(node, 'namespaceSelector') !== undefined) return undefined;
  const { workloads, sets } = context.cluster;
  const pods = workloads.filter(
    ({ value }) => matchesExpression(expression, { labels: value.labels, unknown: value.unknownLabels ?? [] }) === 'yes',
  );
  const global = sets.filter(
    ({ value }) => value.namespace === undefined && matchesExpression(expression, { labels: value.labels }) === 'yes',
  );
  const [set] = global;
  const [pod] = pods;
  const at = [...path, 'selector'];
  const fix = (selector: string): NonNullable<Draft['fixes']> => [
    { title: `Add namespaceSelector: ${selector}`, edits: [insertField(context.text, node, 'namespaceSelector', selector)], safe: false },
  ];
  if (set) {
    const message = `Nothing in namespace '${namespace}' matches this selector, but GlobalNetworkSet ${set.value.name} does, which a namespaced policy finds only with namespaceSelector: global(). Add it.`;
    return onValue(context, at, message, {
      related: [{ key: set.key, path: ['metadata', 'labels'], message: 'This set has the labels.' }],
      fixes: fix('global()'),
    });
  }
  if (!pod) return undefined;
  const spaces = [...new Set(pods.map(({ value }) => value.namespace))];
  const selector =
    spaces.length === 1
      ? `projectcalico.org/name == '${spaces[0] ?? ''}'`
      : `projectcalico.org/name in {${spaces.map((one) => `'${one}'`).join(', ')}}`;
  const message = `No pod in namespace '${namespace}' matches this selector, so the rule never matches; ${list(
    pods.map(({ value }) => workloadName(value)),
    'and',
    3,
  )} would. Add a namespaceSelector.`;
  return onValue(context, at, message, {
    related: [{ key: pod.key, path: pod.value.labelsPath, message: 'These pods have the labels.' }],
    ...(spaces.length === 1 ? { fixes: fix(selector) } : {}),
  });
}
