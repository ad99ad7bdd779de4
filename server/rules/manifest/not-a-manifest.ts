import type { ManifestRule } from '../rule.ts';
import { valueName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'not-a-manifest',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'The document is not an object.',
  why: 'A manifest is an object with apiVersion, kind and metadata; the API server rejects anything else.',
  anyDocument: true,
  *check({ manifest, root }) {
    const node = manifest.root;
    if (root || !node || node.hole || manifest.problems.length > 0) return;
    const way =
      node.kind === 'seq'
        ? "Separate the objects with '---' instead of dashes, or write them under 'items' of a List."
        : 'Start with apiVersion, kind and metadata.';
    yield {
      span: node.span,
      path: [],
      message: `This document is ${valueName(node)}, not an object, so the API server rejects it. ${way}`,
    };
  },
};

export default rule;
