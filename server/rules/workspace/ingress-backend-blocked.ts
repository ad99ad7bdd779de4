import { workloadName } from '../../eval/names.ts';
import { connectionName, cutFindings, letIn } from '../findings/blocked-connection.ts';
import { np, yaml } from '../examples.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents, pod, service } from '../workspace-examples.ts';

const backend = [
  yaml`
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
      namespace: shop
    spec:
      defaultBackend:
        service:
          name: web
          port: {number: 80}
  `,
  service('shop', 'web', 'app: web', '80:8080'),
  pod('shop', 'web', 'app: web', '8080'),
];

const controller = pod('edge', 'ingress-nginx', 'app.kubernetes.io/name: ingress-nginx');

const closed = np`
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
`;

const opened = `${closed.trimEnd()}
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: edge
      podSelector:
        matchLabels:
          app.kubernetes.io/name: ingress-nginx
    ports:
    - port: 8080
      protocol: TCP
`;

const shut = closed.slice(0, closed.indexOf('  ingress:'));

const openedAtLast = `${shut}  ingress:
    - from:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: edge
        podSelector:
          matchLabels:
            app.kubernetes.io/name: ingress-nginx
      ports:
      - port: 8080
        protocol: TCP
`;

const rule: WorkspaceRule = {
  name: 'ingress-backend-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'An Ingress or a route of a Gateway to pods that its controller cannot reach.',
  why: 'The controller of an Ingress, or the proxy of a Gateway, opens its own connection to the pods. Policies see that one, with the controller as its source and the port of the pod; who called from outside does not matter to them.',
  bad: [
    { yaml: documents(closed, ...backend, controller), fixed: documents(opened, ...backend, controller) },
    { yaml: documents(shut, ...backend, controller), fixed: documents(openedAtLast, ...backend, controller) },
    { yaml: documents(closed, ...backend) },
  ],
  good: [
    documents(opened, ...backend, controller),
    // A controller that is not in the workspace may be one of these pods.
    documents(closed.replace('- podSelector: {}', '- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}'), ...backend),
    documents(...backend, controller),
  ],
  *check(context) {
    yield* cutFindings(context, 'ingress', (cut) => {
      const { wanted, source, target, direction } = cut;
      const name = workloadName(target.workload.value);
      if (!source) {
        const unknown = `${wanted.name} leads to ${name}, but neither pods of other namespaces nor addresses outside may reach it on ${target.protocol} ${target.port}. Let the controller in that serves it.`;
        return { message: unknown, severity: 'information' };
      }
      const way = direction === 'ingress' ? 'Let the controller in on that port.' : 'Allow the controller egress to it.';
      return {
        message: `${wanted.name} leads nowhere: ${connectionName(cut, 'its controller')} is denied here. ${way}`,
        fixes: letIn(context, cut, 'Let the controller in'),
      };
    });
  },
};

export default rule;
