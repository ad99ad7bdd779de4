import { asMap, pairsOf } from '../syntax/tree.ts';
import type { HostsCall } from './caller.ts';
import { hostsInSetting, portSetting } from './client.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, readMetadata, textIn } from './read.ts';

/** v1 ConfigMap: the pods that read it connect to the hosts that it names. */
export const configMap: CallerKindEntry = {
  role: 'caller',
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
  formerly: [],
  needs: /host|server|addr|url|uri|endpoint|broker|upstream|bootstrap|:\/\/|\.svc|:\d{2}/i,
  read: (root) => {
    const { name, namespace } = readMetadata(root, []);
    const data = given(root, 'data');
    const map = asMap(data);
    const valueOf = (key: string): string | undefined => {
      const pair = map && pairsOf(map).find((one) => one.name?.toLowerCase() === key.toLowerCase());
      return textIn(pair?.value);
    };
    const calls = (map ? pairsOf(map) : []).flatMap(({ name: key, value }): readonly HostsCall[] => {
      const text = key === undefined ? undefined : textIn(value);
      if (key === undefined || text === undefined) return [];
      const where = `key ${key} of ConfigMap ${name}`;
      const hosts = hostsInSetting(key, text, (of) => valueOf(portSetting(of)));
      return hosts.length === 0
        ? []
        : [
            {
              kind: 'hosts',
              hosts: hosts.map((host) => ({
                ...host,
                path: ['data', key],
                where,
                ...(text.includes('\n') ? { inFile: true as const } : {}),
              })),
            },
          ];
    });
    return { kind: 'ConfigMap', name, namespace, calls };
  },
};
