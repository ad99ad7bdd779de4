// Written by test/rules/registry.test.ts: run `npm test -- -u` after adding a rule.
import baselineName from './manifest/baseline-name.ts';
import channelField from './manifest/channel-field.ts';
import cidrForm from './manifest/cidr-form.ts';
import cidrHostBits from './manifest/cidr-host-bits.ts';
import duplicateItem from './manifest/duplicate-item.ts';
import duplicateKey from './manifest/duplicate-key.ts';
import emptyList from './manifest/empty-list.ts';
import emptyPeer from './manifest/empty-peer.ts';
import emptyProtocol from './manifest/empty-protocol.ts';
import endPort from './manifest/end-port.ts';
import exactlyOneOf from './manifest/exactly-one-of.ts';
import exceptOutsideCidr from './manifest/except-outside-cidr.ts';
import invalidAnnotation from './manifest/invalid-annotation.ts';
import invalidCidr from './manifest/invalid-cidr.ts';
import invalidDomainName from './manifest/invalid-domain-name.ts';
import invalidFinalizer from './manifest/invalid-finalizer.ts';
import invalidLabelKey from './manifest/invalid-label-key.ts';
import invalidLabelValue from './manifest/invalid-label-value.ts';
import invalidName from './manifest/invalid-name.ts';
import invalidOwner from './manifest/invalid-owner.ts';
import invalidPort from './manifest/invalid-port.ts';
import invalidTime from './manifest/invalid-time.ts';
import manifestTooLarge from './manifest/manifest-too-large.ts';
import missingField from './manifest/missing-field.ts';
import missingKind from './manifest/missing-kind.ts';
import missingName from './manifest/missing-name.ts';
import namedPortWithNetworks from './manifest/named-port-with-networks.ts';
import notAManifest from './manifest/not-a-manifest.ts';
import outOfRange from './manifest/out-of-range.ts';
import peerCombination from './manifest/peer-combination.ts';
import portRangeOrder from './manifest/port-range-order.ts';
import selectorOperator from './manifest/selector-operator.ts';
import selectorValues from './manifest/selector-values.ts';
import tooLong from './manifest/too-long.ts';
import tooManyItems from './manifest/too-many-items.ts';
import unknownField from './manifest/unknown-field.ts';
import unknownKind from './manifest/unknown-kind.ts';
import unsupportedValue from './manifest/unsupported-value.ts';
import wrongApiVersion from './manifest/wrong-api-version.ts';
import wrongType from './manifest/wrong-type.ts';
import yamlAlias from './manifest/yaml-alias.ts';
import yamlAliasCycle from './manifest/yaml-alias-cycle.ts';
import yamlBracket from './manifest/yaml-bracket.ts';
import yamlColon from './manifest/yaml-colon.ts';
import yamlComment from './manifest/yaml-comment.ts';
import yamlDirective from './manifest/yaml-directive.ts';
import yamlIndentation from './manifest/yaml-indentation.ts';
import yamlKey from './manifest/yaml-key.ts';
import yamlMerge from './manifest/yaml-merge.ts';
import yamlNesting from './manifest/yaml-nesting.ts';
import yamlNotJson from './manifest/yaml-not-json.ts';
import yamlQuote from './manifest/yaml-quote.ts';
import yamlSyntax from './manifest/yaml-syntax.ts';
import yamlTab from './manifest/yaml-tab.ts';
import yamlTag from './manifest/yaml-tag.ts';
import type { ManifestRule } from './rule.ts';

/** Every rule that looks at one manifest, in the order of their names. */
export const manifestRules: readonly ManifestRule[] = [
  baselineName,
  channelField,
  cidrForm,
  cidrHostBits,
  duplicateItem,
  duplicateKey,
  emptyList,
  emptyPeer,
  emptyProtocol,
  endPort,
  exactlyOneOf,
  exceptOutsideCidr,
  invalidAnnotation,
  invalidCidr,
  invalidDomainName,
  invalidFinalizer,
  invalidLabelKey,
  invalidLabelValue,
  invalidName,
  invalidOwner,
  invalidPort,
  invalidTime,
  manifestTooLarge,
  missingField,
  missingKind,
  missingName,
  namedPortWithNetworks,
  notAManifest,
  outOfRange,
  peerCombination,
  portRangeOrder,
  selectorOperator,
  selectorValues,
  tooLong,
  tooManyItems,
  unknownField,
  unknownKind,
  unsupportedValue,
  wrongApiVersion,
  wrongType,
  yamlAlias,
  yamlAliasCycle,
  yamlBracket,
  yamlColon,
  yamlComment,
  yamlDirective,
  yamlIndentation,
  yamlKey,
  yamlMerge,
  yamlNesting,
  yamlNotJson,
  yamlQuote,
  yamlSyntax,
  yamlTab,
  yamlTag,
];
