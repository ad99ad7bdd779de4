import { shift } from '../base/span.ts';
import { expectationsIn } from '../syntax/expectation.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import { positionIn } from '../syntax/positions.ts';
import { placesOf } from '../syntax/source-file.ts';
import { withSource } from './rendered-from.ts';
import type { CheckedFile, CheckReport } from './report.ts';

/** The report as JUnit XML: a suite for each file, a case for each `# expect` and for each finding. Errors and failed tests are failures. */
export function reportJunit({ files }: CheckReport): string {
  const suites = files.map(suiteOf);
  const sum = (key: 'tests' | 'failures'): number => suites.reduce((total, suite) => total + suite[key], 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="netpol" tests="${sum('tests')}" failures="${sum('failures')}">\n${suites.map(({ xml }) => xml).join('')}</testsuites>\n`;
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly xml: string;
}

interface Case {
  readonly name: string;
  readonly line: number;
  readonly failure?: { readonly type: string; readonly message: string };
  /** A finding that does not fail the check. */
  readonly note?: string;
}

function suiteOf(checked: CheckedFile): Suite {
  const tests = testsOf(checked);
  const cases = [...tests, ...findingsOf(checked)];
  const all: readonly Case[] = cases.length > 0 ? cases : [{ name: 'netpol check', line: 1 }];
  const failures = all.filter(({ failure }) => failure !== undefined).length;
  const xml = all.map((one) => caseXml(one, checked.name)).join('');
  return {
    tests: all.length,
    failures,
    xml: ` <testsuite name="${text(checked.name)}" tests="${all.length}" failures="${failures}">\n${xml} </testsuite>\n`,
  };
}

const TEST_CODES: ReadonlySet<string> = new Set(['expectation-failed', 'unreadable-expectation']);

/** The policy tests of a file: those that hold have no finding. */
function testsOf({ file, findings }: CheckedFile): readonly Case[] {
  return placesOf(file).flatMap(({ piece, start }) =>
    manifestsIn(piece)
      .flatMap(expectationsIn)
      .map(({ span, text: name }): Case => {
        const { start: from, end: to } = shift(span, start);
        const found = findings.find(({ place, finding }) => {
          const at = place.start + finding.span.start;
          return TEST_CODES.has(finding.code) && at >= from && at <= to;
        });
        const line = positionIn(file, from).line + 1;
        return found ? { name, line, failure: { type: found.finding.code, message: found.finding.message } } : { name, line };
      }),
  );
}

function findingsOf({ file, findings }: CheckedFile): readonly Case[] {
  return findings.flatMap(({ place, finding }): readonly Case[] => {
    if (TEST_CODES.has(finding.code)) return [];
    const message = withSource(finding.message, place);
    const line = positionIn(file, place.start + finding.span.start).line + 1;
    const fails = finding.severity === 'error' || finding.severity === 'warning';
    return [
      {
        name: finding.code,
        line,
        ...(fails ? { failure: { type: finding.severity, message } } : { note: `${finding.severity}: ${message}` }),
      },
    ];
  });
}

function caseXml({ name, line, failure, note }: Case, file: string): string {
  const head = `  <testcase classname="${text(file)}" name="${text(name)}" file="${text(file)}" line="${line}"`;
  if (failure)
    return `${head}>\n   <failure type="${text(failure.type)}" message="${text(failure.message)}">${text(`${file}:${line}: ${failure.message}`)}</failure>\n  </testcase>\n`;
  return note === undefined ? `${head}/>\n` : `${head}>\n   <system-out>${text(note)}</system-out>\n  </testcase>\n`;
}

/** Text of XML: what markup is made of as references, what XML 1.0 does not allow as U+FFFD. */
function text(words: string): string {
  return words
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (found) => `&#${found.charCodeAt(0)};`);
}
