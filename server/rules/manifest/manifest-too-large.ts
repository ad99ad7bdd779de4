import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'manifest-too-large',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  summary: 'The manifest is too large to be checked.',
  why: 'A single manifest of more than 1,000,000 characters is not parsed, so that the editor stays responsive. It takes no part in any verdict.',
  anyDocument: true,
  *check({ manifest, text }) {
    if (
      !manifest.oversized ||
      !/^[ -]*["']?apiVersion["']?:\s*["']?(?:policy\.)?networking\.k8s\.io\//m.test(text.slice(0, 10_000)) ||
      !/^[ -]*["']?kind["']?:\s*["']?\w*NetworkPolicy\b/m.test(text.slice(0, 10_000))
    )
      return;
    const end = text.search(/[\r\n]/);
    yield {
      span: { start: 0, end: end === -1 ? text.length : end },
      path: [],
      message: 'This manifest has more than 1,000,000 characters and is not checked. Split it into several policies.',
    };
  },
};

export default rule;
