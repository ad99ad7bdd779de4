import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { workloadName } from '../../server/eval/names.ts';
import { codeLenses, lensText } from '../../server/features/code-lens.ts';
import type { FeatureContext } from '../../server/features/context.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { hover } from '../../server/features/hover.ts';
import { inlayHints } from '../../server/features/inlay-hints.ts';
import { quickFixes } from '../../server/features/quick-fix.ts';
import { reportResponse } from '../../server/lsp/reports.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { clusterFor } from '../../server/workspace/snapshot.ts';
import { contextOf } from '../checks.ts';
import { hostileManifests, UNSEEN, words } from '../hostile.ts';

/*
 * What an editor shows comes from other people's names too: Markdown of hovers and reports stays ours, and titles and messages stay one
 * line of text.
 */

const runs = { numRuns: 15 };

/** Markdown without what is literal in it: code blocks, code spans, escaped characters. */
function withoutLiterals(markdown: string): string {
  return markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/\\[^\p{L}\p{N}\s]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/gu, '');
}

function expectInertMarkdown(markdown: string): void {
  expect(markdown.replaceAll('\n', '')).not.toMatch(UNSEEN);
  const bare = withoutLiterals(markdown);
  expect(bare).not.toMatch(/[<`]|!\[/);
  for (const [, address = ''] of bare.matchAll(/\]\(([^)]*)\)/g))
    expect(address).toMatch(/^(?:https:\/\/[\w.-]*(?:kubernetes\.io|k8s\.io|github\.com)\/|file:\/\/\/)/);
  expect(bare.replace(/\]\([^)]*\)/g, '')).not.toMatch(/https?:\/\/|www\./);
}

function expectOneLine(text: string): void {
  expect(text).not.toMatch(UNSEEN);
}

function manyContexts(check: (context: FeatureContext) => void): void {
  fc.assert(
    fc.property(words, (many) => check(contextOf(hostileManifests(many), { settings: { profile: 'audit' } }))),
    runs,
  );
}

test('every hover', () => {
  manyContexts((context) => {
    const source = textOf(context.file);
    for (const { index } of source.matchAll(/[^\s{}[\],:"\\]+/g)) {
      const shown = hover(context, index);
      if (shown) expectInertMarkdown(shown.markdown);
    }
  });
});

test('every finding and fix, lens and hint', () => {
  manyContexts((context) => {
    const { uri, file, settings, snapshot } = context;
    const found = [...finished(diagnose(file, { uri, settings, partial: false })), ...finished(diagnoseWorkspace(snapshot, uri, settings))];
    expect(found.length).toBeGreaterThan(0);
    for (const { finding } of found) {
      expectOneLine(finding.message);
      for (const { message } of finding.related) expectOneLine(message);
    }
    for (const { fix } of finished(quickFixes(found, { start: 0, end: Infinity }))) {
      expectOneLine(fix.title);
      for (const { text } of fix.edits) expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
    }
    for (const { key } of codeLenses(context)) expectOneLine(lensText(snapshot, uri, key)?.title ?? '');
    for (const { label } of finished(inlayHints(context, { start: 0, end: Infinity }))) expectOneLine(label);
  });
});

test('every report', () => {
  manyContexts(({ uri, snapshot, settings }) => {
    const cluster = clusterFor(snapshot, uri);
    const [from = '', to = ''] = cluster.workloads.map(({ value }) => workloadName(value));
    const kinds = [
      { kind: 'matrix' as const },
      ...cluster.policies.map(({ key }) => ({ kind: 'policy' as const, key })),
      ...cluster.workloads.map(({ key }) => ({ kind: 'effective' as const, key })),
      ...cluster.workloads.map(({ key }) => ({ kind: 'graph' as const, of: 'workload' as const, key })),
      { kind: 'explain' as const, from, to, protocol: 'TCP' as const, port: 80 },
    ];
    for (const what of kinds) {
      const report = finished(reportResponse(snapshot, { uri, what, html: true }, settings));
      if (!report) continue;
      expectOneLine(report.title);
      expectInertMarkdown(report.text);
      expectInertPage(report.html ?? '');
    }
  });
});

const ELEMENTS =
  /^(?:!doctype|html|head|meta|title|body|main|h[12]|p|form|label|input|details|summary|table|thead|tbody|tr|t[hd]|[uo]l|li|a|button|select|option|code|strong|span|figure|svg|defs|marker|path|rect|text|g)$/;

/** A page with elements of ours only, none of which runs anything. */
function expectInertPage(page: string): void {
  const out = page.replace(/<(style|script)>[^]*?<\/\1>/g, '');
  for (const [, name] of out.matchAll(/<\/?([^\s>]*)/g)) expect(name).toMatch(ELEMENTS);
  for (const [tag] of out.matchAll(/<[^>]*>/g)) expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son\w+=/);
  for (const [, address] of out.matchAll(/\shref="([^"]*)"/g)) expect(address).toMatch(/^(?:file|untitled):/);
}
