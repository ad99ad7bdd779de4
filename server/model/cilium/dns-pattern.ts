/** Does a `matchPattern` or `matchName` match a DNS name? (cilium `pkg/fqdn/matchpattern`.) Case and a dot at the end do not count. */
export function matchesDnsPattern(pattern: string, name: string): boolean {
  const bare = plainName(name);
  const text = plainName(pattern);
  if (text === '*' || text === '**') return true;
  return expressionOf(text).test(bare);
}

/**
 * Does a pattern match every name that another one matches? Patterns with wildcards are compared by a name that stands for theirs; both of one
 * form are equal or one ends like the other.
 */
export function coversPattern(pattern: string, other: string): boolean {
  if (plainName(pattern) === plainName(other)) return true;
  if (plainName(other) === '*' || plainName(other) === '**') return false;
  const deep = plainName(other)
    .replace(/^\*\*\./, 'x.x.')
    .replaceAll('*', 'x');
  return matchesDnsPattern(pattern, deep);
}

function plainName(text: string): string {
  return text.trim().toLowerCase().replace(/\.$/, '');
}

/** `*` stands for characters of one label, `**.` in front for labels of any number. */
function expressionOf(pattern: string): RegExp {
  const rest = pattern.replace(/^\*\*\./, '');
  const body = rest
    .split('*')
    .map((part) => part.replace(/[.\\+^${}()|[\]]/g, String.raw`\$&`))
    .join('[-a-z0-9_]*');
  return new RegExp(`^${rest === pattern ? '' : String.raw`(?:[-a-z0-9_]+\.)+`}${body}$`);
}
