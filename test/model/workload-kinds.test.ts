import { expect, test } from 'vitest';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { recordOf } from '../../server/workspace/record.ts';
import { resourceOf } from './reading.ts';

const POD = 'metadata: {labels: {app: a}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}';

/** What is read of an object named `w` in namespace `shop`: labels in a line, ports behind them, or what it is otherwise. */
function read(apiVersion: string, kind: string, spec: string): string {
  const { role, value } = resourceOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: w, namespace: shop}\nspec: {${spec}}`);
  if (role !== 'workload') return role === 'caller' ? `may create pods in ${value.creates?.namespace ?? 'any namespace'}` : role;
  const labels = Object.entries(value.labels).map(([key, label]) => `${key}=${label}`);
  return [value.kind, ...labels, ...value.ports.map(({ name, port }) => `${name ?? ''}:${port}`)].join(' ');
}

test.each([
  ['argoproj.io/v1alpha1', 'Rollout', `template: {${POD}}`, 'Rollout app=a http:80'],
  ['apps.openshift.io/v1', 'DeploymentConfig', `template: {${POD}}`, 'DeploymentConfig app=a deploymentconfig=w http:80'],
  [
    'serving.knative.dev/v1',
    'Service',
    `template: {${POD}}`,
    'Service app=a serving.knative.dev/configuration=w serving.knative.dev/service=w http:80',
  ],
  ['apps.kruise.io/v1alpha1', 'CloneSet', `template: {${POD}}`, 'CloneSet app=a http:80'],
  ['apps.kruise.io/v1alpha1', 'AdvancedCronJob', `template: {jobTemplate: {spec: {template: {${POD}}}}}`, 'AdvancedCronJob app=a http:80'],
  ['example.com/v1', 'Gadget', `worker: {podTemplate: {${POD}}}`, 'Gadget app=a http:80'],
  ['example.com/v1', 'Fleet', `groups: [{template: {${POD}}}]`, 'Fleet app=a http:80'],
  // Several templates make pods of several sorts.
  ['ray.io/v1', 'RayCluster', `head: {template: {${POD}}}, groups: [{template: {${POD}}}]`, 'may create pods in shop'],
  ['postgresql.cnpg.io/v1', 'Cluster', 'instances: 3', 'may create pods in shop'],
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'targetNamespace: web', 'may create pods in web'],
  ['argoproj.io/v1alpha1', 'Application', 'destination: {namespace: web}', 'may create pods in web'],
  ['argoproj.io/v1alpha1', 'ApplicationSet', 'generators: []', 'may create pods in any namespace'],
  [
    'monitoring.coreos.com/v1',
    'Alertmanager',
    'version: v0.28.0, podMetadata: {labels: {team: ops}}',
    'Alertmanager team=ops app.kubernetes.io/instance=w app.kubernetes.io/managed-by=prometheus-operator app.kubernetes.io/name=alertmanager alertmanager=w app.kubernetes.io/version=0.28.0 apps.kubernetes.io/pod-index=0 statefulset.kubernetes.io/pod-name=alertmanager-w-0 web:9093 mesh-tcp:9094 reloader-web:8080',
  ],
  [
    'monitoring.coreos.com/v1',
    'Prometheus',
    'replicas: 2',
    'Prometheus app.kubernetes.io/instance=w app.kubernetes.io/managed-by=prometheus-operator app.kubernetes.io/name=prometheus operator.prometheus.io/name=w operator.prometheus.io/shard=0 prometheus=w web:9090 reloader-web:8080',
  ],
])('%s %s', (apiVersion, kind, spec, expected) => {
  expect(read(apiVersion, kind, spec)).toBe(expected);
});

test('an object with several pod templates has a workload for each, named after the field around it', () => {
  const file = sourceFile(
    `apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: ray, namespace: shop}\nspec: {headGroupSpec: {template: {${POD}}}, workerGroupSpecs: [{template: {${POD}}}]}`,
  );
  const { entries } = recordOf('file:///w/a.yaml', file, undefined, true);
  expect(entries.map(({ object: { id, resource } }) => `${resource.role} ${id}`)).toEqual([
    'caller RayCluster/shop/ray',
    'workload RayCluster/shop/ray.headGroupSpec',
    'workload RayCluster/shop/ray.workerGroupSpecs.0',
  ]);
});
