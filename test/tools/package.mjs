// Builds and packs dist/netpol.vsix, and refuses a package that outgrew its promise.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vsix = 'dist/netpol.vsix';
const limit = 1_500_000; // bytes; what README promises

run(process.execPath, ['test/tools/build.mjs']);
run(process.execPath, ['node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '-o', vsix]);

const { size } = statSync(root + vsix);
console.log(`${vsix}  ${Math.round(size / 1000)} kB (limit ${limit / 1000} kB)`);
if (size > limit) {
  console.error(`${vsix} is larger than ${limit} bytes; see what .vscodeignore lets in, or what a bundle drags along.`);
  process.exit(1);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
