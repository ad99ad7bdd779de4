const MAX_BRACES = 10;

/**
 * A glob as a regular expression over a path below a folder, with `/`: `*` and `?` inside a name, `**` over folders, `{a,b}`, `[a-z]`.
 * A glob that names a folder (`team/`) means everything in it; one without a slash matches a name at any depth, as in .gitignore.
 */
export function globMatcher(glob: string): RegExp {
  const anchored = glob.replace(/^\.?\//, '');
  const inFolder = anchored.endsWith('/') ? `${anchored}**` : anchored;
  const whole = inFolder.includes('/') || inFolder === '**' ? inFolder : `**/${inFolder}`;
  return new RegExp(`^${translate(whole)}$`);
}

function translate(glob: string): string {
  let out = '';
  let open = 0;
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
