import admin from '../../../snippets/adminnetworkpolicy.json' with { type: 'json' };
import baseline from '../../../snippets/baselineadminnetworkpolicy.json' with { type: 'json' };
import clusterFragments from '../../../snippets/clusternetworkpolicy.fragments.json' with { type: 'json' };
import cluster from '../../../snippets/clusternetworkpolicy.json' with { type: 'json' };
import networkFragments from '../../../snippets/networkpolicy.fragments.json' with { type: 'json' };
import network from '../../../snippets/networkpolicy.json' with { type: 'json' };

/** A template of snippets/; its README explains the fields. */
export interface Template {
  readonly title: string;
  readonly prefix: string;
  readonly description: string;
  readonly story: string;
  readonly kind: string;
  readonly fits: string;
  readonly body: readonly string[];
}

type Definitions = Readonly<Record<string, Omit<Template, 'title'>>>;

const FILES: readonly Definitions[] = [network, cluster, admin, baseline, networkFragments, clusterFragments];

/** Every template, whole manifests first. */
export const TEMPLATES: readonly Template[] = FILES.flatMap((file) =>
  Object.entries(file).map(([title, template]) => ({ title, ...template })),
);
