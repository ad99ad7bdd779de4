// CPU time and memory of a process and its descendants, from /proc (Linux).
import { readFileSync, readdirSync } from 'node:fs';

const read = (p) => {
  try {
    return readFileSync(p, 'utf8');
  } catch {
    return '';
  }
};

function tree(pid) {
  const out = [pid];
  for (let i = 0; i < out.length; i++) {
    let tids = [];
    try {
      tids = readdirSync(`/proc/${out[i]}/task`);
    } catch {
      /* gone */
    }
    for (const t of tids) for (const c of read(`/proc/${out[i]}/task/${t}/children`).trim().split(/\s+/)) if (c) out.push(Number(c));
  }
  return out;
}

// CPU milliseconds used so far: utime + stime of every process in the tree (10 ms grain).
export function cpuMs(pid) {
  let ticks = 0;
  for (const p of tree(pid)) {
    const s = read(`/proc/${p}/stat`);
    const f = s.slice(s.lastIndexOf(')') + 2).split(' ');
    if (f.length > 12) ticks += Number(f[11]) + Number(f[12]);
  }
  return ticks * 10;
}

// The same, but of the main thread alone and with nanosecond grain (event-loop work, no GC/JIT threads).
export function mainThreadMs(pid) {
  const s = read(`/proc/${pid}/schedstat`);
  return s ? Number(s.split(' ')[0]) / 1e6 : NaN;
}

const status = (pid, key) =>
  tree(pid).reduce((n, p) => n + Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(read(`/proc/${p}/status`))?.[1] ?? 0), 0) / 1024;
export const rssMb = (pid) => status(pid, 'VmRSS');
export const peakMb = (pid) => status(pid, 'VmHWM');

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

// Resolves once the tree has used at most `slackMs` of CPU within `windowMs`. Returns the time the quiet window began.
export async function quiet(pid, { windowMs = 500, slackMs = 20, limitMs = 300000 } = {}) {
  const t0 = performance.now();
  let from = performance.now(),
    base = cpuMs(pid);
  for (;;) {
    await sleep(50);
    const now = performance.now(),
      c = cpuMs(pid);
    if (c - base > slackMs) {
      from = now;
      base = c;
    }
    if (now - from >= windowMs) return { at: from, quiet: true };
    if (now - t0 > limitMs) return { at: now, quiet: false };
  }
}
