import { RE2JS } from 're2js';
import { quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import { given } from '../read.ts';
import { entriesIn, isOpen, type Rejections } from './rejection.ts';

/** Methods and paths of HTTP rules are regular expressions of Go; hosts and headers are not checked. */
export function checkRegularExpressions(rules: Node, path: Path, into: Rejections): void {
  for (const rule of entriesIn(rules, path, 'http')) {
    for (const field of ['method', 'path']) {
      const text = isOpen(given(rule.node, field)) ? undefined : stringOf(given(rule.node, field));
      if (text === undefined || isExpression(text)) continue;
      const why = `${quote(text)} is not a regular expression`;
      into.push({
        code: 'l7-rule',
        path: [...rule.path, field],
        onKey: false,
        why,
        way: `Correct it; put a backslash before ( ) [ ] { } + * ? . to mean the character itself.`,
      });
    }
  }
}

function isExpression(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** What cilium/proxy objects to in Kafka rules (`pkg/policy/api/kafka`). */
export function checkKafka(rules: Node, path: Path, into: Rejections): void {
  for (const rule of entriesIn(rules, path, 'kafka')) {
    if (isOpen(rule.node)) continue;
    const text = (field: string): string => stringOf(given(rule.node, field)) ?? '';
    const object = (field: string, why: string, way: string): void => {
      into.push({ code: 'l7-rule', path: [...rule.path, field], onKey: false, why, way });
    };
    if (text('role') !== '' && text('apiKey') !== '')
      object('apiKey', "'role' and 'apiKey' cannot be set in one rule", 'Keep one of them.');
    if (text('apiVersion') !== '' && !isVersion(text('apiVersion')))
      object('apiVersion', `${quote(text('apiVersion'))} is not a version of a Kafka request`, 'Write an integer in quotes.');
    if (text('topic') !== '' && !/^[a-zA-Z0-9._-]+$/.test(text('topic')))
      object('topic', `${quote(text('topic'))} is not the name of a topic`, 'It has letters, digits, dots, dashes and underscores only.');
    if (text('apiKey') !== '' && !API_KEYS.has(text('apiKey').toLowerCase()))
      object('apiKey', `${quote(text('apiKey'))} is not a Kafka request`, "Write a name such as 'produce' or 'fetch'.");
  }
}

/** Go's `ParseInt(…, 10, 16)`. */
function isVersion(text: string): boolean {
  return /^[+-]?[0-9]+$/.test(text) && Math.abs(Number(text)) <= 32_767;
}

/** The requests of the Kafka protocol (kafka.apache.org, "Api Keys"), as Cilium spells them. */
const API_KEYS: ReadonlySet<string> = new Set([
  'produce',
  'fetch',
  'offsets',
  'metadata',
  'leaderandisr',
  'stopreplica',
  'updatemetadata',
  'controlledshutdown',
  'offsetcommit',
  'offsetfetch',
  'findcoordinator',
  'joingroup',
  'heartbeat',
  'leavegroup',
  'syncgroup',
  'describegroups',
  'listgroups',
  'saslhandshake',
  'apiversions',
  'createtopics',
  'deletetopics',
  'deleterecords',
  'initproducerid',
  'offsetforleaderepoch',
  'addpartitionstotxn',
  'addoffsetstotxn',
  'endtxn',
  'writetxnmarkers',
  'txnoffsetcommit',
  'describeacls',
  'createacls',
  'deleteacls',
  'describeconfigs',
  'alterconfigs',
]);
