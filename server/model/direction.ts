/** From which end of a connection a policy sees it. */
export type Direction = 'ingress' | 'egress';

/** Both directions, in the order in which lists and reports name them. */
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** Both directions in the order in which a connection passes them: out of its source, then into its destination. */
export const PATH_ORDER: readonly Direction[] = ['egress', 'ingress'];
