import admin from '../../../snippets/adminnetworkpolicy.json' with { type: 'json' };
import baseline from '../../../snippets/baselineadminnetworkpolicy.json' with { type: 'json' };
import clusterFragments from '../../../snippets/clusternetworkpolicy.fragments.json' with { type: 'json' };
import cluster from '../../../snippets/clusternetworkpolicy.json' with { type: 'json' };
import networkFragments from '../../../snippets/networkpolicy.fragments.json' with { type: 'json' };
import network from '../../../snippets/networkpolicy.json' with { type: 'json' };
import { ANTREA_TEMPLATES } from './antrea-templates.ts';
import { CALICO_TEMPLATES } from './calico-templates.ts';
import { CILIUM_TEMPLATES } from './cilium-templates.ts';
import type { Definitions, Template } from './template-words.ts';

export type { Template } from './template-words.ts';

const FILES: readonly Definitions[] = [
  network,
  cluster,
  admin,
  baseline,
  networkFragments,
  clusterFragments,
  ...CILIUM_TEMPLATES,
  ...CALICO_TEMPLATES,
  ...ANTREA_TEMPLATES,
];

/** Every template, whole manifests first. */
export const TEMPLATES: readonly Template[] = FILES.flatMap((file) =>
  Object.entries(file).map(([title, template]) => ({ title, ...template })),
);
