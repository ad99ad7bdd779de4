import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tab',
  summary: 'A tab is used for indentation.',
  why: 'YAML allows only spaces there; the API server rejects the document.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
      	podSelector: {}
    `,
      fixed: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {}
    `,
    },
  ],
  good: [
    yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {}
    `,
  ],
  companions: ['unknown-field', 'yaml-syntax', 'yaml-indentation', 'wrong-type'],
  fix: ({ span }, text) => {
    const behind = /[^\t]|$/g;
    behind.lastIndex = span.start;
    const end = behind.exec(text)?.index ?? span.end;
    // Behind a dash one blank will do; at the start of a line, two for each tab.
    const isIndentation = text.slice(0, span.start).search(/(?:^|[\r\n])[ ]*$/) !== -1;
    return {
      title: 'Use spaces',
      edits: [{ start: span.start, end, text: ' '.repeat(isIndentation ? 2 * (end - span.start) : 1) }],
      safe: false,
    };
  },
});

export default rule;
