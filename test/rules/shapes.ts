import type { Finding } from '../../server/rules/finding.ts';
import type { ManifestRule, WorkspaceRule } from '../../server/rules/rule.ts';

/** A sentence: starts with a capital letter or a quoted value, ends with a full stop. */
const SENTENCE = /^[A-Z'].*\.$/s;

/** The verbs by which a message or a fix title names what to do. */
const VERBS = [
  'Accept',
  'Add',
  'Allow',
  'Apply',
  'Change',
  'Choose',
  'Close',
  'Combine',
  'Configure',
  'Convert',
  'Correct',
  'Define',
  'Delete',
  'Deny',
  'Exclude',
  'Fill',
  'Fix',
  'Give',
  'Indent',
  'Keep',
  'List',
  'Make',
  'Merge',
  'Move',
  'Name',
  'Protect',
  'Put',
  'Quote',
  'Remove',
  'Rename',
  'Replace',
  'Select',
  'Separate',
  'Set',
  'Shorten',
  'Specify',
  'Split',
  'Start',
  'Swap',
  'Use',
  'Write',
];

const FIX_TITLE = new RegExp(`^(?:${VERBS.join('|')})\\b.*[^.]$`, 's');

/** An imperative at the start of a sentence or a clause: “Add …”, “…; add …”, “To …, write …”. */
const ACTION = new RegExp(`(?:^|[.;:,)] |\\b(?:or|and|not|instead) )(?:${VERBS.join('|')}|${VERBS.join('|').toLowerCase()})\\b`);

/** What is wrong with the shape of the texts of a finding: its message, those of its related places, the titles of its fixes. */
export function shapeProblems({ message, related, fixes }: Finding): readonly string[] {
  const sentences = [message, ...related.map((place) => place.message)].filter(
    (text) => !SENTENCE.test(text) || / {2}|undefined|\[object/.test(text),
  );
  return [
    ...sentences.map((text) => `no sentence: ${text}`),
    ...fixes.filter(({ title }) => !FIX_TITLE.test(title)).map(({ title }) => `no fix title: ${title}`),
  ];
}

/** Does a rule leave readers without an action: has it no fix in its examples, an example without an action, and no reason for either? */
export function withoutAction(rule: Pick<ManifestRule | WorkspaceRule, 'noFix'>, findings: readonly Finding[]): readonly string[] {
  if (rule.noFix !== undefined || findings.some(({ fixes }) => fixes.length > 0)) return [];
  return findings.flatMap(({ message }) => (ACTION.test(message) ? [] : [message]));
}
