import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameReader } from '../../server/lsp/frames.ts';

const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const HELLO = '{"jsonrpc":"2.0","method":"hello"}';

/** The bodies that are read from what is sent in some portions, and how often something was skipped. */
function read(...portions: readonly (string | Uint8Array)[]): { readonly bodies: readonly string[]; readonly skipped: number } {
  let skipped = 0;
  const { take } = frameReader(() => void skipped++);
  const bytes = Buffer.concat(portions.flatMap((portion) => take(Buffer.from(portion))));
  const bodies: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const header = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1', at, at + 60));
    if (!header) throw new Error(`no header at ${at}`);
    const start = at + header[0].length;
    at = start + Number(header[1]);
    bodies.push(bytes.toString('utf8', start, at));
  }
  return { bodies, skipped };
}

test.each([
  ['no length', 'Foo: 1\r\n\r\n{}'],
  ['a negative length', 'Content-Length: -5\r\n\r\n{}'],
  ['a length beyond all reason', 'Content-Length: 99999999999\r\n\r\n{}'],
  ['a length of nothing', 'Content-Length: 0\r\n\r\n'],
  ['a length that is a word', 'Content-Length: many\r\n\r\n{}'],
  ['no colon', 'hello there\r\n\r\n'],
])('after a frame with %s, the next one is read', (_name, bad) => {
  expect(read(bad + frame(HELLO))).toEqual({ bodies: [HELLO], skipped: 1 });
  expect(read(frame(HELLO), bad, frame(HELLO))).toEqual({ bodies: [HELLO, HELLO], skipped: 1 });
});

test('what has no empty line is passed over with the header that follows', () => {
  expect(read('hello\n\n\n', frame(HELLO)).bodies).toEqual([HELLO]);
});

test('a flood without any header is not kept', () => {
  const { bodies, skipped } = read('x'.repeat(200_000), `\r\n\r\n${frame(HELLO)}`);
  expect(bodies).toEqual([HELLO]);
  expect(skipped).toBeGreaterThan(0);
});

test('other headers and their case do not matter', () => {
  const body = '{"ü":"😀"}';
  const bytes = `content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH:  ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  expect(read(bytes)).toEqual({ bodies: [body], skipped: 0 });
});

test('in whatever portions the bytes come, the messages are the same', () => {
  const bodies = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 5 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(60)), (all, cuts) => {
      const bytes = Buffer.from(all.map(frame).join(''));
      const portions: Uint8Array[] = [];
      let at = 0;
      for (const cut of cuts) portions.push(bytes.subarray(at, (at += cut)));
      portions.push(bytes.subarray(at));
      expect(read(...portions)).toEqual({ bodies: all.map((body) => Buffer.from(body).toString()), skipped: 0 });
    }),
  );
});

test('what a message still lacks is known', () => {
  const { take, missing } = frameReader(() => undefined);
  expect(missing()).toBe(0);
  take(Buffer.from('Content-Length: 10\r\n\r\n{}'));
  expect(missing()).toBe(8);
  take(Buffer.from('        '));
  expect(missing()).toBe(0);
});
