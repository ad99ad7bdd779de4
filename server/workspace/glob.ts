import { RE2JS } from 're2js';

const MAX_BRACES = 10;

/** Says of a path whether a glob matches it. */
export type PathMatcher = (path: string) => boolean;

/**
 * The matcher of a glob over a path below a folder, with `/`. A glob that names a folder (`team/`) means everything in it; one without a
 * slash matches a name at any depth, as in .gitignore.
 */
export function globMatcher(glob: string): PathMatcher {
  const anchored = glob.replace(/^\.?\//, '');
  const inFolder = anchored.endsWith('/') ? `${anchored}**` : anchored;
  const whole = inFolder.includes('/') || inFolder === '**' ? inFolder : `**/${inFolder}`;
  return pathMatcher(whole);
}

/**
 * The matcher of a glob over a whole path: `*` and `?` inside a name, `**` over folders, `{a,b}`, `[a-z]`, and `@(a|b)`, `?(a)`, `*(a)`,
 * `+(a)`. Globs come with a repository, so they are matched by RE2, in a time that grows with the path only, whatever the glob.
 */
export function pathMatcher(glob: string): PathMatcher {
  const compiled = RE2JS.compile(`^${translate(glob)}$`, RE2JS.DOTALL);
  return (path) => compiled.matches(path);
}

function translate(glob: string): string {
  let out = '';
  let open = 0;
  /** What stands behind each `(` that is still open. */
  const groups: string[] = [];
  for (let at = 0; at < glob.length; at++) {
    const rest = glob.slice(at);
    const char = glob[at] ?? '';
    const set = /^\[!?[^\]/[]+\]/.exec(rest)?.[0];
    if (rest.startsWith('**/')) {
      out += '(?:[^/]+/)*';
      at += 2;
    } else if (rest.startsWith('**')) {
      out += '.*';
      at += 1;
    } else if (set !== undefined) {
      out += setPattern(set);
      at += set.length - 1;
    } else if (char === '{' && open < MAX_BRACES && rest.includes('}')) {
      out += '(?:';
      open += 1;
    } else if (/^[@?*+]\([^()/]*\)/.test(rest)) {
      out += '(?:';
      groups.push(char === '@' ? '' : char);
      at += 1;
    } else if (groups.length > 0 && (char === '|' || char === ')')) {
      out += char === '|' ? '|' : `)${groups.pop() ?? ''}`;
    } else if (open > 0 && (char === ',' || char === '}')) {
      out += char === ',' ? '|' : ')';
      open -= char === '}' ? 1 : 0;
    } else out += char === '*' ? '[^/]*' : char === '?' ? '[^/]' : char.replace(/[\\^$.|+(){}[\]]/, '\\$&');
  }
  return out + ')'.repeat(open);
}

/** `[a-z]` or `[!a-z]`; a range that runs backwards matches nothing but its letters. */
function setPattern(set: string): string {
  const inner = set.slice(set[1] === '!' ? 2 : 1, -1).replace(/[\\^]/g, '\\$&');
  const safe = inner.replace(/(.)-(.)/g, (range, from: string, to: string) => (from <= to ? range : `${from}\\-${to}`));
  return `[${set[1] === '!' ? '^' : ''}${safe}]`;
}
