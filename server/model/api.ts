/** Who defines a kind of policy, and so what enforces it. */
export type Api = 'kubernetes' | 'cilium' | 'calico' | 'antrea';

/** The APIs of network plugins, which each have kinds of their own. */
export const VENDORS: readonly Exclude<Api, 'kubernetes'>[] = ['cilium', 'calico', 'antrea'];

/** An API as people call it. */
export const API_TITLES: Readonly<Record<Api, string>> = {
  kubernetes: 'Kubernetes',
  cilium: 'Cilium',
  calico: 'Calico',
  antrea: 'Antrea',
};

/** A kind as sentences name it: `NetworkPolicy`, `Calico NetworkPolicy`, `CiliumNetworkPolicy`. */
export function kindTitle({ api, kind }: { readonly api: Api; readonly kind: string }): string {
  return api === 'kubernetes' || kind.startsWith(API_TITLES[api]) ? kind : `${API_TITLES[api]} ${kind}`;
}

/** The word that tells objects of a kind from those of kinds of the same name in other APIs: `NetworkPolicy`, `NetworkPolicy.calico`. */
export function kindWord({ api, kind }: { readonly api: Api; readonly kind: string }): string {
  return api === 'kubernetes' ? kind : `${kind}.${api}`;
}

/** A kind word as sentences name it. */
export function titleOfKindWord(word: string): string {
  const [kind = '', api] = word.split('.');
  const vendor = VENDORS.find((one) => one === api);
  return vendor ? kindTitle({ api: vendor, kind }) : word;
}
