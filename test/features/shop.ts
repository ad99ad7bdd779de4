/** A workspace to look around in: two workloads of one namespace, one of another with the same label, a Service, and policies on them. */
export const NAMESPACES = `# file: namespaces.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    team: storefront
---
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    team: data
`;

export const WEB = `# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
        tier: front
    spec:
      containers:
      - name: web
        ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9090
        readinessProbe:
          httpGet:
            port: http
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
`;

export const OTHERS = `# file: others.yaml
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: shop
  labels: {app: api, tier: back}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: data
  labels:
    app: web
spec:
  containers:
  - name: c
    ports:
    - name: http
      containerPort: 80
`;

export const POLICIES = `# file: policies.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - podSelector:
        matchExpressions:
        - key: app
          operator: In
          values: [api, "web"]
    ports:
    - port: http
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-to-data
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: api}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: data
      podSelector:
        matchLabels:
          app: 'web'
    ports:
    - port: http
    - port: 80
`;

/** The files with a cursor: the last occurrence of a text, which has the \`$0\` in it, is put in its place. */
export function shopAt(marked: string, ...more: readonly string[]): string {
  const all = [NAMESPACES, WEB, OTHERS, POLICIES, ...more].join('');
  const plain = marked.replace('$0', '');
  const at = all.indexOf(plain);
  if (at === -1 || all.indexOf(plain, at + 1) !== -1) throw new Error(`'${plain}' must stand in the shop exactly once`);
  return all.slice(0, at) + marked + all.slice(at + plain.length);
}
