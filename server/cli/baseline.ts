import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { count } from '../base/english.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { get, stringOf } from '../syntax/tree.ts';
import { UsageError } from './arguments.ts';
import type { CheckedFile } from './report.ts';

/** A finding of the day on which a baseline was written, by what does not change with edits in other places. */
interface KnownFinding {
  readonly file: string;
  readonly code: string;
  /** Kind, namespace and name of the manifest. */
  readonly manifest: string;
  /** The field, without the indexes of lists. */
  readonly field: string;
  /** The first line of the text that the finding is about. */
  readonly text: string;
}

/** The files with only those findings that a baseline does not have, and a sentence about the others. */
export interface Rebased {
  readonly files: readonly CheckedFile[];
  readonly note: string;
}

/**
 * Leaves out the findings of a baseline. Where the file does not exist yet, all findings of today are recorded in it. Throws a UsageError
 * where it cannot be read or written.
 */
export function rebased(path: string, files: readonly CheckedFile[]): Rebased {
  if (!existsSync(path)) {
    const all = files.flatMap((file) => file.findings.map((placed) => keyOf(file, placed)));
    record(path, all);
    return { files: files.map((file) => ({ ...file, findings: [] })), note: `${path} is written, with ${count(all.length, 'finding')}.` };
  }
  const left = new Map<string, number>();
  for (const one of read(path)) left.set(JSON.stringify(one), (left.get(JSON.stringify(one)) ?? 0) + 1);
  let hidden = 0;
  const shown = files.map((file) => ({
    ...file,
    findings: file.findings.filter((placed) => {
      const key = JSON.stringify(keyOf(file, placed));
      const times = left.get(key) ?? 0;
      left.set(key, times - 1);
      if (times > 0) hidden++;
      return times <= 0;
    }),
  }));
  const gone = [...left.values()].reduce((sum, times) => sum + Math.max(0, times), 0);
  const renew =
    gone === 0
      ? ''
      : ` ${count(gone, 'entry')} of it ${gone === 1 ? 'does' : 'do'} not occur any more; delete the file and run again to renew it.`;
  return { files: shown, note: `${count(hidden, 'finding')} of ${path} ${hidden === 1 ? 'is' : 'are'} not shown.${renew}` };
}

function keyOf({ name }: CheckedFile, { place, finding }: PlacedFinding): KnownFinding {
  const { root, piece } = place.manifest;
  const metadata = get(root, 'metadata');
  const words = [get(root, 'kind'), get(metadata, 'namespace'), get(metadata, 'name')].map((node) => stringOf(node) ?? '');
  const text = piece.text.slice(finding.span.start, finding.span.end).split(/\r\n|\r|\n/)[0] ?? '';
  return {
    file: name,
    code: finding.code,
    manifest: words.join('/'),
    field: finding.path.filter((step) => typeof step === 'string').join('.'),
    text: text.trim().slice(0, MAX_TEXT_CHARACTERS),
  };
}

const MAX_TEXT_CHARACTERS = 200;

function record(path: string, findings: readonly KnownFinding[]): void {
  const lines = findings.map((one) => `  ${JSON.stringify(one)}`).toSorted();
  try {
    writeFileSync(path, `{"version": 1, "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`);
  } catch {
    throw new UsageError(`the baseline ${path} cannot be written.`);
  }
}

function read(path: string): readonly KnownFinding[] {
  const wrong = new UsageError(`the baseline ${path} is not one that netpol has written. Delete it, and run again to write a new one.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw wrong;
  }
  if (typeof content !== 'object' || content === null || !('findings' in content) || !Array.isArray(content.findings)) throw wrong;
  return content.findings.map((one: unknown) => {
    if (!isKnownFinding(one)) throw wrong;
    const { file, code, manifest, field, text } = one;
    return { file, code, manifest, field, text };
  });
}

function isKnownFinding(one: unknown): one is KnownFinding {
  return (
    typeof one === 'object' &&
    one !== null &&
    ['file', 'code', 'manifest', 'field', 'text'].every((name) => typeof Object.getOwnPropertyDescriptor(one, name)?.value === 'string')
  );
}
