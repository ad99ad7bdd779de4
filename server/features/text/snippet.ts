/** Text in a snippet, where `$`, `}` and `\` mean something. */
export function escapeSnippet(text: string): string {
  return text.replace(/[$}\\]/g, '\\$&');
}

/** A tab stop with choices; the first one is the default. */
export function snippetChoice(stop: number, values: readonly string[]): string {
  return `\${${stop}|${values.map((value) => value.replace(/[,|\\$}]/g, '\\$&')).join(',')}|}`;
}

/**
 * A snippet written out for an editor without tab stops: each stop becomes its default, wherever it is repeated. Understands what
 * snippets/ uses: `$1`, `${1}`, `${1:text}`, `${1|a,b|}` and escapes.
 */
export function expandSnippet(snippet: string): string {
  const defaults = new Map<string, string>();
  for (const [, stop = '', choices, text] of snippet.matchAll(DEFINITION)) {
    const value = choices === undefined ? (text ?? '') : (/^(?:\\.|[^,\\])*/.exec(choices)?.[0] ?? '');
    if (!defaults.has(stop)) defaults.set(stop, unescape(value));
  }
  return snippet.replace(STOP_OR_ESCAPE, (found, bare: string | undefined, braced: string | undefined) =>
    found.startsWith('\\') ? found.slice(1) : (defaults.get(bare ?? braced ?? '') ?? ''),
  );
}

const DEFINITION = /(?<!\\)\$\{(\d+)(?:\|((?:\\.|[^|\\])*)\||:((?:\\.|[^}\\])*))\}/g;
const STOP_OR_ESCAPE = /\\[$}\\|,]|\$(?:(\d+)|\{(\d+)(?:\|(?:\\.|[^|\\])*\||:(?:\\.|[^}\\])*)?\})/g;

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/**
 * The text with the indentation of its lines counted from that of the line it goes into, for editors that add the line's own
 * indentation to each further line.
 */
export function relativeTo(text: string, indent: number): string {
  return text.replace(/(\r\n|\r|\n)( *)/g, (_, eol: string, blanks: string) => eol + blanks.slice(Math.min(indent, blanks.length)));
}
