/**
 * The one parser of test fixtures. A fixture is YAML with marks that are legal YAML comments:
 * - `$0` is the cursor (removed);
 * - `#   ^^^^ text` marks the columns of the line above and says what is expected there; `#<<< text` marks that whole line, `#<^^^^ text`
 *   marks from its first column; `...` behind the marks (`#   ^... text`) where the stretch ends on a later line;
 * - `# file: a.yaml` starts a file of a workspace;
 * - `#? shop/web -> shop/db TCP/5432: deny by shop/default-deny` expects a verdict.
 * Marker lines are taken out before the text is used.
 */
export interface Fixture {
  readonly files: readonly FixtureFile[];
  readonly expectations: readonly string[];
}

export interface FixtureFile {
  readonly name: string;
  readonly text: string;
  /** Offset of `$0`, if this file has the cursor. */
  readonly cursor?: number;
  readonly marks: readonly Mark[];
}

/** A marked stretch of text and the words beside the mark. */
export interface Mark {
  readonly start: number;
  /** `undefined` where the stretch ends on a later line. */
  readonly end: number | undefined;
  readonly text: string;
}

/** Does a mark stand for this stretch? */
export function marksSpan({ start, end }: Mark, span: { readonly start: number; readonly end: number }): boolean {
  return span.start === start && (end === undefined || span.end === end);
}

/** Reads a fixture. Text without a `# file:` line is one file, `fixture.yaml`. */
export function fixture(source: string): Fixture {
  const expectations: string[] = [];
  const files: FixtureFile[] = [];
  for (const { name, lines } of sections(source.replace(/^\n/, ''))) files.push(readFile(name, lines, expectations));
  return { files, expectations };
}

/** The only file of a fixture, for features that look at one. */
export function oneFile(source: string): FixtureFile {
  const [file] = fixture(source).files;
  if (!file) throw new Error('the fixture has no file');
  return file;
}

/** The file that holds the cursor, and the cursor. */
export function atCursor(source: string): { readonly file: FixtureFile; readonly cursor: number; readonly all: readonly FixtureFile[] } {
  const { files } = fixture(source);
  const file = files.find((candidate) => candidate.cursor !== undefined);
  if (file?.cursor === undefined) throw new Error('the fixture has no $0');
  return { file, cursor: file.cursor, all: files };
}

function sections(source: string): { name: string; lines: string[] }[] {
  const found: { name: string; lines: string[] }[] = [];
  let current = { name: 'fixture.yaml', lines: [] as string[] };
  for (const line of source.split('\n')) {
    const file = /^# file: (\S+)\s*$/.exec(line);
    if (!file) {
      current.lines.push(line);
      continue;
    }
    if (current.lines.some((l) => l.trim() !== '')) found.push(current);
    current = { name: file[1] ?? 'fixture.yaml', lines: [] };
  }
  return [...found, current];
}

function readFile(name: string, lines: readonly string[], expectations: string[]): FixtureFile {
  let text = '';
  let cursor: number | undefined;
  let lineStart = 0;
  const marks: Mark[] = [];
  for (const raw of lines) {
    const mark = /^(\s*#\s*)(<?\^+|<<<)(\.\.\.)?(?:\s(.*))?$/.exec(raw);
    const expectation = /^\s*#\?\s*(.*)$/.exec(raw);
    if (expectation) {
      expectations.push(expectation[1] ?? '');
    } else if (mark) {
      const [, before = '', sign = '', open, said = ''] = mark;
      const column = sign.startsWith('<') ? 0 : before.length;
      const width = sign === '<<<' ? text.length - 1 - lineStart : sign.replace('<', '').length;
      const end = open === undefined ? lineStart + column + width : undefined;
      marks.push({ start: lineStart + column, end, text: said });
    } else {
      lineStart = text.length;
      const at = raw.indexOf('$0');
      if (at !== -1) cursor = text.length + at;
      text += `${raw.replace('$0', '')}\n`;
    }
  }
  const trimmed = text.endsWith('\n') ? text.slice(0, -1) : text;
  return { name, text: trimmed, marks, ...(cursor === undefined ? {} : { cursor }) };
}
