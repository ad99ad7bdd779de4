import { insertField, replace } from '../../syntax/edit.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = rejectionRule({
  code: 'invalid-port',
  summary: 'A port that Cilium cannot read, or no port.',
  why: 'The pattern of the CRD lets most strings pass as a port, and the API server stores them. Cilium rejects the whole policy unless the string is a number from 0 to 65535 or the name of a port with at most 15 characters. Numbers are read as in Go: a leading zero makes them octal.',
  fixes: ({ path, mistake }, { at, text }) => {
    const node = at(path);
    if (mistake === 'missing' && node?.kind === 'map')
      return [
        { title: 'Add port: "0", which means every port', edits: [insertField(text, node, 'port', '"0"', { first: true })], safe: false },
      ];
    if (node?.kind !== 'scalar') return [];
    if (mistake === 'zero') return [{ title: 'Change to "0"', edits: [replace(node.span, '"0"')], safe: false }];
    const plain = node.text.replace(/^0+(?=.)/, '');
    return mistake === 'zeros' ? [{ title: `Change to "${plain}"`, edits: [replace(node.span, `"${plain}"`)], safe: false }] : [];
  },
});

export default rule;
