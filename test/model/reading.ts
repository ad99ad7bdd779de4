import { identify, type Identity } from '../../server/model/identify.ts';
import { readResource, type Resource } from '../../server/model/kind.ts';
import type { Policy } from '../../server/model/policy.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';

/** What the first document of a text is taken for. */
function identityOf(text: string): Identity {
  const [first] = manifestsOf(sourceFile(text));
  if (!first) throw new Error('the text holds no document');
  return identify(first.manifest);
}

/** The identity in one line: `NetworkPolicy`, `NetworkPolicy apiVersion: networking.k8s.io/v1`, `sibling`. */
export function identityIn(text: string): string {
  const identity = identityOf(text);
  if (!identity.ours) return identity.why;
  return [identity.kind?.kind ?? 'unknown', ...identity.mistakes.map(({ field, meant }) => `${field}: ${meant ?? '?'}`)].join(' ');
}

/** The first document of a text, read. */
export function resourceOf(text: string): Resource {
  const [first] = manifestsOf(sourceFile(text));
  const kind = first && identify(first.manifest).kind;
  if (!first || !kind) throw new Error('the text holds nothing that is read');
  return readResource(kind, first.manifest.root);
}

/** The first document of a text as a policy. */
export function policyOf(text: string): Policy {
  const resource = resourceOf(text);
  if (resource.role !== 'policy') throw new Error('the text holds no policy');
  return resource.value;
}

/** A NetworkPolicy with this spec. */
export function networkPolicy(spec: string): Policy {
  return policyOf(`apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\n${spec}`);
}

/** A ClusterNetworkPolicy with this spec, tier and priority apart. */
export function clusterNetworkPolicy(spec: string): Policy {
  return policyOf(
    `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec:\n  tier: Admin\n  priority: 10\n${spec}`,
  );
}
