/** A YAML document, freed of the indentation that the code around it gives it. */
export function yaml(parts: TemplateStringsArray): string {
  return dedent(parts.join(''));
}

/** A NetworkPolicy with this spec. */
export function np(parts: TemplateStringsArray): string {
  return document('networking.k8s.io/v1', 'NetworkPolicy', 'web', '  namespace: shop\n', parts);
}

/** A ClusterNetworkPolicy with this spec. */
export function cnp(parts: TemplateStringsArray): string {
  return document('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', 'guard', '', parts);
}

/** An AdminNetworkPolicy with this spec. */
export function anp(parts: TemplateStringsArray): string {
  return document('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', 'guard', '', parts);
}

function document(apiVersion: string, kind: string, name: string, metadata: string, parts: TemplateStringsArray): string {
  const spec = dedent(parts.join(''))
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${metadata}spec:\n${spec}`;
}

function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ ]*$/, '\n')
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents, 100);
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length))).join('\n');
}
