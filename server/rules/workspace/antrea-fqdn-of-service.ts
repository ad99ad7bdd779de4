import { quote } from '../../base/english.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import type { Service } from '../../model/workload.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Path } from '../../syntax/path.ts';
import { flowField } from '../../syntax/print.ts';
import { lineBreak, replace } from '../../syntax/edit.ts';
import { startOfLine } from '../../base/lines.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-fqdn-of-service',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: "The DNS name of a Service of the cluster in 'fqdn'.",
  why: "The name of a Service stands for its cluster IP, but the address of a connection to it is changed to that of a pod before policies are evaluated. So 'fqdn' with such a name matches nothing: an Allow does not allow, a Drop does not drop.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    const policy = policyIn(context)?.value;
    for (const { peer } of policy ? peersIn(policy) : []) {
      if (peer.kind !== 'domainNames') continue;
      const name = peer.domainNames[0] ?? '';
      const [, service, namespace] = SERVICE_NAME.exec(name) ?? [];
      if (service === undefined || namespace === undefined) continue;
      const found = context.cluster.services.find(({ value }) => value.name === service && value.namespace === namespace);
      // The name of a headless Service stands for the addresses of its pods.
      if (found?.value.headless === true) continue;
      const path = [...peer.path, 'fqdn'];
      if (!found) {
        const message = `${quote(name)} looks like the name of a Service, which 'fqdn' does not match unless the Service is headless. Select its pods, or use toServices.`;
        yield onValue(context, path, message, { severity: 'information' });
        continue;
      }
      const message = `${quote(name)} is the name of Service ${quote(`${namespace}/${service}`)}, which 'fqdn' does not match: policies see the pod behind the Service. Select its pods, or use toServices.`;
      yield onValue(context, path, message, {
        related: [{ key: found.key, path: ['metadata', 'name'], message: 'The Service.' }],
        fixes: fixFor(context, peer.path, found.value),
      });
    }
  },
};

export default rule;

/** `db.data.svc.cluster.local`, with or without the domain of the cluster. */
const SERVICE_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$/i;

/** The pods of the Service in place of its name. */
function fixFor({ at, text }: WorkspaceContext, path: Path, { selector, namespace }: Service): readonly Fix[] {
  const map = asMap(at(path));
  const pair = pairOf(map, 'fqdn');
  const labels = (selector?.requirements ?? []).flatMap(({ key, values }) => (values[0] === undefined ? [] : [[key, values[0]] as const]));
  if (!map || map.flow || !pair || !map.pairs.includes(pair) || labels.length === 0 || selector?.unreadable !== undefined) return [];
  const column = pair.key.span.start - startOfLine(text, pair.key.span.start);
  const fields = [
    flowField('podSelector', { matchLabels: Object.fromEntries(labels) }, false),
    flowField('namespaceSelector', { matchLabels: { [NAME_LABEL]: namespace } }, false),
  ];
  const written = fields.join(`${lineBreak(text)}${' '.repeat(column)}`);
  return [{ title: 'Select the pods of the Service', edits: [replace(pair.span, written)], safe: false }];
}
