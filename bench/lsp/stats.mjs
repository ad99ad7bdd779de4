// Order statistics and table printing.
export function summary(xs) {
  const s = xs.filter((x) => Number.isFinite(x)).sort((a, b) => a - b);
  const q = (p) => (s.length ? s[Math.min(s.length - 1, Math.ceil(p * s.length) - 1)] : NaN);
  return { n: s.length, min: s[0] ?? NaN, median: q(0.5), p95: q(0.95), p99: q(0.99), max: s.at(-1) ?? NaN };
}

export const fmt = (x) =>
  x === undefined || Number.isNaN(x) ? '-' : Math.abs(x) >= 1000 ? x.toFixed(0) : Math.abs(x) >= 10 ? x.toFixed(1) : x.toFixed(2);

export function table(rows) {
  if (!rows.length) return '';
  const w = rows[0].map((_, c) => Math.max(...rows.map((r) => String(r[c]).length)));
  const line = (r) => '| ' + r.map((x, c) => (c < 2 ? String(x).padEnd(w[c]) : String(x).padStart(w[c]))).join(' | ') + ' |';
  return [line(rows[0]), '|' + w.map((n, c) => '-'.repeat(n + 1) + (c < 2 ? '-' : ':')).join('|') + '|', ...rows.slice(1).map(line)].join(
    '\n',
  );
}
