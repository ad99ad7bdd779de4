// `npm run lockfile`, after a change of dependencies: makes package-lock.json whole and free of registry addresses.
// A registry that carries only some platforms' binaries makes npm leave the others out, and then `npm ci` of npm 11 refuses the file.
// What is left out is known all the same: its version stands in the package that wants it, its platform in its name.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = {};
for (const [owner, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies))
    if (!isThere(owner, name)) added[`node_modules/${name}`] = entry(name, version);
}
for (const entryOf of Object.values(lock.packages)) delete entryOf.resolved;
const [[, top], ...others] = Object.entries({ ...lock.packages, ...added });
lock.packages = { '': top, ...Object.fromEntries(others.toSorted(([a], [b]) => a.localeCompare(b, 'en'))) };
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${Object.keys(added).length} entries added to package-lock.json`);

function isThere(owner, name) {
  return `${owner}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

function entry(name, version) {
  if (!/^\d/.test(version)) throw new Error(`${name} wants ${version}, which is no single version; install it by hand`);
  const words = name.split(/[/-]/);
  const cpu = words.filter((word) => processors.includes(word));
  const os = words.filter((word) => systems.includes(word));
  const libc = words.flatMap((word) => libraries[word] ?? []);
  if (cpu.length + os.length === 0) throw new Error(`the name ${name} tells no platform; install it by hand`);
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    dev: true,
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}
