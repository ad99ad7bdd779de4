import type { Packets } from '../base/packets.ts';
import type { Protocol, Traffic } from '../base/ports.ts';
import type { Path } from '../syntax/path.ts';
import type { EndpointSet, Reference } from './endpoints.ts';
import type { Direction, Rule, RuleAction, StageId } from './policy.ts';

/**
 * What every policy API compiles to: rules for the pods of one subject, in one direction and one stage. One manifest may give several, as
 * where its rules have subjects of their own.
 */
export interface RuleList {
  readonly direction: Direction;
  readonly stage: StageId;
  /** Lower first within its stage; absent: last, or a stage in which order has no effect. */
  readonly priority?: number;
  readonly subject: EndpointSet;
  /** Is a pod of the subject isolated in this direction: what no rule allows denied? */
  readonly isolates: boolean;
  readonly rules: readonly CompiledRule[];
  /** Where the rules stand. */
  readonly path: Path;
}

/** A rule as evaluation takes it. */
export interface CompiledRule {
  readonly action: RuleAction;
  /** The rule as written, for its words and its place. */
  readonly rule: Rule;
  /** Its place in its policy, which settles ties in some stages. */
  readonly index: number;
  readonly match: Match;
  /** It is unknown whether it is about the pod at all (`Match.own`). */
  readonly uncertain?: boolean;
}

/** The connections that a rule is about, seen from the pods of its subject. */
export interface Match {
  readonly peer: EndpointSet;
  /** Which pods of the subject; all of them where absent. */
  readonly own?: EndpointSet;
  /** The traffic that is given by protocol and number. */
  readonly traffic: Traffic;
  /** All packets that it is about, where `traffic` cannot say it: other protocols, ICMP, source ports. Verdicts are about `traffic`. */
  readonly packets?: Packets;
  /** The ports that are given by name; which ones these are is for the destination to say. */
  readonly named: readonly NamedPortMatch[];
  /** Of `traffic`, what matches from some source ports only, so that it is unknown whether a connection matches. */
  readonly partly?: Traffic;
  /** Ports of Services; evaluation looks them up. */
  readonly services?: readonly ServicePorts[];
  /** What is taken from all that: it does not match after all. `traffic`, `partly` and `packets` are without it already. */
  readonly except?: { readonly traffic: Traffic; readonly named: readonly NamedPortMatch[] };
  /** What matches is then judged by layer 7, by this condition in words. */
  readonly condition?: string;
}

/** The ports of a Service: those that it offers, or those of its pods. */
export interface ServicePorts {
  readonly service: Reference;
  readonly of: 'pods' | 'service';
}

/** A port by name; without a protocol any container port of that name. */
export interface NamedPortMatch {
  readonly name: string;
  readonly protocol?: Protocol;
}
