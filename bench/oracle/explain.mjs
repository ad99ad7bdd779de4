// Random questions to `explain`: the verdict, every step, and every way it offers to turn the answer round, applied and asked again.
//   NODE_PATH=CHECKOUT/node_modules node explain.mjs CHECKOUT [--from N] [--count N] [--pairs N] [--options JSON]
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
  workloads,
} from './evaluate.mjs';
import { newTally, seedRun } from './seeds.mjs';

const { run, option, from, count, options, file } = await seedRun('explain');
const pairs = Number(option('pairs', 5));

const { tally, bump } = newTally();
const word = (s) => (s.size > 1 ? 'undefined' : s.has(true) ? 'allow' : 'deny');
const nameOf = (p) => (p.kind === 'NetworkPolicy' ? `${p.metadata.namespace ?? 'default'}/${p.metadata.name}` : p.metadata.name);

for (let seed = from; seed < from + count; seed++) {
  const { text } = generate(seed, options);
  writeFileSync(file, text);
  const cluster = load(parse(text));
  const r = random(seed + 991);
  const groups = [...workloads(cluster)];
  const addresses = sampleAddresses(cluster);
  const ports = samplePorts(cluster);
  const end = () => (r.chance(0.75) ? { name: r.pick(groups)[0] } : { name: r.pick(addresses), ip: true });
  for (let n = 0; n < pairs; n++) {
    const [a, b] = [end(), end()];
    if (a.name === b.name || (a.ip && b.ip)) continue;
    const protocol = r.pick(PROTOCOLS);
    const port = r.pick(ports);
    const pod = (e, c) => (e.ip ? { ip: e.name } : workloads(c).get(e.name)?.[0]);
    const [src, dst] = [pod(a, cluster), pod(b, cluster)];
    const expected = word(verdict(cluster, src, dst, protocol, port));
    const out = await run([
      'explain',
      '--from',
      a.name,
      '--to',
      b.name,
      '--port',
      String(port),
      '--protocol',
      protocol,
      '--format',
      'json',
      file,
    ]);
    if (!out.out) {
      bump('NO ANSWER', seed, out.err);
      continue;
    }
    const got = JSON.parse(out.out);
    const where = `${a.name} -> ${b.name} ${protocol} ${port}`;
    bump(`verdict ${expected}`, seed);
    if (got.verdict !== expected) bump('VERDICT WRONG', seed, `${where}: said ${got.verdict}, is ${expected}`);
    // ---- the steps
    for (const s of got.steps) {
      const direction = s.side === 'egress' ? 'Egress' : 'Ingress';
      const self = direction === 'Egress' ? src : dst;
      bump('step', seed);
      const bad = (why) => bump(`STEP WRONG: ${why}`, seed, `${where}: ${JSON.stringify(s)}`);
      if (!s.policy) {
        const verdicts = side(cluster, direction, src, dst, protocol, port);
        if (!verdicts.has(true)) bad('default allows, the side denies');
        continue;
      }
      const policy = cluster.policies.find((p) => p.kind === s.kind && nameOf(p) === s.policy);
      if (!policy) {
        bad('no such policy');
        continue;
      }
      const np = policy.kind === 'NetworkPolicy';
      if (np ? !npSelects(policy, self) || !directionsOf(policy).includes(direction) : !inSubject(cluster, policy, self))
        bad('the policy does not select the pod');
      const rules = policy.spec?.[s.side] ?? [];
      const matches = (i) =>
        np
          ? npRuleMatches(cluster, policy, rules[i], direction, src, dst, protocol, port)
          : clusterRuleMatches(cluster, rules[i], direction, src, dst, protocol, port);
      if (s.rule) {
        const [, d, i] = /^(?:items\[\d+\]\.)?spec\.(\w+)\[(\d+)\]$/.exec(s.rule) ?? [];
        if (d !== s.side) bad('rule of the other direction');
        else if (!matches(Number(i))) bad('the rule does not match');
        else {
          const action = np ? 'Allow' : rules[i].action === 'Allow' ? 'Accept' : rules[i].action;
          if (action !== s.action) bad('another action');
          if (!np) {
            const first = rules.findIndex((_, j) => matches(j));
            if (first !== Number(i)) bad('not the first rule of the policy that matches');
            if (tierOf(policy) !== s.tier) bad('another tier');
          }
        }
      } else if (rules.some((_, i) => matches(i))) bad('it says no rule matches, one does');
    }
    // every policy that isolates, and every rule that decides, is named
    for (const direction of ['Egress', 'Ingress']) {
      const self = direction === 'Egress' ? src : dst;
      if (self.ip) continue;
      const mine = got.steps.filter((s) => s.side === direction.toLowerCase());
      const decided = tierActions(cluster, 'Admin', direction, src, dst, protocol, port);
      for (const m of decided)
        if (!mine.some((s) => s.tier === 'Admin' && s.policy === m.policy.metadata.name)) bump('MISSING STEP (Admin)', seed, where);
    }
    // ---- the ways round
    const ways = await run.remediations(file, text, a.name, b.name, protocol, port);
    if (!ways.length)
      bump(`no way offered for ${expected}`, seed, `${where}: ${got.steps.map((s) => `${s.side} ${s.tier} ${s.action}`).join(', ')}`);
    for (const way of ways) {
      const kind = `${expected}: ${way.title
        .replace(/\S+ -> \S+ \w+ \d+/, 'A -> B')
        .replace(/ in (\S+( and )?)+(,|$)/, ' in P$3')
        .replace(/spec\.\w+\[\d+\] of \S+/g, 'RULE')
        .replace(/closes \S+ for/, 'closes A for')
        .replace(/namespace [\w-]+,/, 'namespace N,')}`;
      if (way.text === undefined) {
        bump(`way without a text: ${kind}`, seed, way.title);
        continue;
      }
      let after;
      try {
        after = load(parse(way.text));
      } catch (e) {
        bump('WAY DOES NOT PARSE', seed, `${where}: ${way.title}: ${e.message}`);
        continue;
      }
      const now = word(verdict(after, pod(a, after), pod(b, after), protocol, port));
      bump(`way tried: ${kind}`, seed);
      const want = expected === 'allow' ? 'deny' : 'allow';
      if (now !== want) bump(`WAY DOES NOT TURN IT ROUND (${now})`, seed, `${where}: ${way.title}`);
      // what is written is accepted by the product's own checks
      writeFileSync(file, way.text);
      const errors = JSON.parse((await run(['check', '--format', 'json', file])).out).diagnostics.filter((d) => d.severity === 'error');
      if (errors.length) bump('WAY WRITES AN ERROR', seed, `${where}: ${way.title}: ${errors[0].message}`);
      writeFileSync(file, text);
    }
  }
}
for (const [k, t] of [...tally].sort()) {
  console.log(`${k}: ${t.n}`);
  if (/[A-Z]{4}/.test(k) || /^no way|without/.test(k)) for (const s of t.shown.slice(0, 4)) console.log('     ', s);
}
