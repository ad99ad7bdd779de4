import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { endsWithReader } from '../../server/cli/closed-output.ts';
import { terminalProgress } from '../../server/cli/progress.ts';
import { hasColors } from '../../server/cli/style.ts';
import { scratch } from './scratch.ts';

const { netpol } = scratch();

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ TERM: 'dumb' }, true, false],
])('colours with %o on a terminal (%s): %s', (environment, isTerminal, expected) => {
  expect(hasColors(environment, isTerminal)).toBe(expected);
});

const POLICY = `# file: a.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podselector: {}}
`;

test('severity and place are coloured where colours are asked for, and the text stays the same', async () => {
  const plain = await netpol('check', POLICY);
  vi.stubEnv('FORCE_COLOR', '1');
  vi.stubEnv('NO_COLOR', '');
  const colored = await netpol('check', POLICY);
  vi.unstubAllEnvs();
  expect(plain.out).not.toContain('\u001b');
  expect(colored.out).toContain('\u001b[31m');
  expect(colored.out.replace(/\u001b\[\d+m/g, '')).toBe(plain.out);
});

describe('progress', () => {
  const shown = (isTTY: boolean, times: readonly number[]): string => {
    let out = '';
    const clock = [0, ...times];
    const progress = terminalProgress({ isTTY, write: (text: unknown) => ((out += String(text)), true) }, () => clock.shift() ?? 0);
    times.forEach((time) => progress.report(`at ${time}`));
    progress.done();
    return out;
  };

  test('comes on a terminal after two seconds, ten times a second, and goes', () => {
    expect(shown(true, [100, 1999, 2000, 2050, 2101])).toBe('\r\u001b[Knetpol: at 2000\r\u001b[Knetpol: at 2101\r\u001b[K');
    expect(shown(true, [100])).toBe('');
    expect(shown(false, [3000])).toBe('');
  });
});

test('help about a command, and full names for a workload without its namespace', async () => {
  expect((await netpol('help check')).out).toBe((await netpol('check --help')).out);
  expect((await netpol('help')).out).toBe((await netpol('--help')).out);
  const pods = `# file: pods.yaml\n${['shop-frontend', 'shop-backend'].map((namespace) => `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: ${namespace}}\n`).join('---\n')}`;
  const { err } = await netpol('explain --from web --to shop-backend/web .', pods);
  expect(err).toContain('--from web has no namespace. Write shop-frontend/web or shop-backend/web.');
});

test('a reader that stops early ends the program without a word', () => {
  const output = new EventEmitter();
  const ended: number[] = [];
  endsWithReader(output, (status) => ended.push(status));
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(ended).toEqual([2]);
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  expect(() => output.emit('error', full)).toThrow(full);
  expect(ended).toEqual([2]);
});
