import { workloadName } from '../../eval/names.ts';
import { connectionName, cutFindings, letIn } from '../findings/blocked-connection.ts';
import { np, yaml } from '../examples.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents, pod, service } from '../workspace-examples.ts';

const webhook = [
  yaml`
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata:
      name: checks
    webhooks:
    - name: checks.shop.example
      clientConfig:
        service: {name: hook, namespace: shop}
      rules: []
      sideEffects: None
      admissionReviewVersions: [v1]
  `,
  service('shop', 'hook', 'app: hook', '443:9443'),
  pod('shop', 'hook', 'app: hook', '9443'),
];

const closed = np`
  podSelector:
    matchLabels:
      app: hook
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
`;

const opened = `${closed.trimEnd()}
  - ports:
    - port: 9443
      protocol: TCP
`;

const shut = `${closed.slice(0, closed.indexOf('  ingress:'))}  ingress: []\n`;

const rule: WorkspaceRule = {
  name: 'webhook-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A webhook, or a server of an API, that the API server cannot reach.',
  why: 'The API server calls webhooks itself, and on most clusters from the address of a control-plane node: no selector of pods or namespaces matches it. Where the call is denied, objects that need the webhook cannot be created or changed.',
  bad: [
    { yaml: documents(closed, ...webhook), fixed: documents(opened, ...webhook) },
    {
      yaml: documents(shut, ...webhook),
      fixed: documents(shut.replace(' []', '\n  - ports:\n    - port: 9443\n      protocol: TCP'), ...webhook),
    },
  ],
  good: [
    documents(opened, ...webhook),
    // Managed clusters with an agent of the API server in kube-system.
    documents(
      closed.replace('    - podSelector: {}', '    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}'),
      ...webhook,
    ),
    documents(...webhook),
  ],
  *check(context) {
    yield* cutFindings(context, 'webhook', (cut) => {
      const { wanted, target } = cut;
      const name = workloadName(target.workload.value);
      return {
        message: `The API server cannot call ${name} for ${wanted.name}: ${connectionName(cut, 'addresses outside')} is denied here, and the API server is no pod. Allow that port from an ipBlock with its address, or from everywhere.`,
        fixes: letIn(context, { ...cut, source: undefined }, `Allow ${target.protocol} ${target.port} from everywhere`),
      };
    });
  },
};

export default rule;
