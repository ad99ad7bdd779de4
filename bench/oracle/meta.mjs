// Findings that claim something dead, redundant, shadowed or vacuous: take it away, and nothing may change, in any cluster.
// Witnesses ("for example A -> B TCP 80") are set up and asked as well.
//   NODE_PATH=CHECKOUT/node_modules node meta.mjs CHECKOUT [--from N] [--count N] [--options JSON] [--samples N]
import { writeFileSync } from 'node:fs';
import { generate, random } from './generate.mjs';
import {
  clusterRuleMatches,
  directionsOf,
  inSubject,
  load,
  npRuleMatches,
  npSelects,
  parse,
  parseIP,
  PROTOCOLS,
  sampleAddresses,
  samplePorts,
  side,
  tierActions,
  tierOf,
  verdict,
} from './evaluate.mjs';
import { newTally, seedRun } from './seeds.mjs';

const { run, option, from, count, options, file } = await seedRun('meta');
const samples = Number(option('samples', 4000));

const EVERYWHERE = new Set([
  'shadowed-rule',
  'shadowed-by-policy',
  'redundant-rule',
  'redundant-peer',
  'redundant-port',
  'redundant-network',
  'redundant-except',
  'redundant-requirement',
  'redundant-policy',
  'rule-covered-by-policy',
  'redundant-with-allow-all',
  'unreachable-baseline-rule',
  'baseline-pass-last',
  'pass-skips-nothing',
  'except-covers-all',
  'contradictory-selector',
  'no-rules',
  'ignored-direction',
  'in-with-one-value',
]);
const HERE = new Set([
  'vacuous-policy',
  'selects-nothing',
  'peer-selects-nothing',
  'namespace-selector-matches-nothing',
  'named-port-missing',
]);

const tokens = (path) => [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map((m) => (m[2] !== undefined ? Number(m[2]) : m[1]));
const at = (o, t) => t.reduce((v, k) => v?.[k], o);

/** The documents without what the finding claims to be without effect; undefined where that cannot be written. */
export function without(docs, d) {
  const copy = structuredClone(docs);
  let t = tokens(d.path);
  const root = t[0] === 'items' ? copy[d.document].items[t[1]] : copy[d.document];
  const key = t[0] === 'items' ? t.slice(2) : t;
  const drop = () => {
    if (t[0] === 'items') copy[d.document].items[t[1]] = null;
    else copy[d.document] = null;
    return copy.filter(Boolean).map((c) => (c.items ? { ...c, items: c.items.filter(Boolean) } : c));
  };
  if (root.kind === 'NetworkPolicy') root.spec.policyTypes = directionsOf(root);
  const rule = () => {
    const [, direction, i] = key;
    root.spec[direction].splice(i, 1);
    return copy;
  };
  /** Without one item of a list; a list that gets empty would mean everything, so the thing around it goes. */
  const item = (path, list) => {
    const l = at(root, path.slice(0, -1));
    if (l.length > 1) {
      l.splice(path.at(-1), 1);
      return copy;
    }
    return list();
  };
  const peerIndex = key.findIndex((k) => k === 'from' || k === 'to');
  const peer = () => item(key.slice(0, peerIndex + 2), rule);
  switch (d.code) {
    case 'shadowed-rule':
    case 'shadowed-by-policy':
    case 'redundant-rule':
    case 'rule-covered-by-policy':
    case 'baseline-pass-last':
    case 'pass-skips-nothing':
      if (typeof key[2] === 'number') return rule();
      if (key.length <= 2 && key[0] === 'spec' && (key[1] === 'ingress' || key[1] === 'egress')) {
        root.spec[key[1]] = [];
        return copy;
      }
      return key[0] === 'metadata' ? drop() : undefined;
    case 'redundant-peer':
      return peer();
    case 'redundant-port':
      return item(key.slice(0, 5), () => undefined);
    case 'redundant-network':
      return item(key, () => undefined);
    case 'redundant-except': {
      const l = at(root, key.slice(0, -1));
      l.splice(key.at(-1), 1);
      return copy;
    }
    case 'except-covers-all':
      return peer();
    case 'redundant-requirement': {
      const l = at(root, key.slice(0, -1));
      if (Array.isArray(l)) l.splice(key.at(-1), 1);
      else delete l[key.at(-1)];
      return copy;
    }
    case 'in-with-one-value': {
      const l = at(root, key.slice(0, -1));
      const [q] = l.splice(key.at(-1), 1);
      const sel = at(root, key.slice(0, -2));
      sel.matchLabels = { ...(sel.matchLabels ?? {}) };
      if (q.key in sel.matchLabels && sel.matchLabels[q.key] !== q.values[0]) return undefined;
      sel.matchLabels[q.key] = q.values[0];
      return copy;
    }
    case 'redundant-policy':
    case 'vacuous-policy':
    case 'selects-nothing':
    case 'no-rules':
      return drop();
    case 'redundant-with-allow-all':
    case 'unreachable-baseline-rule':
    case 'ignored-direction':
      if (!key[1]) return undefined;
      root.spec[key[1]] = [];
      return copy;
    case 'contradictory-selector':
      return peerIndex >= 0 ? peer() : drop();
    case 'peer-selects-nothing':
    case 'namespace-selector-matches-nothing':
      return peerIndex >= 0 ? peer() : drop();
    case 'named-port-missing': {
      const p = key.findIndex((k) => k === 'ports' || k === 'protocols');
      return item(key.slice(0, p + 2), rule);
    }
  }
}

/** Random other pods and namespaces, so that a claim about every cluster is tried in others too. */
function strangers(r, cluster, withHosts) {
  const value = (v) => r.pick([...v, 'other', 'none', '']);
  const labels = (voc) =>
    Object.fromEntries(
      Object.entries(voc)
        .filter(() => r.chance(0.6))
        .map(([k, v]) => [k, value(v)]),
    );
  const POD = { app: ['web', 'db', 'api'], tier: ['front', 'back'], env: ['dev', 'prod'], nokey: ['other'] };
  const NS = { team: ['red', 'blue'], env: ['dev', 'prod'], nokey: ['other'] };
  const namespaces = new Map(cluster.namespaces);
  for (const n of ['extra1', 'extra2', 'extra3']) namespaces.set(n, labels(NS));
  const own = cluster.policies.map((p) => p.metadata.namespace ?? 'default');
  const pods = r.list(8, 8, (i) => ({
    ns: r.pick([...own, 'extra1', 'extra2', 'extra3']),
    workload: `extra/${i}`,
    labels: labels(POD),
    hostNetwork: r.chance(0.1) && withHosts,
    ips: r.chance(0.4) ? [] : r.pick([['10.0.1.5'], ['10.0.2.5'], ['fd00:1::5'], ['10.0.1.4'], ['203.0.113.200'], ['2001:db8:1::1']]),
    ports: r.list(0, 3, () => ({
      name: r.pick(['http', 'dns', 'metrics']),
      number: r.pick([1, 53, 80, 443, 8080, 9090, 65535]),
      protocol: r.pick(PROTOCOLS),
    })),
  }));
  return { ...cluster, namespaces, pods: [...cluster.pods, ...pods] };
}

const key = (s) => [...s].sort().join();

function differs(a, b, r, n, overall, within) {
  const ports = samplePorts({ policies: [...a.policies, ...b.policies], pods: a.pods });
  const ends = within ? a.pods : [...a.pods, ...sampleAddresses({ ...a, policies: [...a.policies, ...b.policies] }).map((ip) => ({ ip }))];
  for (let i = 0; i < n; i++) {
    const src = r.pick(ends);
    const dst = r.pick(ends);
    if (src === dst || (src.ip && dst.ip)) continue;
    const c = [src, dst, r.pick(PROTOCOLS), r.pick(ports)];
    if (overall) {
      const [x, y] = [verdict(a, ...c), verdict(b, ...c)];
      if (src.workload !== dst.workload && key(x) !== key(y)) return { c, x, y };
    } else
      for (const d of ['Ingress', 'Egress']) {
        const [x, y] = [side(a, d, ...c), side(b, d, ...c)];
        if (key(x) !== key(y)) return { d, c, x, y };
      }
  }
}

// ---------------------------------------------------------------- witnesses

const IP = String.raw`[0-9a-f]*[.:][0-9a-f.:]*[0-9a-f:]`;
const NAME = String.raw`[\w.-]+/[\w.-]+\[\w+\]`;
const WITH = String.raw`(?: with (?:(?! in | at | to | on |, | -> |: ).|, (?=[\w./-]+=)|, and )+?)?`;
const POD = String.raw`a pod${WITH}(?: in namespace [\w-]+${WITH}| in a namespace${WITH})?(?: at ${IP})?|a node${WITH}(?: at ${IP})?`;
const ARROW = new RegExp(`(${NAME}|${IP}|${POD}) -> (${NAME}|${IP}|${POD}) (TCP|UDP|SCTP) (\\d+)(?: \\(named ([\\w, -]+)\\))?`);
const WORDS = new RegExp(
  `(?:example|For|for) (${NAME}|${IP}|${POD}) to (${NAME}|${IP}|${POD}) on (TCP|UDP|SCTP) (\\d+)(?: \\(named ([\\w, -]+)\\))?`,
);
/** One pod that two policies share. */
const ONE = new RegExp(`for example (${NAME}|${POD})[.:,]`);

export function witness(message) {
  const m = ARROW.exec(message) ?? WORDS.exec(message);
  return m && { src: m[1], dst: m[2], protocol: m[3], port: Number(m[4]), named: m[5]?.split(/, and |, | and /) ?? [] };
}

/** The pods or the address that a text of a witness names. */
function materialise(text, cluster, own, tag, named) {
  if (/\[\w+\]$/.test(text)) {
    const p = cluster.pods.filter((p) => p.workload === text);
    return p.length ? p : undefined;
  }
  if (parseIP(text)) return [{ ip: text }];
  const node = /^a node(?: with (.+?))?(?: at (\S+))?$/.exec(text);
  if (node) return node[2] ? [{ ip: node[2] }] : undefined;
  const m = /^a pod(?: with (.+?))??(?: in namespace ([\w-]+)(?: with (.+?))?| in a namespace(?: with (.+?))?)?(?: at (\S+))?$/.exec(text);
  if (!m) return undefined;
  const pairs = (t) =>
    Object.fromEntries(
      (t ?? '')
        .split(/, and |, | and /)
        .filter(Boolean)
        .map((x) => x.split('=')),
    );
  const ns = m[2] ?? (m[4] ? `witness-${tag}` : own);
  const defined = cluster.namespaces.get(ns);
  if (m[3] && defined && Object.entries(pairs(m[3])).some(([k, v]) => defined[k] !== v)) return 'impossible';
  if (m[3] || m[4]) cluster.namespaces.set(ns, { ...pairs(m[3] ?? m[4]), ...defined });
  return [{ ns, workload: `witness/${tag}`, labels: pairs(m[1]), hostNetwork: false, ips: m[5] ? [m[5]] : [], ports: named ?? [] }];
}

const { tally, bump: bumpKey } = newTally();
const bump = (code, what, seed, text) => bumpKey(`${code}: ${what}`, seed, text);

for (let seed = from; seed < from + count; seed++) {
  const { text } = generate(seed, options);
  writeFileSync(file, text);
  const docs = parse(text);
  const cluster = load(docs);
  const r = random(seed + 77);
  const report = JSON.parse((await run(['check', '--profile', 'audit', '--format', 'json', file])).out);
  for (const d of report.diagnostics) {
    if (d.severity === 'error') {
      bump('error', d.code, seed, d.message);
      continue;
    }
    const claim = EVERYWHERE.has(d.code) || HERE.has(d.code);
    if (claim) {
      const rest = without(docs, d);
      if (!rest) bump(d.code, 'not tried (no way to take it away alone)', seed, d.path);
      else {
        const here = HERE.has(d.code);
        const a = here ? cluster : strangers(r, cluster, !/^Except by pods in the host network/.test(d.message));
        const b = { ...a, policies: load(rest).policies };
        const found = differs(a, b, r, samples, d.code === 'vacuous-policy', d.code === 'vacuous-policy');
        if (found)
          bump(
            d.code,
            'CLAIM IS FALSE',
            seed,
            `${d.manifest.name} ${d.path}: ${d.message} | ${JSON.stringify({ d: found.d, src: found.c[0], dst: found.c[1], p: found.c.slice(2), before: [...found.x], after: [...found.y] })}`,
          );
        else bump(d.code, 'claim holds', seed);
      }
    }
    const one = ['same-subject', 'overlapping-subject'].includes(d.code) ? ONE.exec(d.message) : undefined;
    if (one) {
      const world = { ...cluster, namespaces: new Map(cluster.namespaces) };
      const here = cluster.policies.find(
        (p) =>
          p.kind === d.manifest.kind &&
          p.metadata.name === d.manifest.name &&
          (p.metadata.namespace ?? 'default') === (d.manifest.namespace ?? 'default'),
      );
      const own = here.metadata.namespace ?? 'default';
      const found = materialise(one[1], world, own, 'one');
      const others = cluster.policies.filter(
        (p) => p !== here && new RegExp(`[ /]${p.metadata.name}\\b`).test(d.message) && p.kind === here.kind,
      );
      const on = (p, pod) => (p.kind === 'NetworkPolicy' ? npSelects(p, pod) : inSubject(world, p, pod));
      const good = Array.isArray(found) && found.some((pod) => on(here, pod) && others.length > 0 && others.some((p) => on(p, pod)));
      if (!good) bump(d.code, 'WITNESS FALSE (both select it)', seed, `${d.manifest.name}: ${d.message}`);
      bump(d.code, 'witness tried', seed);
      continue;
    }
    const w = witness(d.message);
    if (!w) {
      if (/example| -> |for a pod/i.test(d.message)) bump(d.code, 'witness not understood', seed, d.message);
      continue;
    }
    const world = { ...cluster, namespaces: new Map(cluster.namespaces) };
    const manifest = docs[d.document]?.items?.[tokens(d.path)[1]] ?? docs[d.document];
    const policy = cluster.policies.find(
      (p) =>
        p.kind === d.manifest.kind &&
        p.metadata.name === d.manifest.name &&
        (p.metadata.namespace ?? 'default') === (manifest.metadata.namespace ?? 'default'),
    );
    const own = policy?.metadata.namespace ?? 'default';
    const srcs = materialise(w.src, world, own, 's');
    const dsts = materialise(
      w.dst,
      world,
      own,
      'd',
      w.named.map((name) => ({ name, number: w.port, protocol: w.protocol })),
    );
    if (srcs === 'impossible' || dsts === 'impossible') {
      bump(d.code, 'WITNESS FALSE (a namespace has other labels)', seed, `${d.manifest.name}: ${d.message}`);
      continue;
    }
    if (!srcs || !dsts) {
      bump(d.code, 'witness not understood', seed, d.message);
      continue;
    }
    const t = tokens(d.path);
    const k = t[0] === 'items' ? t.slice(2) : t;
    const ok = [];
    const say = (name, good) => ok.push([name, good]);
    for (const src of srcs)
      for (const dst of dsts) {
        const c = [src, dst, w.protocol, w.port];
        const all = verdict(world, ...c);
        const direction = k[1] === 'egress' ? 'Egress' : 'Ingress';
        const self = direction === 'Ingress' ? dst : src;
        const ruleMatch = (i) =>
          policy.kind === 'NetworkPolicy'
            ? npSelects(policy, self) && npRuleMatches(world, policy, policy.spec[direction.toLowerCase()][i], direction, ...c)
            : inSubject(world, policy, self) && clusterRuleMatches(world, policy.spec[direction.toLowerCase()][i], direction, ...c);
        if (
          [
            'shadowed-rule',
            'shadowed-by-policy',
            'redundant-rule',
            'rule-covered-by-policy',
            'baseline-pass-last',
            'pass-skips-nothing',
          ].includes(d.code) &&
          typeof k[2] === 'number'
        )
          say('the rule matches', ruleMatch(k[2]));
        if (['shadowed-rule', 'shadowed-by-policy'].includes(d.code) && typeof k[2] === 'number' && policy.kind !== 'NetworkPolicy') {
          const actions = tierActions(world, tierOf(policy), direction, ...c);
          say('another rule decides first', !actions.some((m) => m.policy === policy && m.index === k[2]) || /Admin tier/.test(d.message));
        }
        if (d.code === 'unreachable-baseline-rule')
          say(
            'a rule matches, and the pod is isolated',
            policy.spec[k[1]].some((_, i) => ruleMatch(i)) &&
              world.policies.some((p) => p.kind === 'NetworkPolicy' && directionsOf(p).includes(direction) && npSelects(p, self)),
          );
        if (d.code === 'priority-tie')
          say(
            'the actions differ',
            ['Ingress', 'Egress'].some((x) => new Set(tierActions(world, tierOf(policy), x, ...c).map((m) => m.action)).size > 1),
          );
        if (d.code === 'redundant-with-allow-all') say('allowed on this side', key(side(world, direction, ...c)) === 'true');
        if (d.code === 'vacuous-policy')
          say(
            'as said without it',
            key(verdict({ ...world, policies: world.policies.filter((p) => p !== policy) }, ...c)) ===
              String(/still allowed/.test(d.message)),
          );
        if (/is denied|denied all the same/.test(d.message)) say('is denied', key(all) === 'false');
        else if (
          [
            'unprotected-workload',
            'egress-not-isolated',
            'namespace-without-default-deny',
            'namespace-without-egress-deny',
            'domain-names-without-deny',
          ].includes(d.code)
        )
          say('is allowed', key(all) === 'true');
        else if (['redundant-policy'].includes(d.code)) {
          const ds = directionsOf(policy);
          say(
            'selected and matched, or closed',
            ['Ingress', 'Egress'].some((x) => ds.includes(x) && npSelects(policy, x === 'Ingress' ? dst : src)),
          );
        }
      }
    for (const name of new Set(ok.map((o) => o[0])))
      if (!ok.some((o) => o[0] === name && o[1]))
        bump(d.code, `WITNESS FALSE (${name})`, seed, `${d.manifest.name} ${d.path}: ${d.message}`);
    bump(d.code, ok.length ? 'witness tried' : 'witness without a test', seed, ok.length ? '' : d.message);
  }
}
for (const [k, t] of [...tally].sort()) {
  console.log(`${k}: ${t.n}`);
  if (/FALSE|not understood|^error|not tried|without a test/.test(k)) for (const s of t.shown.slice(0, 3)) console.log('     ', s);
}
