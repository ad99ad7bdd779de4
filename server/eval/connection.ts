import type { Protocol } from '../base/ports.ts';
import type { Endpoint } from './evaluate.ts';

/** A connection: from one endpoint to a port of another one. What is asked about, shown as an example, explained and kept. */
export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
}
