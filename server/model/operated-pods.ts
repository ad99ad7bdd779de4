import type { CreatedPods } from './caller.ts';
import type { Labels } from './selector.ts';

/** How the operator of a custom resource reaches the pods that it makes. */
interface Operated {
  readonly group: string;
  readonly kind: string;
  readonly labels: (name: string) => Labels;
  readonly port: number;
  readonly operators: readonly (readonly [key: string, value: string])[];
}

const NAME = 'app.kubernetes.io/name';

/**
 * CloudNativePG asks the instance manager for its status on 8000 (its documentation, "Networking"); ECK calls Elasticsearch on 9200
 * (elastic.co, "Network policies"); the Postgres operator of Zalando calls Patroni on 8008 (its documentation, "Administrator guide").
 */
const OPERATED: readonly Operated[] = [
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    labels: (name) => ({ 'cnpg.io/cluster': name, 'cnpg.io/podRole': 'instance' }),
    port: 8000,
    operators: [[NAME, 'cloudnative-pg']],
  },
  {
    group: 'elasticsearch.k8s.elastic.co',
    kind: 'Elasticsearch',
    labels: (name) => ({ 'common.k8s.elastic.co/type': 'elasticsearch', 'elasticsearch.k8s.elastic.co/cluster-name': name }),
    port: 9200,
    operators: [
      ['control-plane', 'elastic-operator'],
      [NAME, 'elastic-operator'],
    ],
  },
  {
    group: 'acid.zalan.do',
    kind: 'postgresql',
    labels: (name) => ({ application: 'spilo', 'cluster-name': name }),
    port: 8008,
    operators: [
      [NAME, 'postgres-operator'],
      ['name', 'postgres-operator'],
    ],
  },
];

/** The pods that an operator makes of a custom resource and then connects to; `undefined` for resources of which that is not known. */
export function operatedPods(group: string, kind: string, name: string): CreatedPods | undefined {
  const found = OPERATED.find((one) => one.group === group && one.kind === kind);
  return (
    found && {
      labels: found.labels(name),
      complete: false,
      port: found.port,
      from: { kind: 'operator', labels: found.operators },
      path: ['metadata', 'name'],
    }
  );
}
