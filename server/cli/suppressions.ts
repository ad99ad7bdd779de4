import { inertJson, terminalText } from '../base/inert.ts';
import type { Settings } from '../settings.ts';
import { ignoresIn, type IgnoreComment } from '../syntax/ignore.ts';
import { positionIn } from '../syntax/positions.ts';
import { placesOf, sourceFile } from '../syntax/source-file.ts';
import type { InputFile } from './files.ts';

/** A comment or a setting that silences findings. */
interface Suppression {
  readonly file: string;
  /** From 1; absent for a setting. */
  readonly line?: number;
  readonly scope: IgnoreComment['scope'] | 'setting';
  /** None: every finding. */
  readonly codes: readonly string[];
  readonly reason: string;
}

/** Everything that silences findings in some files, as text or JSON: ignore comments, then the settings `ignore` and `rules`. */
export function listSuppressions(inputs: readonly InputFile[], settings: Settings, format: 'text' | 'json'): string {
  const all = [...inputs.flatMap(commentsOf), ...settingsOf(settings)];
  if (format === 'json') return `${inertJson({ suppressions: all }, 1)}\n`;
  return all.length === 0 ? 'No suppressions.\n' : all.map((one) => `${terminalText(textOf(one))}\n`).join('');
}

function commentsOf({ name, text }: InputFile): readonly Suppression[] {
  const file = sourceFile(text);
  return placesOf(file)
    .filter(({ prefix }) => !prefix.some((step) => typeof step === 'number' && step > 0))
    .flatMap(({ piece, start }) =>
      ignoresIn(piece).map(({ span, scope, codes }): Suppression => {
        const last = codes.at(-1)?.span.end;
        const words = piece.text.slice(last ?? span.start, span.end);
        const reason = (last === undefined ? words.replace(/^#\s*netpol-ignore(?:-file)?:?/, '') : words).trim();
        return { file: name, line: positionIn(file, start + span.start).line + 1, scope, codes: codes.map(({ code }) => code), reason };
      }),
    );
}

function settingsOf({ ignore, rules }: Settings): readonly Suppression[] {
  const off = Object.entries(rules).flatMap(([code, severity]) => (severity === 'off' ? [code] : []));
  return [
    ...Object.entries(ignore).map(([glob, codes]): Suppression => ({
      file: glob,
      scope: 'setting',
      codes: codes.includes('*') ? [] : codes,
      reason: '',
    })),
    ...(off.length > 0 ? [{ file: '**', scope: 'setting' as const, codes: off, reason: '' }] : []),
  ];
}

const SCOPES: Readonly<Record<Suppression['scope'], string>> = {
  line: 'on one line',
  manifest: 'in one manifest',
  file: 'in the whole file',
  setting: 'by a setting',
};

function textOf({ file, line, scope, codes, reason }: Suppression): string {
  const where = line === undefined ? file : `${file}:${line}`;
  return `${where}: ${codes.length === 0 ? 'all rules' : codes.join(', ')} ${SCOPES[scope]}${reason === '' ? '' : `: ${reason}`}`;
}
