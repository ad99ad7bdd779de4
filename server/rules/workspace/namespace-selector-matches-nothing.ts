import { describeNamespaces } from '../../model/describe-selector.ts';
import { onValue } from '../draft.ts';
import { cnp, np } from '../examples.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { documents, namespace } from '../workspace-examples.ts';

const rule: WorkspaceRule = {
  name: 'namespace-selector-matches-nothing',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'A namespace selector that matches no namespace of the workspace.',
  why: 'Other namespaces here carry the same label with other values, so a value may be misspelt, or the namespace not labelled yet. Until then the selector matches nothing.',
  bad: [
    {
      yaml: documents(
        np`
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
          - from:
            - namespaceSelector:
                matchLabels:
                  team: billing
        `,
        namespace('shop', 'team: checkout'),
      ),
    },
  ],
  good: [
    documents(
      np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - namespaceSelector:
              matchLabels:
                team: checkout
      `,
      namespace('shop', 'team: checkout'),
    ),
    // Namespaces that others look after are not in this workspace.
    documents(
      np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - namespaceSelector:
              matchLabels:
                kubernetes.io/metadata.name: ingress-nginx
      `,
      namespace('shop', 'team: checkout'),
    ),
    // No namespace is known at all: 'every namespace' is still not nothing.
    cnp`
      tier: Baseline
      priority: 10
      subject:
        namespaces: {}
      ingress:
      - action: Deny
        from:
        - namespaces: {}
    `,
  ],
  *check(context) {
    for (const { of, kind, scope, path } of missesIn(context)) {
      // The empty selector takes every namespace; where none is here, they are just not in this workspace.
      if (kind !== 'no-namespace' || scope.kind === 'own' || scope.selector.requirements.length === 0) continue;
      const so = of === 'subject' ? 'this policy is about no pod' : 'this peer matches no pod';
      const message = `There are no ${describeNamespaces(scope.selector)} here, so ${so}. Correct the selector, or label the namespace.`;
      yield onValue(context, path, message);
    }
  },
};

export default rule;
