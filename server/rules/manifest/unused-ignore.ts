import { startOfLine } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { replace, type Edit } from '../../syntax/edit.ts';
import type { Fix } from '../finding.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';
import type { UnusedIgnore } from '../silence.ts';
import { closestMatch } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'unused-ignore',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'An ignore comment that silences nothing.',
  why: 'The problem that it was written for is gone, or the name of the rule is misspelled and the comment never had an effect. Later it may hide another problem.',
  anyDocument: true,
  afterAll: true,
  *check(context) {
    for (const unused of context.unusedIgnores) yield draft(unused, context);
  },
};

function draft({ comment, code }: UnusedIgnore, context: ManifestContext): Draft {
  if (!code)
    return {
      span: comment.span,
      path: [],
      message: "This comment names no rule, so it has no effect. Write '# netpol-ignore: RULE reason'.",
      fixes: [removal(comment.span, context)],
    };
  const isRule = context.ruleNames.includes(code.code);
  const meant = isRule ? undefined : near(code.code, context.ruleNames)[0];
  const message = isRule
    ? `No ${quote(code.code)} finding is reported at this place, so the comment has no effect. Remove it.`
    : `No rule is named ${quote(code.code)}, so this comment has no effect.${closestMatch(code.code, context.ruleNames) || ' Correct the name, or remove the comment.'}`;
  const rename: readonly Fix[] =
    meant === undefined ? [] : [{ title: `Change to '${meant}'`, edits: [replace(code.span, meant)], safe: false }];
  const only = comment.codes.length === 1;
  const removed = only
    ? removal(comment.span, context)
    : { title: `Remove '${code.code}'`, edits: [withoutCode(comment, code)], safe: true };
  return { span: code.span, path: [], message, fixes: [...rename, { ...removed, safe: isRule }] };
}

/** Takes the whole comment out, with its line where it stands alone. */
function removal(span: UnusedIgnore['comment']['span'], { text }: ManifestContext): Fix {
  const start = startOfLine(text, span.start);
  const alone = text.slice(start, span.start).trim() === '';
  const behind = /^[ \t]*(?:\r\n|\r|\n)?/.exec(text.slice(span.end))?.[0].length ?? 0;
  const edit: Edit = alone
    ? { start, end: span.end + behind, text: '' }
    : { start: text.slice(0, span.start).trimEnd().length, end: span.end, text: '' };
  return { title: 'Remove the comment', edits: [edit], safe: true };
}

function withoutCode({ codes }: UnusedIgnore['comment'], code: NonNullable<UnusedIgnore['code']>): Edit {
  const index = codes.indexOf(code);
  const next = codes[index + 1];
  return next
    ? { start: code.span.start, end: next.span.start, text: '' }
    : { start: codes[index - 1]?.span.end ?? code.span.start, end: code.span.end, text: '' };
}

export default rule;
