import type { Path } from '../syntax/path.ts';
import { asMap, asSeq, get, itemsOf, pairsOf, type Node } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { readPods } from './pod-template.ts';
import type { Workload } from './workload.ts';

/** A document that has a pod template says so in these words; the others need not be looked through. */
export function mayHavePodTemplate(text: string): boolean {
  return /emplate["']?[ \t]*:/.test(text) && /containers["']?[ \t]*:/.test(text);
}

/**
 * The entry for a custom resource that holds one pod template, such as an Argo Rollout, an OpenShift DeploymentConfig, a Knative Service
 * or an OpenKruise CloneSet: known by its shape. `undefined` where there is none, and where there are several.
 */
export function kindByShape(group: string, version: string, kind: string, root: Node | undefined): OtherKindEntry | undefined {
  const templates = podTemplatesIn(get(root, 'spec'), ['spec'], 0);
  const [template] = templates;
  if (!template || templates.length > 1) return undefined;
  return {
    role: 'workload',
    group,
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    scope: 'Namespaced',
    docs: 'https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/',
    formerly: [],
    read: (node) => readPods(node, kind, template),
  };
}

/** Does the object hold any pod template? Then its controller makes pods. */
export function hasPodTemplate(root: Node | undefined): boolean {
  return podTemplatesIn(get(root, 'spec'), ['spec'], 0).length > 0;
}

/**
 * The pods of an object with several pod templates, such as a RayCluster or a TFJob: a workload for each template, with the name of the
 * object and the field around the template (`ray.headGroupSpec`, `train.tfReplicaSpecs.Worker`). None for an object with fewer.
 */
export function workloadsByShape(kind: string, root: Node | undefined): readonly Workload[] {
  const templates = podTemplatesIn(get(root, 'spec'), ['spec'], 0);
  if (templates.length < 2) return [];
  return templates.map((template) => {
    const pods = readPods(root, kind, template);
    const field = template.slice(1, -1).join('.');
    return { ...pods, name: field === '' ? pods.name : `${pods.name}.${field}` };
  });
}

/** Templates stand no deeper than `spec.jobTemplate.spec.template` or `spec.groups[0].template`. */
const MAX_DEPTH = 6;

/** Where pod templates stand: maps below a key that ends in `template`, whose `spec` has containers (core/v1 `PodTemplateSpec`). */
function podTemplatesIn(node: Node | undefined, path: Path, depth: number): readonly Path[] {
  const map = asMap(node);
  if (!map || depth > MAX_DEPTH) return [];
  return pairsOf(map).flatMap(({ name, value }): readonly Path[] => {
    if (name === undefined) return [];
    const at = [...path, name];
    if (/template$/i.test(name) && isPodTemplate(value)) return [at];
    const list = asSeq(value);
    if (list) return list.items.flatMap((item, i) => podTemplatesIn(item.value, [...at, i], depth + 1));
    return podTemplatesIn(value, at, depth + 1);
  });
}

function isPodTemplate(node: Node): boolean {
  const containers = itemsOf(get(get(node, 'spec'), 'containers'));
  return containers.length > 0 && containers.every((container) => asMap(container) !== undefined);
}
