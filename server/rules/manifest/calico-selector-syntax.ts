import type { ManifestView } from '../../analysis/context.ts';
import { ofApi } from '../about.ts';
import { parseSelector } from '../../model/calico/selector/parse.ts';
import { selectorNodes } from '../../model/calico/selector/places.ts';
import { selectorEdit, selectorSpan } from '../../model/calico/selector/in-yaml.ts';
import type { SelectorProblem } from '../../model/calico/selector/expression.ts';
import { refusal } from '../findings/calico.ts';
import type { Draft, ManifestRule } from '../rule.ts';
import type { ScalarNode } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';
import { withEffect } from '../text/effect.ts';

const rule: ManifestRule = {
  name: 'calico-selector-syntax',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A Calico selector that cannot be parsed.',
  why: "Calico selectors are expressions such as app == 'web' && has(tier). Calico's API server and calicoctl reject a policy with a selector that they cannot parse; stored as crd.projectcalico.org/v1 it is accepted, and the agents cannot use it.",
  *check(context) {
    for (const { node, path } of selectorNodes(context.root)) {
      const { problems } = parseSelector(node.text, quoteIn(node));
      for (const problem of problems.slice(0, MAX_PROBLEMS)) yield draftOf(context, node, path, problem);
    }
  },
};

export default rule;

/** Behind the first few mistakes of one selector the others are likely to follow from them. */
const MAX_PROBLEMS = 3;

/** Strings that a fix writes must not need escapes in the YAML around them. */
function quoteIn({ style }: ScalarNode): "'" | '"' {
  return style === 'single' ? '"' : "'";
}

function draftOf({ text, settings }: ManifestView, node: ScalarNode, path: Path, { span, message, fix }: SelectorProblem): Draft {
  const { severity, effect } = refusal(settings);
  const edit = fix && selectorEdit(text, node, fix.edits);
  return {
    span: selectorSpan(text, node, span),
    path,
    message: withEffect(message, effect),
    severity,
    ...(fix && edit ? { fixes: [{ title: fix.title, edits: [edit], safe: false }] } : {}),
  };
}
