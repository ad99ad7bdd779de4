import { describePods } from '../../model/describe.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { documents, pod } from '../workspace-examples.ts';

const rule: WorkspaceRule = {
  name: 'peer-selects-nothing',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'A peer that matches no workload of the workspace.',
  why: 'The rule looks like an opening but lets nobody in or out. Other workloads of that namespace are here, so the ones it means may be gone or have other labels.',
  bad: [
    {
      yaml: documents(
        np`
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
          - from:
            - podSelector:
                matchLabels:
                  app: checkout
                  #    ^^^^^^^^ matches nothing here
        `,
        pod('shop', 'web', 'app: web'),
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
          - podSelector:
              matchLabels:
                app: web
      `,
      pod('shop', 'web', 'app: web'),
    ),
    documents(np`
      podSelector: {}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector:
            matchLabels:
              app: checkout
    `),
    // A label that clients take on by themselves; none has so far.
    documents(
      np`
        podSelector:
          matchLabels:
            app: db
        policyTypes: [Ingress]
        ingress:
        - from:
          - podSelector:
              matchLabels:
                db-client: "true"
      `,
      pod('shop', 'db', 'app: db'),
    ),
    // Among all namespaces is kube-system, of which nothing is known here.
    documents(
      np`
        podSelector: {}
        policyTypes: [Egress]
        egress:
        - to:
          - namespaceSelector: {}
            podSelector:
              matchLabels:
                k8s-app: kube-dns
          ports:
          - {port: 53, protocol: UDP}
          - {port: 53, protocol: TCP}
      `,
      pod('shop', 'web', 'app: web'),
    ),
  ],
  *check(context) {
    for (const { of, kind, scope, pods, path } of missesIn(context)) {
      if (of !== 'peer' || kind !== 'nothing') continue;
      yield onValue(
        context,
        path,
        `This peer matches nothing here: there are no ${describePods(scope, pods)}. Correct the selector, or remove the peer if they are gone.`,
      );
    }
  },
};

export default rule;
