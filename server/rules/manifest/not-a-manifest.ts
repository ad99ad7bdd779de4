import type { ManifestRule } from '../rule.ts';
import { valueName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'not-a-manifest',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'The document is not an object.',
  why: 'A Kubernetes object is a map with apiVersion, kind and metadata; the API server rejects anything else.',
  anyDocument: true,
  *check({ manifest, root }) {
    const node = manifest.root;
    if (root || !node || node.hole || manifest.problems.length > 0) return;
    const way =
      node.kind === 'seq'
        ? "Separate the objects with '---' instead of dashes, or put them under 'items' of a List."
        : 'Start with apiVersion, kind and metadata.';
    yield {
      span: node.span,
      path: [],
      message: `This document is ${valueName(node)}, no object, so the API server cannot read it. ${way}`,
    };
  },
};

export default rule;
