/** An expression that never appears in what people read, and what is written instead. */
interface Avoided {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Words next to which the expression means something else: a bracket is closed, a connection of the protocol too. */
  readonly unless?: RegExp;
  /** Plain English in a comment, where the words around it say what is meant. */
  readonly isFineInComments?: true;
}

/** The style table of the project: what an engineer would have to translate back into the terms of Kubernetes. */
const AVOIDED: readonly Avoided[] = [
  { pattern: /\b(?:is|are) no fields?\b/i, instead: "Unknown field 'x' in PATH" },
  { pattern: /\btruth values?\b/i, instead: 'boolean' },
  { pattern: /\bwhole numbers?\b/i, instead: 'integer' },
  { pattern: /\bmaps? of fields\b/i, instead: 'object' },
  { pattern: /\blist items?\b/i, instead: 'item' },
  { pattern: /\bempty texts?\b|\bthe text '|\bis (?:no )?text\b/i, instead: 'string' },
  {
    pattern:
      /\bempty (?:keys?|fields?|nulls?)\b|\b(?:left|leaves?|leaving) (?:\S+ ){0,2}empty\b|\bnull is (?:an? )?empty (?!string)|\bis empty \(null\)/i,
    instead: 'null, has no value',
    isFineInComments: true,
  },
  { pattern: /\b(?:small|big|capital) letters?\b/i, instead: 'lowercase or uppercase letters' },
  { pattern: /\bstands? (?:twice|beside)\b/i, instead: 'is set twice, is set together with' },
  { pattern: /\bnames nobody\b|\b(?:is|are) about no\b|\btak(?:es?|en) in\b/i, instead: 'selects nothing, selects no pods, includes' },
  { pattern: /\b(?:everybody|anybody|nobody|somebody|anyone|everyone|no one)\b/i, instead: 'all sources, any source, no source, no pods' },
  { pattern: /\blet(?:s|ting)? (?:\w+ ){0,3}?(?:in|out|through)\b/i, instead: 'allows' },
  { pattern: /\bshuts?\b(?! down)/i, instead: 'denies' },
  {
    pattern: /\bcloses\b|\b(?:is|are|stays?|be) closed\b/i,
    instead: 'denies, is isolated for ingress',
    unless: /\bbrackets?\b|\bquote\b|\bconnection is closed\b/i,
  },
  { pattern: /\bstays? open\b|\bleft open\b/i, instead: 'is still allowed, is not isolated' },
  { pattern: /\bcuts?(?: off)?\b|\bcutting\b/i, instead: 'blocks, is blocked, is denied by POLICY' },
  {
    pattern: /\basked (?:first|last|before|after)\b|\bladders?\b|\brungs?\b|\bthe last word\b(?! of)/i,
    instead: 'is evaluated first, tier order, takes precedence',
  },
  { pattern: /\bways? out\b/i, instead: 'the fix' },
  { pattern: /\btold\b(?! apart)|\bworth a word\b|\ba word (?:about|on|to|for)\b/i, instead: 'reported, a message' },
  {
    pattern: /\bthe DNS\b(?! (?:[a-z]+|Service)\b)/,
    instead: 'cluster DNS, DNS',
  },
  {
    pattern: /\b(?:exists?|known|runs?|there|anything|nothing) here\b(?! (?:throws|waits))/i,
    instead: 'in this workspace, in the cluster',
  },
  { pattern: /\bNothing to complain\b/i, instead: 'No problems found' },
  { pattern: /\bcould not do the work\b/i, instead: 'failed' },
  { pattern: /\btells? more\b/i, instead: 'see `--help`' },
  { pattern: /\bbut for\b|\ball the same\b|\bsave for\b/i, instead: 'except, anyway' },
  { pattern: /\belsewhere than\b/i, instead: 'other editors' },
  { pattern: /\b(?:is|are) no (?!longer\b|more\b)(?<!\bthere (?:is|are) no )/i, instead: 'is not a, is not', isFineInComments: true },
  { pattern: /\belsewhere\b/i, instead: 'in other namespaces, in another file, otherwise', isFineInComments: true },
  { pattern: /\b(?:opens|opened) (?:nothing|the way|all|any|every|ingress|egress|TCP|UDP|ports?)\b/i, instead: 'allows' },
  {
    pattern:
      /\b(?:both|either|other|single|each of its|one of its) ends?\b(?! of (?:a|the) (?:range|text|list|line|file)\b)|\bends of the connection\b/i,
    instead: 'source, destination, peer, endpoint',
    isFineInComments: true,
  },
  { pattern: /\b(?:policy|policies|tier) (?:above |below )?(?:is|are|was|were|to be) (?:only )?asked\b/i, instead: 'is evaluated' },
  { pattern: /\bdid you mean\b/i, instead: "The closest match is 'x'." },
  { pattern: /\b(?:is|are) about (?:every|all|these) (?:pods?|connections?|ports?)\b/i, instead: 'applies to, matches' },
  { pattern: /\bsay different things\b/i, instead: 'have different actions' },
  { pattern: /\bsame goes for\b|\bturns? .{0,12}\bround\b|\bhas blanks\b/i, instead: 'plain words' },
  { pattern: /\b(?:connections?|traffic) (?:is|are) wanted\b/i, instead: 'is required, must be allowed' },
  { pattern: /\bspeaks? of\b/i, instead: 'names, matches, mentions' },
  { pattern: /\bby a hair\b|\bin vain\b|\bunseen\b|\bnone of our business\b/i, instead: 'plain words' },
  { pattern: /\bstrangers?\b/i, instead: 'unknown pods' },
  { pattern: /\bis for the author to say\b/i, instead: 'Only the author knows …' },
  {
    pattern: /\b(?:may|can) stand (?:in|only|with|here|there)\b|\bstands? alone\b|\bbrings? its own\b/i,
    instead: 'is allowed only in, must be the only field, has its own',
    isFineInComments: true,
  },
  { pattern: /\bdemand(?:s|ed)?\b(?<!\bon demand)/i, instead: 'requires' },
  { pattern: /\bmade up (?:of|from)\b/i, instead: 'generated from' },
  { pattern: /\bdefeat(?:s|ed)?\b/i, instead: 'overrides' },
  {
    pattern: /\b(?:policy|policies|rules?|selectors?|tiers?|groups?|proxy|CRDs?|polic\w+ kinds?) of (?:Calico|Cilium|Antrea)\b(?! and|,)/,
    instead: 'a Calico rule, Cilium’s proxy',
    isFineInComments: true,
  },
  {
    pattern: /\b(?:recognis|organis|normalis|labelled|misspelt|honour|colour|neighbour)/i,
    instead: 'American spelling',
    isFineInComments: true,
  },
  { pattern: /\bflips?\b|\block-outs?\b/i, instead: 'remediation, control-plane impact' },
];

/** The expressions of the table in a text. Quoted names of code and files (between backticks) do not count. */
export function avoidedIn(text: string, isComment: boolean = false): readonly { readonly found: string; readonly instead: string }[] {
  const words = text.replace(/`[^`]*`/g, '``');
  return AVOIDED.flatMap(({ pattern, instead, unless, isFineInComments }) => {
    if (isComment && isFineInComments) return [];
    const found = pattern.exec(words)?.[0];
    return found === undefined || unless?.test(words) === true ? [] : [{ found, instead }];
  });
}
