import { parseIp } from '../../server/base/ip.ts';
import { PROTOCOLS, type Protocol } from '../../server/base/ports.ts';
import type { Endpoint } from '../../server/eval/evaluate.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';

/** `shop/web -> shop/db TCP/5432: deny by shop/default-deny`, taken apart; `by` only where it is given. */
export interface Expected {
  readonly question: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly by?: string;
}

/** Reads the words behind `#?`. */
export function readQuestion(expectation: string): Expected {
  const found = /^((\S+) -> (\S+) (\w+)\/(\d+)): \w+(?: by (.+))?$/.exec(expectation);
  const [, question = '', from = '', to = '', name, port, by] = found ?? [];
  const protocol = PROTOCOLS.find((one) => one === name);
  if (!protocol) throw new Error(`not an expectation: ${expectation}`);
  return { question, from, to, protocol, port: Number(port), ...(by === undefined ? {} : { by }) };
}

/** `shop/web` or an address as an end of a connection. */
export function endOf(cluster: Cluster, text: string): Endpoint {
  const ip = parseIp(text);
  if (ip.ok) return { kind: 'address', ip };
  const found = cluster.workloads.find(({ value }) => `${value.namespace}/${value.name}` === text);
  if (!found) throw new Error(`no workload ${text}`);
  return { kind: 'workload', workload: found.value };
}
