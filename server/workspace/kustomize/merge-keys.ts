/** How the fields of an object are merged: what is not named here is merged as an object, or replaced as a list. */
export interface Shape {
  readonly fields?: Readonly<Record<string, Shape>>;
  /** A list whose items are merged by these fields; without a field the items are strings. */
  readonly keys?: readonly string[];
  readonly items?: Shape;
}

const byName = (items: Shape = {}): Shape => ({ keys: ['name'], items });

const CONTAINER: Shape = {
  fields: {
    env: byName(),
    ports: { keys: ['containerPort', 'protocol'] },
    volumeMounts: { keys: ['mountPath'] },
    volumeDevices: { keys: ['devicePath'] },
  },
};

const META: Shape = { fields: { ownerReferences: { keys: ['uid'] }, finalizers: { keys: [] } } };

const POD: Shape = {
  fields: {
    containers: byName(CONTAINER),
    initContainers: byName(CONTAINER),
    ephemeralContainers: byName(CONTAINER),
    volumes: byName(),
    imagePullSecrets: byName(),
    hostAliases: { keys: ['ip'] },
    topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
    schedulingGates: byName(),
    resourceClaims: byName(),
  },
};

const TEMPLATE: Shape = { fields: { metadata: META, spec: POD } };
const CONDITIONS: Shape = { fields: { conditions: { keys: ['type'] } } };

function object(spec: Shape = {}): Shape {
  return { fields: { metadata: META, spec, status: CONDITIONS } };
}

const CONTROLLER = object({ fields: { template: TEMPLATE } });
const WEBHOOKS: Shape = { fields: { metadata: META, webhooks: byName({ fields: { matchConditions: byName() } }) } };

/**
 * The merge keys of the built-in kinds: `patchStrategy` and `patchMergeKey` of the types in `k8s.io/api`, `listMapKey` where there is one.
 * The lists of a NetworkPolicy have none, so they are replaced.
 */
const SHAPES: Readonly<Record<string, Shape>> = {
  'v1 Pod': object(POD),
  'v1 PodTemplate': { fields: { metadata: META, template: TEMPLATE } },
  'v1 ReplicationController': CONTROLLER,
  'apps/v1 Deployment': CONTROLLER,
  'apps/v1 StatefulSet': CONTROLLER,
  'apps/v1 DaemonSet': CONTROLLER,
  'apps/v1 ReplicaSet': CONTROLLER,
  'batch/v1 Job': CONTROLLER,
  'batch/v1 CronJob': object({ fields: { jobTemplate: object({ fields: { template: TEMPLATE } }) } }),
  'batch/v1beta1 CronJob': object({ fields: { jobTemplate: object({ fields: { template: TEMPLATE } }) } }),
  'v1 Service': object({ fields: { ports: { keys: ['port', 'protocol'] } } }),
  'v1 ServiceAccount': { fields: { metadata: META, secrets: byName() } },
  'admissionregistration.k8s.io/v1 MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration': WEBHOOKS,
};

/** Other built-in kinds, of which only the metadata has merge keys. */
const PLAIN: ReadonlySet<string> = new Set(
  [
    'v1 ConfigMap Secret Namespace Node PersistentVolume PersistentVolumeClaim Endpoints LimitRange ResourceQuota',
    'networking.k8s.io/v1 NetworkPolicy Ingress IngressClass',
    'rbac.authorization.k8s.io/v1 Role RoleBinding ClusterRole ClusterRoleBinding',
    'policy/v1 PodDisruptionBudget',
    'autoscaling/v2 HorizontalPodAutoscaler',
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
  ].flatMap((line) => {
    const [apiVersion = '', ...kinds] = line.split(' ');
    return kinds.map((kind) => `${apiVersion} ${kind}`);
  }),
);

/** How an object of this kind is merged; `undefined` for custom resources, whose lists are replaced. */
export function shapeOf(apiVersion: string, kind: string, custom: ReadonlyMap<string, Shape>): Shape | undefined {
  const key = `${apiVersion} ${kind}`;
  return custom.get(key) ?? SHAPES[key] ?? (PLAIN.has(key) ? object() : undefined);
}
