/** Two namespaces, a web front, a database, a cache, a scanner, one pod in the host's network and two with known addresses. */
export const WORLD = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Namespace
metadata: { name: ops, labels: { team: ops } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: not-the-pods } }
spec: { template: { metadata: { labels: { app: web, tier: front } }, spec: { containers: [ { name: c, ports: [ { name: http, containerPort: 8080 } ] } ] } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec: { template: { metadata: { labels: { app: db } }, spec: { containers: [ { name: c, ports: [ { name: sql, containerPort: 5432 }, { name: gossip, containerPort: 7000, protocol: UDP }, { name: gossip, containerPort: 7001 } ] } ] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: cache, namespace: shop, labels: { app: cache } }
spec: { containers: [ { name: c, ports: [ { name: sql, containerPort: 6379 } ] } ] }
status: { podIP: 10.1.0.5 }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: scan, namespace: ops }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: scan } } } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ops, labels: { app: web } }
status: { podIP: 10.2.0.5, podIPs: [ { ip: 10.2.0.5 }, { ip: 'fd00::5' } ] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop }
spec: { template: { metadata: { labels: { app: agent } }, spec: { hostNetwork: true, nodeName: worker-1 } } }
---
apiVersion: v1
kind: Node
metadata: { name: worker-1, labels: { role: worker } }
status: { addresses: [ { type: InternalIP, address: 192.168.0.11 } ] }`;

const v1 = (spec: string, name = 'p', namespace = 'shop'): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---`;

/** Every row of SEMANTICS 4a that a verdict can show. */
export const V1: Readonly<Record<string, string>> = {
  'no policy: everything is allowed': `
#? shop/web -> shop/db TCP/5432: allow by default
#? 203.0.113.7 -> shop/db SCTP/1: allow by default
#? shop/web -> 203.0.113.7 UDP/53: allow by default`,
  'policyTypes absent: Ingress only, without egress rules': `${v1('{ podSelector: {}, egress: [] }')}
#? ops/scan -> shop/db TCP/5432: deny by shop/p
#? shop/db -> ops/scan TCP/80: allow by default`,
  'policyTypes []: like absent, and an egress rule counts': `${v1('{ podSelector: { matchLabels: { app: db } }, policyTypes: [], egress: [ { to: [ { podSelector: {} } ] } ] }')}
#? ops/scan -> shop/db TCP/5432: deny by shop/p
#? shop/db -> ops/scan TCP/80: deny by shop/p
#? shop/db -> shop/web TCP/80: allow by shop/p`,
  'policyTypes [Egress] ignores ingress rules': `${v1('{ podSelector: {}, policyTypes: [Egress], ingress: [ { from: [ { podSelector: {} } ] } ] }')}
#? ops/scan -> shop/db TCP/5432: allow by default
#? shop/db -> ops/scan TCP/80: deny by shop/p`,
  'podSelector absent, null, {} and empty matchLabels: all pods of the namespace': `
${v1('{ policyTypes: [Ingress] }', 'a')}
${v1('{ podSelector: null }', 'b')}
${v1('{ podSelector: { matchLabels: null } }', 'c', 'ops')}
#? ops/scan -> shop/db TCP/5432: deny by shop/a and shop/b
#? shop/db -> ops/scan TCP/80: deny by ops/c`,
  'labels of the controller do not count': `${v1('{ podSelector: { matchLabels: { app: not-the-pods } } }')}
#? ops/scan -> shop/web TCP/8080: allow by default`,
  'a rule {} allows everything': `${v1('{ podSelector: {}, ingress: [ {} ] }')}
#? 203.0.113.7 -> shop/db SCTP/9: allow by shop/p`,
  'from [] is any peer, ports [] any port': `${v1('{ podSelector: {}, ingress: [ { from: [], ports: [ { port: 80 } ] } ] }', 'a')}
${v1('{ podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [] } ] }', 'b')}
#? 203.0.113.7 -> shop/db TCP/80: allow by shop/a
#? 203.0.113.7 -> shop/db TCP/81: deny by shop/a and shop/b
#? shop/web -> shop/db UDP/99: allow by shop/b`,
  'policies unite, whatever their order; every allowing one is named': `
${v1('{ podSelector: { matchLabels: { app: db } } }', 'deny')}
${v1('{ podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ] } ] }', 'allow')}
#? shop/web -> shop/db TCP/5432: allow by shop/allow
#? ops/web -> shop/db TCP/5432: deny by shop/allow and shop/deny
#? ops/web -> shop/web TCP/5432: deny by shop/allow`,
  'both sides must allow': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ {} ] }', 'in')}
${v1('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }', 'out')}
#? shop/web -> shop/db TCP/5432: deny by shop/out
#? shop/cache -> shop/db TCP/5432: allow by shop/in`,
  'podSelector alone means the namespace of the policy': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ] } ] }')}
#? shop/web -> shop/db TCP/5432: allow by shop/p
#? ops/web -> shop/db TCP/5432: deny by shop/p`,
  'namespaceSelector alone means all pods there, {} all namespaces': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { namespaceSelector: { matchLabels: { team: ops } } } ] } ] }', 'a')}
${v1('{ podSelector: { matchLabels: { app: cache } }, ingress: [ { from: [ { namespaceSelector: {} } ] } ] }', 'b')}
#? ops/scan -> shop/db TCP/5432: allow by shop/a
#? shop/web -> shop/db TCP/5432: deny by shop/a
#? shop/web -> shop/cache TCP/6379: allow by shop/b
#? 203.0.113.7 -> shop/cache TCP/6379: deny by shop/b`,
  'both selectors in one item: AND; in two items: OR': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { namespaceSelector: { matchLabels: { team: ops } }, podSelector: { matchLabels: { app: web } } } ] } ] }', 'and')}
${v1('{ podSelector: { matchLabels: { app: cache } }, ingress: [ { from: [ { namespaceSelector: { matchLabels: { team: ops } } }, { podSelector: { matchLabels: { app: web } } } ] } ] }', 'or')}
#? ops/web -> shop/db TCP/5432: allow by shop/and
#? ops/scan -> shop/db TCP/5432: deny by shop/and
#? shop/web -> shop/db TCP/5432: deny by shop/and
#? ops/scan -> shop/cache TCP/6379: allow by shop/or
#? shop/web -> shop/cache TCP/6379: allow by shop/or`,
  'namespaceSelector null beside a podSelector means the own namespace': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { namespaceSelector: null, podSelector: { matchLabels: { app: web } } } ] } ] }')}
#? shop/web -> shop/db TCP/5432: allow by shop/p
#? ops/web -> shop/db TCP/5432: deny by shop/p`,
  'a peer {} is rejected and allows nothing here': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ {} ] } ] }')}
#? shop/web -> shop/db TCP/5432: deny by shop/p`,
  'a namespace by name': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ops } } } ] } ] }')}
#? ops/scan -> shop/db TCP/5432: allow by shop/p
#? shop/web -> shop/db TCP/5432: deny by shop/p`,
  'ipBlock with except; pods only by known address': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: 10.0.0.0/8, except: [ 10.2.0.0/16 ] } } ] } ] }')}
#? 10.0.0.1 -> shop/db TCP/5432: allow by shop/p
#? 10.2.3.4 -> shop/db TCP/5432: deny by shop/p
#? 11.0.0.0 -> shop/db TCP/5432: deny by shop/p
#? shop/cache -> shop/db TCP/5432: allow by shop/p
#? ops/web -> shop/db TCP/5432: deny by shop/p
#? shop/web -> shop/db TCP/5432: deny by shop/p`,
  'IPv6 blocks': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: "fd00::/64" } } ] } ] }')}
#? fd00::1 -> shop/db TCP/5432: allow by shop/p
#? fd01::1 -> shop/db TCP/5432: deny by shop/p
#? 10.0.0.1 -> shop/db TCP/5432: deny by shop/p
#? ops/web -> shop/db TCP/5432: allow by shop/p`,
  'host bits are accepted': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: 10.1.2.3/8 } } ] } ] }')}
#? 10.0.0.0 -> shop/db TCP/5432: allow by shop/p`,
  'ports: protocol absent is TCP, port absent every port of it': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { ports: [ { port: 5432 }, { protocol: UDP } ] } ] }')}
#? shop/web -> shop/db TCP/5432: allow by shop/p
#? shop/web -> shop/db TCP/5433: deny by shop/p
#? shop/web -> shop/db UDP/1: allow by shop/p
#? shop/web -> shop/db UDP/65535: allow by shop/p
#? shop/web -> shop/db SCTP/5432: deny by shop/p`,
  'endPort: both ends count': `${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { ports: [ { port: 8000, endPort: 8080 } ] } ] }')}
#? shop/web -> shop/db TCP/7999: deny by shop/p
#? shop/web -> shop/db TCP/8000: allow by shop/p
#? shop/web -> shop/db TCP/8080: allow by shop/p
#? shop/web -> shop/db TCP/8081: deny by shop/p`,
  'a port name is looked up on the destination, with its protocol': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { ports: [ { port: sql }, { port: gossip, protocol: UDP } ] } ] }', 'in')}
${v1('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [ { ports: [ { port: sql } ] } ] }', 'out')}
#? shop/web -> shop/db TCP/5432: allow by shop/out and shop/in
#? ops/scan -> shop/db UDP/7000: allow by shop/in
#? ops/scan -> shop/db TCP/7001: deny by shop/in
#? shop/web -> shop/cache TCP/6379: allow by shop/out
#? shop/web -> shop/cache TCP/5432: deny by shop/out
#? shop/web -> 203.0.113.7 TCP/5432: deny by shop/out`,
  'In, NotIn, Exists, DoesNotExist': `
${v1('{ podSelector: { matchExpressions: [ { key: app, operator: In, values: [ db, cache ] }, { key: tier, operator: DoesNotExist } ] } }', 'a')}
${v1('{ podSelector: { matchExpressions: [ { key: tier, operator: Exists } ] }, ingress: [ { from: [ { podSelector: { matchExpressions: [ { key: tier, operator: NotIn, values: [ back ] } ] } } ] } ] }', 'b')}
#? shop/web -> shop/db TCP/5432: deny by shop/a
#? shop/db -> shop/web TCP/8080: allow by shop/b
#? ops/web -> shop/web TCP/8080: deny by shop/b`,
  'a pod in the host network is an ordinary pod to a NetworkPolicy': `
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: { matchLabels: { app: agent } } } ] } ] }', 'from-agent')}
${v1('{ podSelector: { matchLabels: { app: agent } } }', 'agent')}
#? shop/agent -> shop/db TCP/5432: allow by shop/from-agent
#? shop/web -> shop/agent TCP/80: deny by shop/agent`,
  'a selector that cannot be read: the policy is left out': `${v1('{ podSelector: { matchExpressions: [ { key: app, operator: Is, values: [ db ] } ] } }')}
#? shop/web -> shop/db TCP/5432: allow by default`,
};

const cnp = (name: string, tier: string, priority: number, rest: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { tier: ${tier}, priority: ${priority}, ${rest} }
---`;
const toDb = 'subject: { pods: { podSelector: { matchLabels: { app: db } } } }';
const fromWeb = 'from: [ { pods: { podSelector: { matchLabels: { app: web } } } } ]';
const tcp = (port: number): string => `protocols: [ { tcp: { destinationPort: { number: ${port} } } } ]`;

/** Every row of SEMANTICS 4b that a verdict can show. */
export const TIERED: Readonly<Record<string, string>> = {
  'Admin goes before NetworkPolicy, both ways': `
${cnp('accept', 'Admin', 10, `${toDb}, ingress: [ { action: Accept, ${fromWeb} } ]`)}
${cnp('deny', 'Admin', 20, 'subject: { namespaces: { matchLabels: { team: ops } } }, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ]')}
${v1('{ podSelector: {} }', 'closed')}
${v1('{ podSelector: {}, ingress: [ {} ] }', 'open', 'ops')}
#? shop/web -> shop/db TCP/5432: allow by accept
#? shop/web -> ops/scan TCP/80: deny by deny
#? shop/cache -> shop/db TCP/5432: deny by shop/closed`,
  'Baseline comes after NetworkPolicy': `
${cnp('base', 'Baseline', 1, 'subject: { namespaces: {} }, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ]')}
${v1('{ podSelector: { matchLabels: { app: db } }, ingress: [ {} ] }', 'open')}
#? shop/web -> shop/db TCP/5432: allow by shop/open
#? shop/web -> shop/cache TCP/6379: deny by base`,
  'the lower priority number first, then list order': `
${cnp('late', 'Admin', 20, `${toDb}, ingress: [ { action: Deny, ${fromWeb} } ]`)}
${cnp('early', 'Admin', 3, `${toDb}, ingress: [ { action: Accept, ${fromWeb}, ${tcp(5432)} }, { action: Deny, ${fromWeb}, ${tcp(5432)} } ]`)}
#? shop/web -> shop/db TCP/5432: allow by early
#? shop/web -> shop/db TCP/80: deny by late`,
  'Pass leaves the Admin tier': `
${cnp('pass', 'Admin', 1, `${toDb}, ingress: [ { action: Pass, ${fromWeb}, ${tcp(5432)} } ]`)}
${cnp('deny', 'Admin', 2, `${toDb}, ingress: [ { action: Deny, ${fromWeb} } ]`)}
#? shop/web -> shop/db TCP/5432: allow by default
#? shop/web -> shop/db TCP/80: deny by deny`,
  'Pass in Baseline skips the rest of it': `
${cnp('pass', 'Baseline', 1, `${toDb}, ingress: [ { action: Pass, ${fromWeb} } ]`)}
${cnp('deny', 'Baseline', 2, `${toDb}, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ]`)}
#? shop/web -> shop/db TCP/5432: allow by default
#? shop/cache -> shop/db TCP/5432: deny by deny`,
  'no implicit isolation: only Accept rules deny nothing': `
${cnp('accept', 'Admin', 1, `${toDb}, ingress: [ { action: Accept, ${fromWeb} } ]`)}
#? shop/cache -> shop/db TCP/5432: allow by default
#? shop/db -> shop/cache TCP/6379: allow by default`,
  'Accept on egress does not override ingress at the destination': `
${cnp('out', 'Admin', 1, 'subject: { namespaces: {} }, egress: [ { action: Accept, to: [ { namespaces: {} } ] } ]')}
${v1('{ podSelector: { matchLabels: { app: db } } }', 'closed')}
#? shop/web -> shop/db TCP/5432: deny by shop/closed`,
  'equal priorities that disagree: undefined; where they agree, or cannot matter, decided': `
${cnp('a', 'Admin', 5, `${toDb}, ingress: [ { action: Accept, ${fromWeb}, ${tcp(5432)} }, { action: Deny, ${fromWeb}, ${tcp(80)} } ]`)}
${cnp('b', 'Admin', 5, `${toDb}, ingress: [ { action: Deny, ${fromWeb} } ]`)}
#? shop/web -> shop/db TCP/5432: undefined by a and b
#? shop/web -> shop/db TCP/80: deny by a and b
#? shop/web -> shop/db UDP/53: deny by b
#? shop/cache -> shop/db TCP/5432: allow by default`,
  'a tie of Pass and Accept matters only where what follows denies': `
${cnp('a', 'Admin', 5, `subject: { namespaces: {} }, ingress: [ { action: Accept, ${fromWeb} } ]`)}
${cnp('b', 'Admin', 5, `subject: { namespaces: {} }, ingress: [ { action: Pass, ${fromWeb} } ]`)}
${v1('{ podSelector: { matchLabels: { app: db } } }', 'closed')}
#? shop/web -> shop/db TCP/5432: undefined by a and b
#? shop/web -> shop/cache TCP/6379: allow by a`,
  'a tie on one side does not matter where the other side denies': `
${cnp('a', 'Admin', 5, `${toDb}, ingress: [ { action: Accept, ${fromWeb} } ]`)}
${cnp('b', 'Admin', 5, `${toDb}, ingress: [ { action: Deny, ${fromWeb} } ]`)}
${v1('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }', 'out')}
#? shop/web -> shop/db TCP/5432: deny by shop/out and b
#? ops/web -> shop/db TCP/5432: undefined by a and b`,
  'pods without namespaceSelector: all namespaces': `
${cnp('a', 'Admin', 1, `${toDb}, ingress: [ { action: Deny, ${fromWeb} } ]`)}
#? shop/web -> shop/db TCP/5432: deny by a
#? ops/web -> shop/db TCP/5432: deny by a`,
  'host-networked pods are never subject, nor matched by pods or namespaces': `
${cnp('a', 'Admin', 1, 'subject: { namespaces: {} }, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ], egress: [ { action: Deny, to: [ { namespaces: {} } ] } ]')}
#? shop/web -> shop/agent TCP/80: allow by default
#? shop/agent -> shop/web TCP/80: allow by default
#? shop/web -> shop/cache TCP/80: deny by a`,
  'networks match addresses outside and pods of known address': `
${cnp('a', 'Admin', 1, 'subject: { namespaces: {} }, egress: [ { action: Deny, to: [ { networks: [ 10.1.0.0/16, 203.0.113.0/24 ] } ] } ]')}
#? shop/web -> 203.0.113.7 TCP/443: deny by a
#? shop/web -> 203.0.114.7 TCP/443: allow by default
#? shop/web -> shop/cache TCP/6379: deny by a
#? shop/web -> ops/web TCP/80: allow by default
#? shop/web -> shop/db TCP/5432: allow by default`,
  'nodes match their addresses and the host-networked pods on them': `
${cnp('a', 'Admin', 1, 'subject: { namespaces: {} }, egress: [ { action: Deny, to: [ { nodes: { matchLabels: { role: worker } } } ] } ]')}
#? shop/web -> 192.168.0.11 TCP/10250: deny by a
#? shop/web -> 192.168.0.12 TCP/10250: allow by default
#? shop/web -> shop/agent TCP/80: deny by a`,
  'domain names match no address here': `
${cnp('a', 'Admin', 1, 'subject: { namespaces: {} }, egress: [ { action: Accept, to: [ { domainNames: [ "*.example.com" ] } ] }, { action: Deny, to: [ { networks: [ 0.0.0.0/0 ] } ] } ]')}
#? shop/web -> 203.0.113.7 TCP/443: deny by a`,
  'ranges, protocols, and a named port of any protocol': `
${cnp('a', 'Admin', 1, `${toDb}, ingress: [ { action: Deny, ${fromWeb}, protocols: [ { udp: { destinationPort: { range: { start: 100, end: 200 } } } }, { destinationNamedPort: gossip }, { sctp: { destinationPort: { number: 9 } } } ] } ]`)}
#? shop/web -> shop/db UDP/100: deny by a
#? shop/web -> shop/db UDP/200: deny by a
#? shop/web -> shop/db UDP/201: allow by default
#? shop/web -> shop/db UDP/7000: deny by a
#? shop/web -> shop/db TCP/7001: deny by a
#? shop/web -> shop/db SCTP/9: deny by a
#? shop/web -> shop/db TCP/5432: allow by default`,
  'a named port and networks: nothing outside, the pods that declare it inside': `
${cnp('a', 'Admin', 1, 'subject: { namespaces: {} }, egress: [ { action: Deny, to: [ { networks: [ 0.0.0.0/0 ] } ], protocols: [ { destinationNamedPort: sql } ] } ]')}
#? shop/web -> 203.0.113.7 TCP/6379: allow by default
#? shop/web -> shop/cache TCP/6379: deny by a`,
  'an unknown peer fails closed: Accept matches nothing, Pass and Deny deny all': `
${cnp('accept', 'Admin', 1, `${toDb}, ingress: [ { action: Accept, from: [ { services: {} }, { namespaces: {} } ] } ]`)}
${cnp('pass', 'Admin', 2, `subject: { pods: { podSelector: { matchLabels: { app: cache } } } }, ingress: [ { action: Pass, from: [ { services: {} } ], ${tcp(80)} } ]`)}
${v1('{ podSelector: { matchLabels: { app: db } } }', 'closed')}
#? shop/web -> shop/db TCP/5432: deny by shop/closed
#? shop/web -> shop/cache UDP/53: deny by pass`,
  'v1alpha1: Allow, and the one Baseline policy': `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: admin }
spec: { priority: 7, subject: { namespaces: {} }, ingress: [ { action: Allow, from: [ { namespaces: { matchLabels: { team: ops } } } ], ports: [ { portNumber: { protocol: TCP, port: 5432 } } ] } ] }
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: { name: default }
spec: { subject: { namespaces: {} }, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ] }
---
#? ops/scan -> shop/db TCP/5432: allow by admin
#? ops/scan -> shop/db TCP/5433: deny by default
#? 203.0.113.7 -> shop/db TCP/5433: allow by default`,
};
