import type { Node } from '../syntax/tree.ts';
import type { GeneratedLabels } from './generated-labels.ts';
import type { OtherKindEntry } from './kind.ts';
import { readPodsAt } from './pod-template.ts';
import { given, integerIn, textIn } from './read.ts';
import type { Labels } from './selector.ts';
import type { ContainerPort, Workload } from './workload.ts';

type OperatedPort = readonly [name: string, port: number];

/** The container that reloads the configuration runs beside each. */
const RELOADER: OperatedPort = ['reloader-web', 8080];

/**
 * monitoring.coreos.com kinds whose pods the Prometheus operator makes: labels of `spec.podMetadata`, and those that the operator adds
 * (API reference of `podMetadata`, and the selector labels of the operator's StatefulSets).
 */
export const prometheusKinds: readonly OtherKindEntry[] = [
  operated('Prometheus', 'prometheuses', 'prometheus', [['web', 9090], RELOADER]),
  operated('PrometheusAgent', 'prometheusagents', 'prom-agent', [['web', 9090], RELOADER]),
  operated('Alertmanager', 'alertmanagers', 'alertmanager', [['web', 9093], ['mesh-tcp', 9094], RELOADER]),
  operated('ThanosRuler', 'thanosrulers', 'thanos-ruler', [['web', 10902], ['grpc', 10901], RELOADER]),
];

function operated(kind: string, plural: string, prefix: string, ports: readonly OperatedPort[]): OtherKindEntry {
  return {
    role: 'workload',
    group: 'monitoring.coreos.com',
    version: 'v1',
    kind,
    plural,
    scope: 'Namespaced',
    docs: 'https://prometheus-operator.dev/docs/api-reference/api/',
    formerly: ['monitoring.coreos.com/v1alpha1'],
    read: (root) => readOperated(root, kind, prefix, ports),
  };
}

function readOperated(root: Node | undefined, kind: string, prefix: string, ports: readonly OperatedPort[]): Workload {
  const spec = given(root, 'spec');
  const places = { metadata: ['spec', 'podMetadata'], spec: ['spec'] };
  const base = readPodsAt(root, kind, places, (name) => operatorLabels(kind, name, prefix, spec));
  const webName = textIn(given(spec, 'portName')) ?? 'web';
  const own = ports.map(([name, port]): ContainerPort => ({
    name: name === 'web' ? webName : name,
    port,
    protocol: 'TCP',
    path: ['spec'],
  }));
  return { ...base, ports: [...own, ...base.ports] };
}

const VERSION = 'app.kubernetes.io/version';

function operatorLabels(kind: string, name: string, prefix: string, spec: Node | undefined): GeneratedLabels {
  const version = textIn(given(spec, 'version'));
  const replicas = given(spec, 'replicas');
  const count = replicas === undefined ? 1 : integerIn(replicas);
  return {
    generatedLabels: { ...namingLabels(kind, name), ...(version === undefined ? {} : { [VERSION]: version.replace(/^v/, '') }) },
    unknownLabels: ['controller-revision-hash', VERSION],
    replicas: {
      first: 0,
      ...(count === undefined ? {} : { count }),
      labels: [
        { key: 'apps.kubernetes.io/pod-index', prefix: '' },
        { key: 'statefulset.kubernetes.io/pod-name', prefix: `${prefix}-${name}-` },
      ],
    },
  };
}

function namingLabels(kind: string, name: string): Labels {
  const app = kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  const common = {
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'prometheus-operator',
    'app.kubernetes.io/name': app,
  };
  if (!kind.startsWith('Prometheus')) return { ...common, [app]: name };
  const shard = { 'operator.prometheus.io/name': name, 'operator.prometheus.io/shard': '0' };
  return kind === 'Prometheus' ? { ...common, ...shard, prometheus: name } : { ...common, ...shard };
}
