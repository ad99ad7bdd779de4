// Repairs and refactorings: applied, parsed, and asked what they change.
//   NODE_PATH=CHECKOUT/node_modules node fix.mjs CHECKOUT [--from N] [--count N] [--options JSON]
import { readFileSync, writeFileSync } from 'node:fs';
import { generate, random } from './generate.mjs';
import { load, parse, PROTOCOLS, sampleAddresses, samplePorts, verdict, workloads } from './evaluate.mjs';
import { newTally, seedRun } from './seeds.mjs';

const { run, from, count, options, file } = await seedRun('fix');
const { tally, bump } = newTally();
const key = (s) => [...s].sort().join();

/** The connections whose verdict differs: all pairs of pods, addresses at random. */
function changes(a, b, r, n = 2500) {
  const ports = samplePorts({ policies: [...a.policies, ...b.policies], pods: a.pods });
  const ends = [...a.pods, ...sampleAddresses({ ...a, policies: [...a.policies, ...b.policies] }).map((ip) => ({ ip }))];
  const out = [];
  for (let i = 0; i < n; i++) {
    const [src, dst] = [r.chance(0.7) ? r.pick(a.pods) : r.pick(ends), r.chance(0.7) ? r.pick(a.pods) : r.pick(ends)];
    if (src === dst || (src.workload === dst.workload && src.workload) || (src.ip && dst.ip)) continue;
    const c = [src, dst, r.pick(PROTOCOLS), r.pick(ports)];
    const [x, y] = [verdict(a, ...c), verdict(b, ...c)];
    if (key(x) !== key(y)) out.push({ src: src.workload ?? src.ip, dst: dst.workload ?? dst.ip, c, before: key(x), after: key(y) });
  }
  return out;
}

const codes = async (profile) => {
  const j = JSON.parse((await run(['check', '--profile', profile, '--format', 'json', file])).out);
  return j.diagnostics;
};

for (let seed = from; seed < from + count; seed++) {
  const { text } = generate(seed, options);
  const r = random(seed + 5);
  const before = load(parse(text));
  // ---- check --fix
  writeFileSync(file, text);
  const was = await codes('audit');
  await run(['check', '--fix', '--profile', 'audit', '--format', 'json', file]);
  const fixedText = readFileSync(file, 'utf8');
  bump(fixedText === text ? '--fix: nothing to do' : '--fix: changed something', seed);
  if (fixedText !== text) {
    let after;
    try {
      after = load(parse(fixedText));
    } catch (e) {
      bump('--fix: RESULT DOES NOT PARSE', seed, e.message);
    }
    if (after) {
      const left = await codes('audit');
      if (left.length > was.length)
        bump(
          '--fix: MORE FINDINGS',
          seed,
          `${was.length} -> ${left.length}: ${left
            .filter((l) => !was.some((w) => w.code === l.code))
            .map((l) => l.code)
            .slice(0, 5)}`,
        );
      if (left.some((d) => d.severity === 'error') && !was.some((d) => d.severity === 'error'))
        bump('--fix: A NEW ERROR', seed, left.find((d) => d.severity === 'error').message);
      const diff = changes(before, after, r, 6000);
      if (diff.length)
        bump(
          '--fix: A VERDICT CHANGED',
          seed,
          `${diff[0].src} -> ${diff[0].dst} ${diff[0].c.slice(2)}: ${diff[0].before} -> ${diff[0].after}`,
        );
      else bump('--fix: verdicts the same', seed);
      if ((await run(['check', '--fix', '--profile', 'audit', '--format', 'json', file]), readFileSync(file, 'utf8')) !== fixedText)
        bump('--fix: A SECOND RUN CHANGES MORE', seed);
    }
  }
  // ---- each repair alone
  for (const fix of run.fixes(file, text)) {
    const title = fix.title
      .replace(/'[^']*'/g, "'…'")
      .replace(/\d+/g, 'N')
      .replace(/\b(app|tier|env|team|nokey)=\S+/g, 'L')
      .replace(/[0-9a-f:.]*[:.][0-9a-f:.]+\/N/g, 'CIDR');
    const k = `${fix.code} (${fix.safe ? 'safe' : 'asked'}) "${title}"`;
    let after;
    try {
      after = load(parse(fix.text));
    } catch (e) {
      bump(`${k}: DOES NOT PARSE`, seed, e.message);
      continue;
    }
    writeFileSync(file, fix.text);
    const left = await codes('audit');
    const same = (l) => left.filter((d) => d.code === l).length;
    if (left.some((d) => d.severity === 'error') && !was.some((d) => d.severity === 'error'))
      bump(`${k}: A NEW ERROR`, seed, left.find((d) => d.severity === 'error').message);
    if (same(fix.code) >= was.filter((d) => d.code === fix.code).length) bump(`${k}: THE FINDING STAYS`, seed, fix.message);
    const diff = changes(before, after, r, 1200);
    const opened = diff.filter((d) => d.after === 'true').length;
    const closed = diff.filter((d) => d.after === 'false').length;
    if (diff.length && fix.safe)
      bump(
        `${k}: SAFE, YET A VERDICT CHANGED`,
        seed,
        `${fix.message} ${diff[0].src} -> ${diff[0].dst} ${diff[0].c.slice(2)}: ${diff[0].before} -> ${diff[0].after}`,
      );
    else
      bump(
        `${k}: ${diff.length ? `changes verdicts (${opened ? 'opens' : ''}${opened && closed ? ', ' : ''}${closed ? 'closes' : ''})` : 'no verdict changed'}`,
        seed,
      );
  }
  // ---- refactorings
  writeFileSync(file, text);
  for (const f of run.refactorings(file, text)) {
    const [, name, preview] = /^(.*?\)|[^:]*)(?:: (.*))?$/.exec(f.title);
    let after;
    try {
      after = load(parse(f.text));
    } catch (e) {
      bump(`${name}: DOES NOT PARSE`, seed, e.message);
      continue;
    }
    // who gains and who loses, over every pair and port
    const ports = samplePorts(before);
    const gain = new Set();
    const lose = new Set();
    for (const a of before.pods)
      for (const b of before.pods)
        if (a.workload !== b.workload)
          for (const p of PROTOCOLS)
            for (const n of ports) {
              const [x, y] = [verdict(before, a, b, p, n), verdict(after, a, b, p, n)];
              if (key(x) === key(y)) continue;
              if (key(y) === 'true') gain.add(`${a.workload} ${b.workload}`);
              if (key(x) === 'true') lose.add(`${a.workload} ${b.workload}`);
            }
    const quiet = !gain.size && !lose.size;
    if (preview === undefined) {
      bump(`${name}: no preview`, seed, f.title);
      continue;
    }
    const saysQuiet = /^no (?:workload|verdict)/.test(preview);
    if (quiet !== saysQuiet)
      bump(
        `${name}: PREVIEW WRONG`,
        seed,
        `${f.title} | gains ${[...gain].slice(0, 3).join('; ')} | loses ${[...lose].slice(0, 3).join('; ')}`,
      );
    else if (!quiet) {
      const says = { gain: /gain|can be reached/.test(preview), lose: /lose|no longer/.test(preview) };
      if (says.gain !== gain.size > 0 || says.lose !== lose.size > 0)
        bump(
          `${name}: PREVIEW WRONG`,
          seed,
          `${f.title} | gains ${[...gain].slice(0, 3).join('; ')} | loses ${[...lose].slice(0, 3).join('; ')}`,
        );
      else {
        // the names, where all are written out
        const ends = (set) => new Set([...set].flatMap((x) => x.split(' ')));
        const named = [...preview.matchAll(/[\w-]+\/[\w.-]+(?:\[\w+\])?/g)].map((m) => m[0]);
        const wrong = named.filter((n) => ![...ends(gain), ...ends(lose)].some((e) => e === n || e.startsWith(`${n}[`)));
        bump(
          `${name}: ${wrong.length ? 'PREVIEW NAMES THE WRONG ONE' : 'preview right (gains or losses)'}`,
          seed,
          wrong.length ? `${f.title} | gains ${[...gain].slice(0, 3).join('; ')} | loses ${[...lose].slice(0, 3).join('; ')}` : '',
        );
      }
    } else bump(`${name}: preview right (nothing)`, seed);
  }
}
for (const [k, t] of [...tally].sort()) {
  console.log(`${k}: ${t.n}`);
  if (/[A-Z]{4}/.test(k)) for (const s of t.shown.slice(0, 3)) console.log('     ', s.slice(0, 600));
}
