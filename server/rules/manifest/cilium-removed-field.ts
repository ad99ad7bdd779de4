import { entriesIn } from '../../model/cilium/rejection.ts';
import { specsIn, SECTIONS } from '../../model/cilium/rejections.ts';
import { given } from '../../model/read.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-removed-field',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  summary: 'An L7 rule that Cilium 1.20 no longer has: `kafka`, `l7proto` or `l7`.',
  why: 'Cilium 1.20 removed rules about Kafka and about custom L7 protocols from its CRDs: the API server then rejects a manifest with one of them, which is an error where the setting `netpol.cilium.version` says 1.20 or later. Older versions still enforce them.',
  noFix: 'Only the author knows what should replace these rules.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    const { ciliumVersion } = context.settings;
    const isRemoved = Number(ciliumVersion.split('.')[1]) >= REMOVED_IN;
    for (const { name, path } of removedFields(context.root)) {
      const message = isRemoved
        ? `Cilium ${ciliumVersion} has no field '${name}', so the API server rejects the manifest. Remove it: 'http' and 'dns' are the L7 rules that remain.`
        : `Cilium 1.${REMOVED_IN} removes the field '${name}': after the upgrade the API server rejects this manifest. Replace it before the upgrade.`;
      yield onKey(context, path, message, isRemoved ? { severity: 'error' } : {});
    }
  },
};

export default rule;

/** The minor version of Cilium whose CRDs are without them. */
const REMOVED_IN = 20;

const REMOVED = ['kafka', 'l7proto', 'l7'];

interface RemovedField {
  readonly name: string;
  readonly path: Path;
}

/** The fields that are removed, of all entries of a policy; one for each item of `toPorts`. */
function removedFields(root: Node | undefined): readonly RemovedField[] {
  const entries = specsIn(root).flatMap((part) => SECTIONS.flatMap(({ field }) => entriesIn(part.node, part.path, field)));
  return entries
    .flatMap((entry) => entriesIn(entry.node, entry.path, 'toPorts'))
    .flatMap(({ node, path }) => {
      const rules = given(node, 'rules');
      const name = REMOVED.find((one) => given(rules, one) !== undefined);
      return name === undefined ? [] : [{ name, path: [...path, 'rules', name] }];
    });
}
