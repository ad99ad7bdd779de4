// Workspaces as text, for measurements: the same at every run.

const IN_NAMESPACE = 20;
const TEAMS = ['web', 'shop', 'data', 'ops', 'sales'];
const PARTS = ['front', 'back', 'data', 'job'];

/** So many NetworkPolicies: a default deny for each namespace, and rules by label, port, port name and address. */
export function networkPolicies(size) {
  const spaces = Math.ceil(size / IN_NAMESPACE);
  return documents(size, (i) => {
    const space = i % spaces;
    const head = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: policy-${i}\n  namespace: ns${space}\nspec:\n`;
    if (i < spaces) return `${head}  podSelector: {}\n  policyTypes: [Ingress, Egress]\n`;
    const subject = `  podSelector:\n    matchLabels:\n      app: app${(i * 3) % IN_NAMESPACE}\n`;
    const other = `    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: ns${(i * 7) % spaces}\n      podSelector:\n        matchLabels:\n          part: ${of(PARTS, i)}\n`;
    const near = `    - podSelector:\n        matchExpressions:\n        - {key: app, operator: In, values: [app${i % IN_NAMESPACE}, app${(i + 1) % IN_NAMESPACE}]}\n`;
    const block = `    - ipBlock:\n        cidr: 10.${i % 250}.0.0/16\n        except: [10.${i % 250}.${i % 100}.0/24]\n`;
    const port =
      i % 3 === 0
        ? '    ports:\n    - port: http\n'
        : `    ports:\n    - protocol: TCP\n      port: ${8000 + (i % 5)}\n      endPort: 8100\n`;
    return i % 2 === 0
      ? `${head}${subject}  policyTypes: [Ingress]\n  ingress:\n  - from:\n${other}${i % 10 === 0 ? block : near}${port}`
      : `${head}${subject}  policyTypes: [Egress]\n  egress:\n  - to:\n${near}${i % 5 === 0 ? block : other}${port}`;
  });
}

/** So many ClusterNetworkPolicies in both tiers, about namespaces by name, by team, or about all; some of the same priority. */
export function clusterPolicies(size) {
  return documents(size, (i) => {
    const subject =
      i % 3 === 0
        ? `    namespaces:\n      matchLabels:\n        kubernetes.io/metadata.name: ns${i % 40}\n`
        : i % 3 === 1
          ? `    namespaces:\n      matchLabels:\n        team: ${of(TEAMS, i * 7)}\n`
          : `    pods:\n      namespaceSelector: {}\n      podSelector:\n        matchLabels:\n          app: app${i % IN_NAMESPACE}\n`;
    const action = of(['Accept', 'Deny', 'Pass'], i * 5 + (i >> 3));
    const [direction, side] = i % 2 === 0 ? ['ingress', 'from'] : ['egress', 'to'];
    const peer =
      direction === 'egress' && i % 7 === 0
        ? `    - networks:\n      - 10.${i % 250}.0.0/16\n`
        : i % 4 === 0
          ? `    - namespaces:\n        matchLabels:\n          team: ${of(TEAMS, i)}\n`
          : `    - pods:\n        namespaceSelector: {}\n        podSelector:\n          matchLabels:\n            part: ${of(PARTS, i)}\n`;
    const ports = i % 5 === 0 ? '' : `    protocols:\n    - tcp:\n        destinationPort:\n          number: ${8000 + (i % 6)}\n`;
    return `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: guard-${i}\nspec:\n  tier: ${i % 4 === 3 ? 'Baseline' : 'Admin'}\n  priority: ${(i * 37) % 1001}\n  subject:\n${subject}  ${direction}:\n  - name: first\n    action: ${action}\n    ${side}:\n${peer}${ports}`;
  });
}

/** So many workloads, twenty in a namespace, and the namespaces. */
export function workloads(size) {
  const spaces = documents(
    Math.ceil(size / IN_NAMESPACE),
    (i) =>
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns${i}\n  labels:\n    team: ${of(TEAMS, i)}\n    env: ${i % 3 === 0 ? 'prod' : 'dev'}\n`,
  );
  const pods = documents(size, (i) => {
    const labels = (pad) =>
      [`app: app${i % IN_NAMESPACE}`, `part: ${of(PARTS, i)}`, `version: v${i}`].map((label) => `${pad}${label}\n`).join('');
    return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app${i}\n  namespace: ns${Math.floor(i / IN_NAMESPACE)}\nspec:\n  selector:\n    matchLabels:\n${labels('      ')}  template:\n    metadata:\n      labels:\n${labels('        ')}    spec:\n      containers:\n      - name: main\n        image: example/app\n        ports:\n        - name: http\n          containerPort: 8080\n        - name: metrics\n          containerPort: ${9090 + (i % 2)}\n`;
  });
  return `${spaces}---\n${pods}`;
}

function documents(size, make) {
  return Array.from({ length: size }, (_, i) => make(i)).join('---\n');
}

function of(list, i) {
  return list[i % list.length];
}
