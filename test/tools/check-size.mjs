// Refuses a package that outgrew its promise.
import { statSync } from 'node:fs';

const limit = 1_500_000; // bytes; what README promises
const { size } = statSync(new URL('../../dist/netpol.vsix', import.meta.url));

console.log(`dist/netpol.vsix  ${Math.round(size / 1000)} kB (limit ${limit / 1000} kB)`);
if (size > limit) {
  console.error('The package is too large; see what .vscodeignore lets in, or what a bundle drags along.');
  process.exit(1);
}
