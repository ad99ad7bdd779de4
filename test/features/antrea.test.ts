import { expect, test } from 'vitest';
import { reachableAt, reached } from '../../server/features/call-hierarchy.ts';
import { hover } from '../../server/features/hover.ts';
import { codeLenses, lensText } from '../../server/features/code-lens.ts';
import {
  checkDefinition,
  checkFolding,
  checkHover,
  checkReferences,
  checkRename,
  checkSymbols,
  checkWorkspaceCompletions,
  workspaceAt,
} from '../checks.ts';
import { checkHints, checkTokens } from './adorned.ts';
import { NAMESPACES, OTHERS, WEB } from './shop.ts';

const TIERS = `# file: tiers.yaml
apiVersion: crd.antrea.io/v1beta1
kind: Tier
metadata: {name: audit}
spec: {priority: 120, description: Audit}
---
apiVersion: crd.antrea.io/v1beta1
kind: ClusterGroup
metadata: {name: web-pods}
spec: {podSelector: {matchLabels: {app: web}}}
---
apiVersion: crd.antrea.io/v1beta1
kind: ClusterGroup
metadata: {name: everything}
spec: {childGroups: [web-pods]}
`;

const POLICY = `# file: policy.yaml
apiVersion: crd.antrea.io/v1beta1
kind: ClusterNetworkPolicy
metadata:
  name: guard
spec:
  tier: audit
  priority: 5
  appliedTo:
    - group: web-pods
  ingress:
    - name: no-batch
      action: Drop
      from:
        - podSelector:
            matchLabels: {app: db}
    - action: Pass
  egress:
    - action: Allow
      to:
        - fqdn: "*.example.com"
        - ipBlock: {cidr: 192.0.2.0/24}
`;

const shop = (policy: string, tiers: string = TIERS): string => [NAMESPACES, WEB, OTHERS, tiers, policy].join('');
const marked = (text: string, at: string): string => shop(POLICY.replace(text, at));

function hoverText(document: string): string {
  const { context, cursor } = workspaceAt(document);
  return hover(context, cursor)?.markdown ?? 'nothing';
}

test('hover on the tier, the priority, a group, an action and a peer', () => {
  expect(hoverText(marked('tier: audit', 'tier: au$0dit'))).toMatchInlineSnapshot(`
    "Order of evaluation in this workspace:
    1. tier emergency: none
    2. tier securityops: none
    3. **tier audit**: **\`guard\` (5) this one**
    4. tier networkops: none
    5. tier platform: none
    6. Admin tier: none
    7. tier application: none
    8. NetworkPolicies: none
    9. tier baseline: none
    10. Baseline tier: none
    11. Default: allowed

    **Policy tier**. The tier in which this policy is evaluated. Tiers with a lower priority number come first; tier baseline comes after the Kubernetes NetworkPolicies. Custom tiers are Tier objects.

    [ClusterNetworkPolicy documentation](https://antrea.io/docs/main/docs/antrea-network-policy/)"
  `);
  expect(hoverText(marked('priority: 5', 'prio$0rity: 5')).split('\n\n')[0]).toMatchInlineSnapshot(`
    "Order of evaluation in this workspace:
    1. tier emergency: none
    2. tier securityops: none
    3. **tier audit**: **\`guard\` (5) this one**
    4. tier networkops: none
    5. tier platform: none
    6. Admin tier: none
    7. tier application: none
    8. NetworkPolicies: none
    9. tier baseline: none
    10. Baseline tier: none
    11. Default: allowed"
  `);
  expect(hoverText(marked('group: web-pods', 'group: web-$0pods'))).toMatchInlineSnapshot(`
    "Applies to ClusterGroup web-pods, except pods that use the host network.

    In this workspace: 3 workloads, [shop/api](file:///workspace/others.yaml#L6), [data/web](file:///workspace/others.yaml#L14) and [shop/web](file:///workspace/web.yaml#L15).

    **ClusterGroup name**. The ClusterGroup whose pods are meant. It must be the only field of its item. Address blocks of a group select no pods.

    [ClusterNetworkPolicy documentation](https://antrea.io/docs/main/docs/antrea-network-policy/)"
  `);
  expect(hoverText(marked('action: Pass', 'action: Pa$0ss'))).toMatchInlineSnapshot(
    `"Leaves the tier audit. Evaluated for connections that the rule above does not match."`,
  );
  expect(hoverText(marked('{app: db}', '{app: d$0b}'))).toMatchInlineSnapshot(`
    "From pods with app=db in any namespace.

    In this workspace: no workloads. Pods there have \`app=web\` or \`app=api\`."
  `);
  expect(hoverText(marked('fqdn:', 'fq$0dn:'))).toMatchInlineSnapshot(`
    "To the hosts behind \\*.example.com: any one of the 2 items is enough (OR).

    Antrea ClusterNetworkPolicy guard names \\*.example.com; the addresses of these names are not known, so the names match no address.

    **Domain name**. A DNS name outside the cluster; * stands for any text. It works only while DNS lookups of the pods are allowed.

    [ClusterNetworkPolicy documentation](https://antrea.io/docs/main/docs/antrea-network-policy/)"
  `);
});

test('completion of tiers, free priorities, groups, labels and actions', () => {
  checkWorkspaceCompletions(marked('tier: audit', 'tier: $0'), /priority|tier/).toMatchInlineSnapshot(`
    "emergency  priority 50
    securityops  priority 100
    audit  priority 120
    networkops  priority 150
    platform  priority 200
    application  priority 250
    baseline  priority 253"
  `);
  checkWorkspaceCompletions(marked('group: web-pods', 'group: $0')).toMatchInlineSnapshot(`
    "web-pods  pods with app=web in any namespace
    everything  ClusterGroup web-pods"
  `);
  checkWorkspaceCompletions(marked('action: Pass', 'action: $0')).toMatchInlineSnapshot(`
    "Allow  Rule action
    Drop  Rule action
    Reject  Rule action
    Pass  Rule action"
  `);
  checkWorkspaceCompletions(marked('{app: db}', '{app: $0}')).toMatchInlineSnapshot(`
    "web  selects 2 of 3 workloads
    api  selects 1 of 3 workloads"
  `);
  const other = POLICY.replace('policy.yaml', 'other.yaml').replace('name: guard', 'name: other');
  checkWorkspaceCompletions(shop(POLICY + other.replace('priority: 5', 'priority: $0')), /before|after/).toMatchInlineSnapshot(`
    "4  before guard (5)
    105  after guard (5)"
  `);
});

test('definition of tiers, groups and children', () => {
  checkDefinition(marked('tier: audit', 'tier: au$0dit')).toMatchInlineSnapshot(`
    "[audit]
    tiers.yaml: metadata: {name: [audit]}"
  `);
  checkDefinition(marked('group: web-pods', 'group: web-$0pods')).toMatchInlineSnapshot(`
    "[web-pods]
    tiers.yaml: metadata: {name: [web-pods]}"
  `);
  checkDefinition(shop(POLICY, TIERS.replace('[web-pods]', '[web-$0pods]'))).toMatchInlineSnapshot(`
    "[web-pods]
    tiers.yaml: metadata: {name: [web-pods]}"
  `);
});

test('references and rename of labels go through policies and groups', () => {
  const db = marked('{app: db}', '{app: w$0eb}');
  checkReferences(db).toMatchInlineSnapshot(`
    "others.yaml: app: [web]
    policy.yaml: matchLabels: {app: [web]}
    tiers.yaml: spec: {podSelector: {matchLabels: {app: [web]}}}
    web.yaml: app: [web]
    web.yaml: app: [web]
    web.yaml: app: [web]"
  `);
  checkRename(db, 'front').toMatchInlineSnapshot(`
    "web -> front
    others.yaml: app: web -> app: front
    policy.yaml: matchLabels: {app: web} -> matchLabels: {app: front}
    tiers.yaml: spec: {podSelector: {matchLabels: {app: web}}} -> spec: {podSelector: {matchLabels: {app: front}}}
    web.yaml: app: web -> app: front
    web.yaml: app: web -> app: front
    web.yaml: app: web -> app: front"
  `);
});

test('lenses and the call hierarchy', () => {
  const { context } = workspaceAt(marked('name: guard', 'name: gua$0rd'));
  expect(codeLenses(context).map(({ key }) => lensText(context.snapshot, context.uri, key)?.title)).toMatchInlineSnapshot(`
    [
      "Selects 2 workloads. Passes ingress from any address and 3 workloads; accepts egress to some addresses outside; not known: the addresses of domain names",
    ]
  `);
  const web = workspaceAt(shop(POLICY).replace('kind: Deployment', 'kind: Deploy$0ment'));
  const subject = reachableAt(web.context, web.cursor);
  const found = subject ? reached(web.context.snapshot, web.context.uri, subject, 'incoming') : [];
  expect(found.map(({ end, traffic }) => `${end.name}: ${traffic}`)).toMatchInlineSnapshot(`
    [
      "shop/api: all traffic, no policy denies it",
      "data/web: all traffic, no policy denies it",
      "any address: all traffic",
    ]
  `);
});

test('symbols, folding, hints and colours', () => {
  const own = POLICY.replace('# file: policy.yaml\n', '');
  checkSymbols(own).toMatchInlineSnapshot(`
    "guard  (Antrea ClusterNetworkPolicy, audit 5) @ guard
      ingress  (2 rules) @ ingress
        Drop from pods with app=db in any namespace  (no-batch) @ -
          pods with app=db in any namespace @ - podSelector:
        Pass from anywhere, inside the cluster and outside @ -
      egress  (1 rule) @ egress
        Allow to the hosts behind *.example.com, or addresses in 192.0.2.0/24 @ -
          the hosts behind *.example.com @ - fqdn: "*.example.com"
          addresses in 192.0.2.0/24 @ - ipBlock: {cidr: 192.0.2.0/24}"
  `);
  checkFolding(own).toMatchInlineSnapshot(`
    "block: metadata: … name: guard
    block: spec: … - ipBlock: {cidr: 192.0.2.0/24}
    block: appliedTo: … - group: web-pods
    block: ingress: … - action: Pass
    block: - name: no-batch … matchLabels: {app: db}
    block: from: … matchLabels: {app: db}
    block: - podSelector: … matchLabels: {app: db}
    block: podSelector: … matchLabels: {app: db}
    block: egress: … - ipBlock: {cidr: 192.0.2.0/24}
    block: - action: Allow … - ipBlock: {cidr: 192.0.2.0/24}
    block: to: … - ipBlock: {cidr: 192.0.2.0/24}"
  `);
  checkTokens(own).toMatchInlineSnapshot(`
    "namespace: crd.antrea.io/v1beta1
    class: ClusterNetworkPolicy guard
    enumMember: audit
    number: 5 192.0.2.0/24
    keyword: Drop Pass Allow
    type: podSelector ipBlock
    property: app
    string: db"
  `);
  checkHints(own).toMatchInlineSnapshot(`"        - ipBlock: {cidr: 192.0.2.0/24} ‹or›"`);
});

test('hover on every field of a group and a tier', () => {
  checkHover('apiVersion: crd.antrea.io/v1beta1\nkind: ClusterGroup\nmetadata: {name: g}\nspec:\n  child$0Groups: [a]\n')
    .toMatchInlineSnapshot(`
    "[childGroups]
    **Child groups**. Other ClusterGroups whose members belong to this group, too. They may have no child groups themselves; one that does not exist counts as empty."
  `);
});
