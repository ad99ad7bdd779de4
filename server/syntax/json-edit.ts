import { applyEdits, type Edit } from './edit.ts';

/**
 * The edits of a JSON document in its notation: words in quotes. The very same edits for YAML, of which JSON is a part; `undefined` where
 * the document would be JSON no more, so that tools that go by its first brace or its name could not read it.
 */
export function editsAsJson(text: string, edits: readonly Edit[]): readonly Edit[] | undefined {
  if (!LOOKS_LIKE_JSON.test(text)) return edits;
  const quoted = edits.map((edit) => (edit.text.includes("'") ? edit : { ...edit, text: edit.text.replaceAll(TOKEN, asJson) }));
  const isSure = text.length > MAX_PARSED_CHARACTERS || !isJson(text) || isJson(applyEdits(text, quoted));
  return isSure ? quoted : undefined;
}

const LOOKS_LIKE_JSON = /^\s*(?:\[\s*)?\{\s*"/;
/** Reading a larger text for every edit takes long. */
const MAX_PARSED_CHARACTERS = 50_000;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A text in quotes, or whatever stands between brackets, commas and blanks. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s[\]{},"]+/g;

function asJson(token: string): string {
  if (token.startsWith('"') || /^(?::|-?\d+|true|false|null)$/.test(token)) return token;
  return token.endsWith(':') ? `${JSON.stringify(token.slice(0, -1))}:` : JSON.stringify(token);
}
