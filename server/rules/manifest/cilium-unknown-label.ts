import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { CLUSTER_NAME, NAMESPACE_LABELS, parseLabelKey, POD_NAMESPACE, SERVICE_ACCOUNT } from '../../model/cilium/label-key.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { spotOf } from '../../syntax/spot.ts';
import { ofApi } from '../about.ts';
import { podSelectorKeys } from '../../analysis/cilium-selectors.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-unknown-label',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'A label key that looks like one of the labels that Cilium gives to pods, but is none.',
  why: 'Cilium adds a few labels to each pod: its namespace as `io.kubernetes.pod.namespace`, the labels of its namespace behind `io.cilium.k8s.namespace.labels.`, its service account and its cluster. A key that is nearly one of them is on no pod, so the selector matches nothing. The policy is stored and reported as valid.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    for (const { key, path } of podSelectorKeys(context)) {
      const intended = intendedKey(key);
      if (intended === undefined) continue;
      const message = `No pod has the label ${quote(key)}, so this selector matches nothing. ${intended.way}`;
      yield onKey(context, path, message, { fixes: intended.key === undefined ? [] : renamed(context, path, intended.key) });
    }
  },
};

export default rule;

interface IntendedKey {
  readonly key?: string;
  readonly way: string;
}

/** Labels of pods that start like those of Cilium are none. */
function intendedKey(text: string): IntendedKey | undefined {
  const { source, key } = parseLabelKey(text);
  const glued = /^(?:k8s|any)\.(io\.(?:kubernetes|cilium)\..*)$/.exec(text)?.[1];
  if (glued !== undefined) return { key: `k8s:${glued}`, way: `The source ends with a colon: write 'k8s:${glued}'.` };
  if (source !== 'any' && source !== 'k8s') return undefined;
  const prefix = text.slice(0, text.length - key.length);
  if (key === NAME_LABEL)
    return {
      key: `${prefix}${POD_NAMESPACE}`,
      way: `It is a label of namespaces: write '${prefix}${POD_NAMESPACE}' for the name of the namespace.`,
    };
  const label = /^io\.(?:kubernetes\.pod\.namespace|cilium\.k8s\.(?:namespaces?|pod\.namespace))\.?labels?[.:/](.+)$/.exec(key)?.[1];
  if (label !== undefined && !key.startsWith(NAMESPACE_LABELS))
    return { key: `${prefix}${NAMESPACE_LABELS}${label}`, way: `Labels of namespaces are '${NAMESPACE_LABELS}KEY'.` };
  const isLike = /^io\.(?:kubernetes\.pod|cilium\.k8s)\./.test(key) || near(key, KNOWN)[0] !== undefined;
  if (!isLike || KNOWN.includes(key) || (key.startsWith(NAMESPACE_LABELS) && key.length > NAMESPACE_LABELS.length)) return undefined;
  const [nearest] = near(key, KNOWN);
  const way =
    nearest === undefined
      ? `Cilium gives pods ${KNOWN.map((one) => quote(one)).join(', ')} and '${NAMESPACE_LABELS}KEY'.`
      : `Write ${quote(`${prefix}${nearest}`)}.`;
  return { ...(nearest === undefined ? {} : { key: `${prefix}${nearest}` }), way };
}

const KNOWN: readonly string[] = [POD_NAMESPACE, SERVICE_ACCOUNT, CLUSTER_NAME];

function renamed({ manifest, at }: ManifestContext, path: Path, key: string): readonly Fix[] {
  const spot = manifest.root && spotOf(manifest.root, path);
  const node = typeof path.at(-1) === 'number' ? at([...path, 'key']) : spot?.key;
  return node?.kind === 'scalar' ? [{ title: `Change to '${key}'`, edits: [replace(node.span, likeScalar(key, node))], safe: false }] : [];
}
