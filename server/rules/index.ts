// Written by test/rules/registry.test.ts: run `npm test -- -u` after adding a rule.
import allNamespacesImplied from './manifest/all-namespaces-implied.ts';
import allowAllEgress from './manifest/allow-all-egress.ts';
import allowAllIngress from './manifest/allow-all-ingress.ts';
import ambiguousNumber from './manifest/ambiguous-number.ts';
import antreaAppliedTo from './manifest/antrea-applied-to.ts';
import antreaAppliedToService from './manifest/antrea-applied-to-service.ts';
import antreaExclusiveFields from './manifest/antrea-exclusive-fields.ts';
import antreaFqdn from './manifest/antrea-fqdn.ts';
import antreaGroup from './manifest/antrea-group.ts';
import antreaIpBlock from './manifest/antrea-ip-block.ts';
import antreaL7 from './manifest/antrea-l7.ts';
import antreaLabel from './manifest/antrea-label.ts';
import antreaMulticast from './manifest/antrea-multicast.ts';
import antreaPassInBaseline from './manifest/antrea-pass-in-baseline.ts';
import antreaPortRange from './manifest/antrea-port-range.ts';
import antreaRuleNames from './manifest/antrea-rule-names.ts';
import antreaTierName from './manifest/antrea-tier-name.ts';
import antreaTierPriority from './manifest/antrea-tier-priority.ts';
import antreaToServices from './manifest/antrea-to-services.ts';
import baselineName from './manifest/baseline-name.ts';
import calicoFixedTier from './manifest/calico-fixed-tier.ts';
import calicoGlobalSelector from './manifest/calico-global-selector.ts';
import calicoHostEndpoint from './manifest/calico-host-endpoint.ts';
import calicoHostPolicy from './manifest/calico-host-policy.ts';
import calicoHttpRule from './manifest/calico-http-rule.ts';
import calicoIcmpRule from './manifest/calico-icmp-rule.ts';
import calicoIgnoredDirection from './manifest/calico-ignored-direction.ts';
import calicoInvalidName from './manifest/calico-invalid-name.ts';
import calicoInvalidNet from './manifest/calico-invalid-net.ts';
import calicoInvalidPort from './manifest/calico-invalid-port.ts';
import calicoInvalidProtocol from './manifest/calico-invalid-protocol.ts';
import calicoMixedIpVersions from './manifest/calico-mixed-ip-versions.ts';
import calicoNamespaceLabel from './manifest/calico-namespace-label.ts';
import calicoPortsWithoutProtocol from './manifest/calico-ports-without-protocol.ts';
import calicoSelectorSyntax from './manifest/calico-selector-syntax.ts';
import calicoServiceRule from './manifest/calico-service-rule.ts';
import calicoStagedDelete from './manifest/calico-staged-delete.ts';
import calicoStagedKubernetes from './manifest/calico-staged-kubernetes.ts';
import calicoStorageForm from './manifest/calico-storage-form.ts';
import calicoUntrackedOneWay from './manifest/calico-untracked-one-way.ts';
import channelField from './manifest/channel-field.ts';
import cidrForm from './manifest/cidr-form.ts';
import cidrHostBits from './manifest/cidr-host-bits.ts';
import ciliumAuthenticationAllows from './manifest/cilium-authentication-allows.ts';
import ciliumDefaultDenyUnused from './manifest/cilium-default-deny-unused.ts';
import ciliumFieldFormat from './manifest/cilium-field-format.ts';
import ciliumForeignNamespace from './manifest/cilium-foreign-namespace.ts';
import ciliumHttpOnTls from './manifest/cilium-http-on-tls.ts';
import ciliumIcmp from './manifest/cilium-icmp.ts';
import ciliumInvalidCidr from './manifest/cilium-invalid-cidr.ts';
import ciliumInvalidPort from './manifest/cilium-invalid-port.ts';
import ciliumInvalidSelector from './manifest/cilium-invalid-selector.ts';
import ciliumL7Rule from './manifest/cilium-l7-rule.ts';
import ciliumNameContradicted from './manifest/cilium-name-contradicted.ts';
import ciliumNoEntries from './manifest/cilium-no-entries.ts';
import ciliumNodePeers from './manifest/cilium-node-peers.ts';
import ciliumNodeSelector from './manifest/cilium-node-selector.ts';
import ciliumPeerCombination from './manifest/cilium-peer-combination.ts';
import ciliumRemovedField from './manifest/cilium-removed-field.ts';
import ciliumServiceName from './manifest/cilium-service-name.ts';
import ciliumSplitEntry from './manifest/cilium-split-entry.ts';
import ciliumUnknownLabel from './manifest/cilium-unknown-label.ts';
import clusterRangeBlock from './manifest/cluster-range-block.ts';
import contradictorySelector from './manifest/contradictory-selector.ts';
import dangerousPort from './manifest/dangerous-port.ts';
import defaultDeny from './manifest/default-deny.ts';
import denyNameAllowsAll from './manifest/deny-name-allows-all.ts';
import denyWithoutIpv6 from './manifest/deny-without-ipv6.ts';
import domainNameOfService from './manifest/domain-name-of-service.ts';
import domainNamesNotAccept from './manifest/domain-names-not-accept.ts';
import duplicateItem from './manifest/duplicate-item.ts';
import duplicateKey from './manifest/duplicate-key.ts';
import duplicatePolicyType from './manifest/duplicate-policy-type.ts';
import duplicateRuleName from './manifest/duplicate-rule-name.ts';
import egressPolicyIsolatesIngress from './manifest/egress-policy-isolates-ingress.ts';
import egressToTheWorld from './manifest/egress-to-the-world.ts';
import emptyEgress from './manifest/empty-egress.ts';
import emptyList from './manifest/empty-list.ts';
import emptyMatchLabels from './manifest/empty-match-labels.ts';
import emptyPeer from './manifest/empty-peer.ts';
import emptyPeerList from './manifest/empty-peer-list.ts';
import emptyPortList from './manifest/empty-port-list.ts';
import emptyProtocol from './manifest/empty-protocol.ts';
import endPort from './manifest/end-port.ts';
import exactlyOneOf from './manifest/exactly-one-of.ts';
import exceptCoversAll from './manifest/except-covers-all.ts';
import exceptOutsideCidr from './manifest/except-outside-cidr.ts';
import exclusionOnlySelector from './manifest/exclusion-only-selector.ts';
import exclusionWithoutEffect from './manifest/exclusion-without-effect.ts';
import generatedName from './manifest/generated-name.ts';
import genericName from './manifest/generic-name.ts';
import ignoredDirection from './manifest/ignored-direction.ts';
import impossibleDomainName from './manifest/impossible-domain-name.ts';
import impossiblePortName from './manifest/impossible-port-name.ts';
import inWithOneValue from './manifest/in-with-one-value.ts';
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
import labelKeyType from './manifest/label-key-type.ts';
import largePortRange from './manifest/large-port-range.ts';
import malformedValue from './manifest/malformed-value.ts';
import manifestTooLarge from './manifest/manifest-too-large.ts';
import metadataAddressReachable from './manifest/metadata-address-reachable.ts';
import missingField from './manifest/missing-field.ts';
import missingIntent from './manifest/missing-intent.ts';
import missingKind from './manifest/missing-kind.ts';
import missingName from './manifest/missing-name.ts';
import missingNamespace from './manifest/missing-namespace.ts';
import missingOwner from './manifest/missing-owner.ts';
import namedPortForAddresses from './manifest/named-port-for-addresses.ts';
import namedPortWithNetworks from './manifest/named-port-with-networks.ts';
import namespaceOnClusterScoped from './manifest/namespace-on-cluster-scoped.ts';
import noRules from './manifest/no-rules.ts';
import notAManifest from './manifest/not-a-manifest.ts';
import nullLabelValue from './manifest/null-label-value.ts';
import nullListItem from './manifest/null-list-item.ts';
import nullSelector from './manifest/null-selector.ts';
import openToTheWorld from './manifest/open-to-the-world.ts';
import outOfRange from './manifest/out-of-range.ts';
import overlappingPortRanges from './manifest/overlapping-port-ranges.ts';
import peerCombination from './manifest/peer-combination.ts';
import podsMeantAsExternal from './manifest/pods-meant-as-external.ts';
import policyTypesMissing from './manifest/policy-types-missing.ts';
import portRangeOrder from './manifest/port-range-order.ts';
import privateRangeBlock from './manifest/private-range-block.ts';
import protocolOmitted from './manifest/protocol-omitted.ts';
import redundantExcept from './manifest/redundant-except.ts';
import redundantNetwork from './manifest/redundant-network.ts';
import redundantPeer from './manifest/redundant-peer.ts';
import redundantPort from './manifest/redundant-port.ts';
import redundantRequirement from './manifest/redundant-requirement.ts';
import redundantRule from './manifest/redundant-rule.ts';
import selectAllByDefault from './manifest/select-all-by-default.ts';
import selectorOperator from './manifest/selector-operator.ts';
import selectorValues from './manifest/selector-values.ts';
import shadowedRule from './manifest/shadowed-rule.ts';
import singleAddressBlock from './manifest/single-address-block.ts';
import singleLabelSelector from './manifest/single-label-selector.ts';
import supersededApi from './manifest/superseded-api.ts';
import suspectedOr from './manifest/suspected-or.ts';
import suspectedSplitPort from './manifest/suspected-split-port.ts';
import tooLong from './manifest/too-long.ts';
import tooManyFindings from './manifest/too-many-findings.ts';
import tooManyItems from './manifest/too-many-items.ts';
import unknownField from './manifest/unknown-field.ts';
import unknownKind from './manifest/unknown-kind.ts';
import unknownProtocol from './manifest/unknown-protocol.ts';
import unsupportedValue from './manifest/unsupported-value.ts';
import unusedIgnore from './manifest/unused-ignore.ts';
import unvalidatedSelector from './manifest/unvalidated-selector.ts';
import v4WithoutV6 from './manifest/v4-without-v6.ts';
import wholeClusterPeer from './manifest/whole-cluster-peer.ts';
import wrongApiVersion from './manifest/wrong-api-version.ts';
import wrongType from './manifest/wrong-type.ts';
import yamlAlias from './manifest/yaml-alias.ts';
import yamlAliasCycle from './manifest/yaml-alias-cycle.ts';
import yamlBracket from './manifest/yaml-bracket.ts';
import yamlColon from './manifest/yaml-colon.ts';
import yamlDirective from './manifest/yaml-directive.ts';
import yamlIndentation from './manifest/yaml-indentation.ts';
import yamlKey from './manifest/yaml-key.ts';
import yamlNesting from './manifest/yaml-nesting.ts';
import yamlNotJson from './manifest/yaml-not-json.ts';
import yamlQuote from './manifest/yaml-quote.ts';
import yamlSyntax from './manifest/yaml-syntax.ts';
import yamlTab from './manifest/yaml-tab.ts';
import yamlTag from './manifest/yaml-tag.ts';
import adminDenyBlocksSystem from './workspace/admin-deny-blocks-system.ts';
import adminDenyOverridesAllow from './workspace/admin-deny-overrides-allow.ts';
import antreaAllowBeforeNetworkpolicy from './workspace/antrea-allow-before-networkpolicy.ts';
import antreaFqdnOfService from './workspace/antrea-fqdn-of-service.ts';
import antreaGroupWithoutPods from './workspace/antrea-group-without-pods.ts';
import antreaMissingGroup from './workspace/antrea-missing-group.ts';
import antreaMissingTier from './workspace/antrea-missing-tier.ts';
import antreaNestedGroup from './workspace/antrea-nested-group.ts';
import antreaPriorityTie from './workspace/antrea-priority-tie.ts';
import apiServerBlocked from './workspace/api-server-blocked.ts';
import baselineAllowOverridden from './workspace/baseline-allow-overridden.ts';
import baselinePassLast from './workspace/baseline-pass-last.ts';
import calicoAllowOverridesNetworkpolicy from './workspace/calico-allow-overrides-networkpolicy.ts';
import calicoDefaultDenyBlocksSystem from './workspace/calico-default-deny-blocks-system.ts';
import calicoMissingTier from './workspace/calico-missing-tier.ts';
import calicoNodePortUsed from './workspace/calico-node-port-used.ts';
import calicoOrderTie from './workspace/calico-order-tie.ts';
import calicoPassLast from './workspace/calico-pass-last.ts';
import calicoPeerOutOfScope from './workspace/calico-peer-out-of-scope.ts';
import calicoRuleExcludesSubject from './workspace/calico-rule-excludes-subject.ts';
import calicoSelectorOnlyInRules from './workspace/calico-selector-only-in-rules.ts';
import calicoTierDeniesRest from './workspace/calico-tier-denies-rest.ts';
import calicoUnreachableRule from './workspace/calico-unreachable-rule.ts';
import ciliumAllowOverridden from './workspace/cilium-allow-overridden.ts';
import ciliumApiServerAddress from './workspace/cilium-api-server-address.ts';
import ciliumBlockOfPods from './workspace/cilium-block-of-pods.ts';
import ciliumClientAddress from './workspace/cilium-client-address.ts';
import ciliumDenyIsolates from './workspace/cilium-deny-isolates.ts';
import ciliumGatewayBlocked from './workspace/cilium-gateway-blocked.ts';
import ciliumHostPolicy from './workspace/cilium-host-policy.ts';
import ciliumNamePattern from './workspace/cilium-name-pattern.ts';
import ciliumNamesWithoutLookups from './workspace/cilium-names-without-lookups.ts';
import ciliumPortSupport from './workspace/cilium-port-support.ts';
import ciliumWideEntity from './workspace/cilium-wide-entity.ts';
import clientAddressHidden from './workspace/client-address-hidden.ts';
import createdPodsBlocked from './workspace/created-pods-blocked.ts';
import denyNetworksBlocksPods from './workspace/deny-networks-blocks-pods.ts';
import dnsBlocked from './workspace/dns-blocked.ts';
import dnsCacheBlocked from './workspace/dns-cache-blocked.ts';
import domainNamesWithoutDeny from './workspace/domain-names-without-deny.ts';
import domainNamesWithoutDns from './workspace/domain-names-without-dns.ts';
import duplicatePolicy from './workspace/duplicate-policy.ts';
import egressNamedPort from './workspace/egress-named-port.ts';
import egressNotIsolated from './workspace/egress-not-isolated.ts';
import expectationFailed from './workspace/expectation-failed.ts';
import hostnetworkInSubject from './workspace/hostnetwork-in-subject.ts';
import hostnetworkPeer from './workspace/hostnetwork-peer.ts';
import hostnetworkSubject from './workspace/hostnetwork-subject.ts';
import inValueMatchesNothing from './workspace/in-value-matches-nothing.ts';
import incompleteDnsRule from './workspace/incomplete-dns-rule.ts';
import ingressBackendBlocked from './workspace/ingress-backend-blocked.ts';
import kubeletNotAPod from './workspace/kubelet-not-a-pod.ts';
import kustomizationBuild from './workspace/kustomization-build.ts';
import kustomizationDuplicate from './workspace/kustomization-duplicate.ts';
import kustomizationField from './workspace/kustomization-field.ts';
import kustomizationPatch from './workspace/kustomization-patch.ts';
import kustomizationPath from './workspace/kustomization-path.ts';
import kustomizationUnknownPart from './workspace/kustomization-unknown-part.ts';
import labelAddedToPeer from './workspace/label-added-to-peer.ts';
import labelsNeverTogether from './workspace/labels-never-together.ts';
import labelsOnController from './workspace/labels-on-controller.ts';
import loadBalancerBlocked from './workspace/load-balancer-blocked.ts';
import meshPortBlocked from './workspace/mesh-port-blocked.ts';
import metricsBlocked from './workspace/metrics-blocked.ts';
import namedPortAmbiguous from './workspace/named-port-ambiguous.ts';
import namedPortMissing from './workspace/named-port-missing.ts';
import namespaceByNameLabel from './workspace/namespace-by-name-label.ts';
import namespaceLabelsDiffer from './workspace/namespace-labels-differ.ts';
import namespaceSelectorMatchesNothing from './workspace/namespace-selector-matches-nothing.ts';
import namespaceWithoutDefaultDeny from './workspace/namespace-without-default-deny.ts';
import namespaceWithoutEgressDeny from './workspace/namespace-without-egress-deny.ts';
import nearMissLabel from './workspace/near-miss-label.ts';
import oneSidedAllow from './workspace/one-sided-allow.ts';
import overlappingSubject from './workspace/overlapping-subject.ts';
import ownPortInEgress from './workspace/own-port-in-egress.ts';
import passIntoDeny from './workspace/pass-into-deny.ts';
import passSkipsNothing from './workspace/pass-skips-nothing.ts';
import peerInOtherNamespace from './workspace/peer-in-other-namespace.ts';
import peerSelectsNothing from './workspace/peer-selects-nothing.ts';
import policyOfOtherPlugin from './workspace/policy-of-other-plugin.ts';
import portNotExposed from './workspace/port-not-exposed.ts';
import priorityTie from './workspace/priority-tie.ts';
import protocolMismatch from './workspace/protocol-mismatch.ts';
import redundantPolicy from './workspace/redundant-policy.ts';
import redundantWithAllowAll from './workspace/redundant-with-allow-all.ts';
import repeatedPort from './workspace/repeated-port.ts';
import replicaNotSelected from './workspace/replica-not-selected.ts';
import replicasBlocked from './workspace/replicas-blocked.ts';
import ruleCoveredByPolicy from './workspace/rule-covered-by-policy.ts';
import sameSubject from './workspace/same-subject.ts';
import selectsNothing from './workspace/selects-nothing.ts';
import serviceClientBlocked from './workspace/service-client-blocked.ts';
import servicePortUsed from './workspace/service-port-used.ts';
import serviceWithoutClient from './workspace/service-without-client.ts';
import shadowedByPolicy from './workspace/shadowed-by-policy.ts';
import suspectedSplitRule from './workspace/suspected-split-rule.ts';
import unprotectedWorkload from './workspace/unprotected-workload.ts';
import unreachableBaselineRule from './workspace/unreachable-baseline-rule.ts';
import unreadableExpectation from './workspace/unreadable-expectation.ts';
import vacuousPolicy from './workspace/vacuous-policy.ts';
import webhookBlocked from './workspace/webhook-blocked.ts';
import wrongNamespace from './workspace/wrong-namespace.ts';
import type { ManifestRule, WorkspaceRule } from './rule.ts';

/** Every rule that looks at one manifest, in the order of their names. */
export const manifestRules: readonly ManifestRule[] = [
  allNamespacesImplied,
  allowAllEgress,
  allowAllIngress,
  ambiguousNumber,
  antreaAppliedTo,
  antreaAppliedToService,
  antreaExclusiveFields,
  antreaFqdn,
  antreaGroup,
  antreaIpBlock,
  antreaL7,
  antreaLabel,
  antreaMulticast,
  antreaPassInBaseline,
  antreaPortRange,
  antreaRuleNames,
  antreaTierName,
  antreaTierPriority,
  antreaToServices,
  baselineName,
  calicoFixedTier,
  calicoGlobalSelector,
  calicoHostEndpoint,
  calicoHostPolicy,
  calicoHttpRule,
  calicoIcmpRule,
  calicoIgnoredDirection,
  calicoInvalidName,
  calicoInvalidNet,
  calicoInvalidPort,
  calicoInvalidProtocol,
  calicoMixedIpVersions,
  calicoNamespaceLabel,
  calicoPortsWithoutProtocol,
  calicoSelectorSyntax,
  calicoServiceRule,
  calicoStagedDelete,
  calicoStagedKubernetes,
  calicoStorageForm,
  calicoUntrackedOneWay,
  channelField,
  cidrForm,
  cidrHostBits,
  ciliumAuthenticationAllows,
  ciliumDefaultDenyUnused,
  ciliumFieldFormat,
  ciliumForeignNamespace,
  ciliumHttpOnTls,
  ciliumIcmp,
  ciliumInvalidCidr,
  ciliumInvalidPort,
  ciliumInvalidSelector,
  ciliumL7Rule,
  ciliumNameContradicted,
  ciliumNoEntries,
  ciliumNodePeers,
  ciliumNodeSelector,
  ciliumPeerCombination,
  ciliumRemovedField,
  ciliumServiceName,
  ciliumSplitEntry,
  ciliumUnknownLabel,
  clusterRangeBlock,
  contradictorySelector,
  dangerousPort,
  defaultDeny,
  denyNameAllowsAll,
  denyWithoutIpv6,
  domainNameOfService,
  domainNamesNotAccept,
  duplicateItem,
  duplicateKey,
  duplicatePolicyType,
  duplicateRuleName,
  egressPolicyIsolatesIngress,
  egressToTheWorld,
  emptyEgress,
  emptyList,
  emptyMatchLabels,
  emptyPeer,
  emptyPeerList,
  emptyPortList,
  emptyProtocol,
  endPort,
  exactlyOneOf,
  exceptCoversAll,
  exceptOutsideCidr,
  exclusionOnlySelector,
  exclusionWithoutEffect,
  generatedName,
  genericName,
  ignoredDirection,
  impossibleDomainName,
  impossiblePortName,
  inWithOneValue,
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
  labelKeyType,
  largePortRange,
  malformedValue,
  manifestTooLarge,
  metadataAddressReachable,
  missingField,
  missingIntent,
  missingKind,
  missingName,
  missingNamespace,
  missingOwner,
  namedPortForAddresses,
  namedPortWithNetworks,
  namespaceOnClusterScoped,
  noRules,
  notAManifest,
  nullLabelValue,
  nullListItem,
  nullSelector,
  openToTheWorld,
  outOfRange,
  overlappingPortRanges,
  peerCombination,
  podsMeantAsExternal,
  policyTypesMissing,
  portRangeOrder,
  privateRangeBlock,
  protocolOmitted,
  redundantExcept,
  redundantNetwork,
  redundantPeer,
  redundantPort,
  redundantRequirement,
  redundantRule,
  selectAllByDefault,
  selectorOperator,
  selectorValues,
  shadowedRule,
  singleAddressBlock,
  singleLabelSelector,
  supersededApi,
  suspectedOr,
  suspectedSplitPort,
  tooLong,
  tooManyFindings,
  tooManyItems,
  unknownField,
  unknownKind,
  unknownProtocol,
  unsupportedValue,
  unusedIgnore,
  unvalidatedSelector,
  v4WithoutV6,
  wholeClusterPeer,
  wrongApiVersion,
  wrongType,
  yamlAlias,
  yamlAliasCycle,
  yamlBracket,
  yamlColon,
  yamlDirective,
  yamlIndentation,
  yamlKey,
  yamlNesting,
  yamlNotJson,
  yamlQuote,
  yamlSyntax,
  yamlTab,
  yamlTag,
];

/** Every rule that asks the whole cluster, in the order of their names. */
export const workspaceRules: readonly WorkspaceRule[] = [
  adminDenyBlocksSystem,
  adminDenyOverridesAllow,
  antreaAllowBeforeNetworkpolicy,
  antreaFqdnOfService,
  antreaGroupWithoutPods,
  antreaMissingGroup,
  antreaMissingTier,
  antreaNestedGroup,
  antreaPriorityTie,
  apiServerBlocked,
  baselineAllowOverridden,
  baselinePassLast,
  calicoAllowOverridesNetworkpolicy,
  calicoDefaultDenyBlocksSystem,
  calicoMissingTier,
  calicoNodePortUsed,
  calicoOrderTie,
  calicoPassLast,
  calicoPeerOutOfScope,
  calicoRuleExcludesSubject,
  calicoSelectorOnlyInRules,
  calicoTierDeniesRest,
  calicoUnreachableRule,
  ciliumAllowOverridden,
  ciliumApiServerAddress,
  ciliumBlockOfPods,
  ciliumClientAddress,
  ciliumDenyIsolates,
  ciliumGatewayBlocked,
  ciliumHostPolicy,
  ciliumNamePattern,
  ciliumNamesWithoutLookups,
  ciliumPortSupport,
  ciliumWideEntity,
  clientAddressHidden,
  createdPodsBlocked,
  denyNetworksBlocksPods,
  dnsBlocked,
  dnsCacheBlocked,
  domainNamesWithoutDeny,
  domainNamesWithoutDns,
  duplicatePolicy,
  egressNamedPort,
  egressNotIsolated,
  expectationFailed,
  hostnetworkInSubject,
  hostnetworkPeer,
  hostnetworkSubject,
  inValueMatchesNothing,
  incompleteDnsRule,
  ingressBackendBlocked,
  kubeletNotAPod,
  kustomizationBuild,
  kustomizationDuplicate,
  kustomizationField,
  kustomizationPatch,
  kustomizationPath,
  kustomizationUnknownPart,
  labelAddedToPeer,
  labelsNeverTogether,
  labelsOnController,
  loadBalancerBlocked,
  meshPortBlocked,
  metricsBlocked,
  namedPortAmbiguous,
  namedPortMissing,
  namespaceByNameLabel,
  namespaceLabelsDiffer,
  namespaceSelectorMatchesNothing,
  namespaceWithoutDefaultDeny,
  namespaceWithoutEgressDeny,
  nearMissLabel,
  oneSidedAllow,
  overlappingSubject,
  ownPortInEgress,
  passIntoDeny,
  passSkipsNothing,
  peerInOtherNamespace,
  peerSelectsNothing,
  policyOfOtherPlugin,
  portNotExposed,
  priorityTie,
  protocolMismatch,
  redundantPolicy,
  redundantWithAllowAll,
  repeatedPort,
  replicaNotSelected,
  replicasBlocked,
  ruleCoveredByPolicy,
  sameSubject,
  selectsNothing,
  serviceClientBlocked,
  servicePortUsed,
  serviceWithoutClient,
  shadowedByPolicy,
  suspectedSplitRule,
  unprotectedWorkload,
  unreachableBaselineRule,
  unreadableExpectation,
  vacuousPolicy,
  webhookBlocked,
  wrongNamespace,
];
