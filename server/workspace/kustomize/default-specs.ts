import type { Gvk } from './ids.ts';
import type { FieldSpec } from './field-specs.ts';

/** Which fields hold the name of another kind. */
export interface NameReference extends Partial<Gvk> {
  readonly fieldSpecs: readonly FieldSpec[];
}

/** Where the transformers of kustomize reach. */
export interface TransformerConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly volumeClaimTemplateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

/** The lists of a configuration that hold paths. */
export const SPEC_LISTS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'volumeClaimTemplateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

const spec = (kind: string, path: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ kind, path, ...more });

/** The controllers whose pod template stands in `spec.template`. */
const CONTROLLERS = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'];
const APPS: Partial<FieldSpec> = { group: 'apps' };
const BATCH: Partial<FieldSpec> = { group: 'batch' };
const V1: Partial<FieldSpec> = { version: 'v1' };
const CREATE: Partial<FieldSpec> = { create: true };

/** Where labels of pod templates (and of objects) stand. */
function templateFields(field: 'labels' | 'annotations'): readonly FieldSpec[] {
  const statefulSet = field === 'labels' ? APPS : {};
  return [
    { path: `metadata/${field}`, create: true },
    spec('ReplicationController', `spec/template/metadata/${field}`, { ...V1, ...CREATE }),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => spec(kind, `spec/template/metadata/${field}`, CREATE)),
    spec('StatefulSet', `spec/template/metadata/${field}`, { ...statefulSet, ...CREATE }),
    spec('Job', `spec/template/metadata/${field}`, { ...BATCH, ...CREATE }),
    spec('CronJob', `spec/jobTemplate/metadata/${field}`, { ...BATCH, ...CREATE }),
    spec('CronJob', `spec/jobTemplate/spec/template/metadata/${field}`, { ...BATCH, ...CREATE }),
  ];
}

const CLAIM_LABELS = [spec('StatefulSet', 'spec/volumeClaimTemplates[]/metadata/labels', { ...APPS, ...CREATE })];

const AFFINITIES = ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
  `spec/template/spec/affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `spec/template/spec/affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
]);

const NETWORKING: Partial<FieldSpec> = { group: 'networking.k8s.io' };

/** Selectors that get the labels of `commonLabels` and of `labels` with `includeSelectors`. */
const SELECTORS: readonly FieldSpec[] = [
  spec('Service', 'spec/selector', { ...V1, ...CREATE }),
  spec('ReplicationController', 'spec/selector', { ...V1, ...CREATE }),
  ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => spec(kind, 'spec/selector/matchLabels', CREATE)),
  spec('StatefulSet', 'spec/selector/matchLabels', { ...APPS, ...CREATE }),
  ...['Deployment', 'StatefulSet'].flatMap((kind) =>
    [...AFFINITIES, 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels'].map((path) => spec(kind, path, APPS)),
  ),
  spec('Job', 'spec/selector/matchLabels', BATCH),
  spec('CronJob', 'spec/jobTemplate/spec/selector/matchLabels', BATCH),
  spec('PodDisruptionBudget', 'spec/selector/matchLabels', { group: 'policy' }),
  spec('NetworkPolicy', 'spec/podSelector/matchLabels', NETWORKING),
  spec('NetworkPolicy', 'spec/ingress/from/podSelector/matchLabels', NETWORKING),
  spec('NetworkPolicy', 'spec/egress/to/podSelector/matchLabels', NETWORKING),
];

/** The places of pod specs, by kind. */
const POD_SPECS: readonly (readonly [kind: string, path: string])[] = [
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ...CONTROLLERS.map((kind) => [kind, 'spec/template/spec'] as const),
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
];

function inPods(paths: readonly string[]): readonly FieldSpec[] {
  return POD_SPECS.flatMap(([kind, pod]) => paths.map((path) => spec(kind, `${pod}/${path}`, kind === 'Pod' ? V1 : {})));
}

/** Those of the fields of pod templates that every controller but ReplicaSet and PodTemplate has in kustomize's list. */
function inControllers(path: string): readonly FieldSpec[] {
  return [
    spec('Pod', `spec/${path}`),
    ...['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'].map((kind) => spec(kind, `spec/template/spec/${path}`)),
    spec('CronJob', `spec/jobTemplate/spec/template/spec/${path}`),
  ];
}

const containers = (path: string): readonly string[] => ['containers', 'initContainers'].map((field) => `${field}/${path}`);
const RBAC: Partial<FieldSpec> = { group: 'rbac.authorization.k8s.io' };
const ADMISSION: Partial<FieldSpec> = { group: 'admissionregistration.k8s.io' };
const INGRESS_SERVICES = [
  'rules/http/paths/backend/serviceName',
  'backend/serviceName',
  'rules/http/paths/backend/service/name',
  'defaultBackend/service/name',
];
const ROLES = [spec('Role', 'rules/resourceNames'), spec('ClusterRole', 'rules/resourceNames')];

const NAME_REFERENCES: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
    kind,
    fieldSpecs: [spec('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name')],
  })),
  {
    kind: 'ConfigMap',
    version: 'v1',
    fieldSpecs: [
      ...inPods([
        'volumes/configMap/name',
        ...containers('env/valueFrom/configMapKeyRef/name'),
        ...containers('envFrom/configMapRef/name'),
        'volumes/projected/sources/configMap/name',
      ]),
      spec('Node', 'spec/configSource/configMap'),
      ...ROLES,
      spec('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'),
    ],
  },
  {
    kind: 'Secret',
    version: 'v1',
    fieldSpecs: [
      ...inPods([
        'volumes/secret/secretName',
        ...containers('env/valueFrom/secretKeyRef/name'),
        ...containers('envFrom/secretRef/name'),
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ]),
      spec('Ingress', 'spec/tls/secretName'),
      ...[
        'ingress.kubernetes.io\\/auth-secret',
        'nginx.ingress.kubernetes.io\\/auth-secret',
        'nginx.ingress.kubernetes.io\\/auth-tls-secret',
      ].map((name) => spec('Ingress', `metadata/annotations/${name}`)),
      spec('ServiceAccount', 'imagePullSecrets/name'),
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) => spec('StorageClass', `parameters/${name}`)),
      ...ROLES,
      spec('Service', 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name', { group: 'serving.knative.dev', version: 'v1' }),
      spec('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    kind: 'Service',
    version: 'v1',
    fieldSpecs: [
      spec('StatefulSet', 'spec/serviceName', APPS),
      ...INGRESS_SERVICES.map((path) => spec('Ingress', `spec/${path}`)),
      spec('APIService', 'spec/service/name', { group: 'apiregistration.k8s.io' }),
      spec('ValidatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
      spec('MutatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
    ],
  },
  { kind: 'Role', ...RBAC, fieldSpecs: [spec('RoleBinding', 'roleRef/name', RBAC)] },
  {
    kind: 'ClusterRole',
    ...RBAC,
    fieldSpecs: [spec('RoleBinding', 'roleRef/name', RBAC), spec('ClusterRoleBinding', 'roleRef/name', RBAC)],
  },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    fieldSpecs: [
      spec('RoleBinding', 'subjects', RBAC),
      spec('ClusterRoleBinding', 'subjects', RBAC),
      ...inControllers('serviceAccountName'),
    ],
  },
  { kind: 'PersistentVolumeClaim', version: 'v1', fieldSpecs: inControllers('volumes/persistentVolumeClaim/claimName') },
  {
    kind: 'PersistentVolume',
    version: 'v1',
    fieldSpecs: [spec('PersistentVolumeClaim', 'spec/volumeName'), spec('ClusterRole', 'rules/resourceNames')],
  },
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    fieldSpecs: [
      spec('PersistentVolume', 'spec/storageClassName'),
      spec('PersistentVolumeClaim', 'spec/storageClassName'),
      spec('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io', fieldSpecs: inControllers('priorityClassName') },
  { kind: 'IngressClass', version: 'v1', group: 'networking.k8s.io/v1', fieldSpecs: [spec('Ingress', 'spec/ingressClassName')] },
  {
    kind: 'ValidatingAdmissionPolicy',
    ...ADMISSION,
    fieldSpecs: [spec('ValidatingAdmissionPolicyBinding', 'spec/policyName', ADMISSION)],
  },
];

const VAR_PATHS = [
  ...containers('args'),
  ...containers('command'),
  ...containers('env/value'),
  ...containers('volumeMounts/mountPath'),
  'volumes/nfs/server',
];

const VAR_REFERENCES: readonly FieldSpec[] = [
  ...[
    ...CONTROLLERS.map((kind) => [kind, 'spec/template/spec'] as const),
    ['Pod', 'spec'] as const,
    ['CronJob', 'spec/jobTemplate/spec/template/spec'] as const,
  ].flatMap(([kind, pod]) => VAR_PATHS.map((path) => spec(kind, `${pod}/${path}`))),
  spec('Deployment', 'spec/template/metadata/annotations'),
  ...['rules/host', 'tls/hosts', 'tls/secretName'].map((path) => spec('Ingress', `spec/${path}`)),
  ...['port', 'targetPort'].map((path) => spec('Service', `spec/ports/${path}`)),
  spec('StatefulSet', 'spec/volumeClaimTemplates/spec/nfs/server'),
  spec('PersistentVolume', 'spec/nfs/server'),
  { path: 'metadata/labels' },
  { path: 'metadata/annotations' },
];

/** The built-in configuration of kustomize (`builtinpluginconsts`). */
export const DEFAULT_CONFIG: TransformerConfig = {
  namePrefix: [{ path: 'metadata/name' }],
  nameSuffix: [{ path: 'metadata/name' }],
  namespace: [
    spec('Namespace', 'metadata/name', CREATE),
    spec('APIService', 'spec/service/namespace', { group: 'apiregistration.k8s.io', ...CREATE }),
    spec('CustomResourceDefinition', 'spec/conversion/webhook/clientConfig/service/namespace', { group: 'apiextensions.k8s.io' }),
  ],
  commonLabels: [...SELECTORS, ...templateFields('labels'), ...CLAIM_LABELS],
  labels: [],
  templateLabels: templateFields('labels'),
  volumeClaimTemplateLabels: CLAIM_LABELS,
  commonAnnotations: templateFields('annotations'),
  nameReference: NAME_REFERENCES,
  varReference: VAR_REFERENCES,
  images: ['spec', 'spec/template/spec'].flatMap((pod) =>
    ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'].map((path) => ({ path: `${pod}/${path}`, create: true })),
  ),
  replicas: ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => spec(kind, 'spec/replicas', CREATE)),
};
