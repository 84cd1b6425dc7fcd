#!/usr/bin/env python3
"""Makes src/api/schema/kubernetes.txt and descriptions.txt again.

Source: the PyPI package kubernetes-validate (Apache-2.0), which carries the published JSON schemas.

    pip download kubernetes-validate==1.37.0 --no-deps
    python3 pkg-config/schema/extract.py kubernetes_validate-1.37.0-py3-none-any.whl

Lines of kubernetes.txt:
    K <apiVersion> <kind> [<type>]       a kind; with its type when its fields are checked
    E <name> <word>...                   the words a field may hold
    T <type> <field>:<shape>...          a type; required fields begin with !
    N <type> <struct> [-]<field>...      fields that Go has in an embedded struct; with - all fields but these
Shapes: s text, i int32, l int64, b bool, q quantity, p number or text, t time, y base64, a anything,
%Name one of the words of an E line, [x list of x, {x mapping of text to x, Name an object of that type.

A type of another version than v1 has it before its name (v2.MetricSpec); types of one name are told apart by what
follows ~.

Lines of descriptions.txt: <type>.<field> TAB <first sentence>, of the kinds that people look at most
"""
import json
import pathlib
import re
import sys
import zipfile

VERSION = "v1.36.0"
# Kinds whose fields are described.
DESCRIBED = """Pod PodTemplate Service ConfigMap Secret Namespace Node ReplicationController ServiceAccount
PersistentVolumeClaim ControllerRevision Deployment ReplicaSet StatefulSet DaemonSet Job CronJob
PodDisruptionBudget""".split()
CORE = ("io.k8s.api.core.v1.", "io.k8s.api.apps.v1.", "io.k8s.api.batch.v1.", "io.k8s.api.policy.v1.")
# Versions that an API server serves when nobody asks for more.
STABLE = re.compile(r"(^|/)v[0-9]+$")
# Kinds that are asked for or written by components, never pasted.
PLAIN = """Binding Eviction Scale CSINode VolumeAttachment ComponentStatus ResourceSlice IPAddress Status
MutatingAdmissionPolicy MutatingAdmissionPolicyBinding ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
TokenRequest""".split()

# The schemas do not carry the words a field may hold; these are facts of the API (Go type name, words).
ENUMS = {
    "RestartPolicy": "Always OnFailure Never",
    "ContainerRestartPolicy": "Always Never OnFailure",
    "ContainerRestartRuleAction": "Restart RestartAllContainers",
    "ContainerRestartRuleOnExitCodesOperator": "In NotIn",
    "PullPolicy": "Always IfNotPresent Never",
    "DNSPolicy": "ClusterFirst ClusterFirstWithHostNet Default None",
    "Protocol": "TCP UDP SCTP",
    "URIScheme": "HTTP HTTPS",
    "TerminationMessagePolicy": "File FallbackToLogsOnError",
    "TolerationOperator": "Equal Exists",
    "TaintEffect": "NoSchedule PreferNoSchedule NoExecute",
    "PreemptionPolicy": "PreemptLowerPriority Never",
    "MountPropagationMode": "None HostToContainer Bidirectional",
    "StorageMedium": "Memory",
    "HostPathType": "DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice",
    "ResourceResizeRestartPolicy": "NotRequired RestartContainer",
    "PodFSGroupChangePolicy": "Always OnRootMismatch",
    "SupplementalGroupsPolicy": "Merge Strict",
    "SeccompProfileType": "RuntimeDefault Unconfined Localhost",
    "AppArmorProfileType": "RuntimeDefault Unconfined Localhost",
    "OSName": "linux windows",
    "NodeSelectorOperator": "In NotIn Exists DoesNotExist Gt Lt",
    "LabelSelectorOperator": "In NotIn Exists DoesNotExist",
    "UnsatisfiableConstraintAction": "DoNotSchedule ScheduleAnyway",
    "NodeInclusionPolicy": "Honor Ignore",
    "ServiceType": "ClusterIP NodePort LoadBalancer ExternalName",
    "ServiceAffinity": "None ClientIP",
    "ServiceExternalTrafficPolicy": "Cluster Local",
    "ServiceInternalTrafficPolicy": "Cluster Local",
    "IPFamilyPolicy": "SingleStack PreferDualStack RequireDualStack",
    "DeploymentStrategyType": "RollingUpdate Recreate",
    "DaemonSetUpdateStrategyType": "RollingUpdate OnDelete",
    "StatefulSetUpdateStrategyType": "RollingUpdate OnDelete",
    "PodManagementPolicyType": "OrderedReady Parallel",
    "PersistentVolumeClaimRetentionPolicyType": "Retain Delete",
    "CompletionMode": "NonIndexed Indexed",
    "PodReplacementPolicy": "TerminatingOrFailed Failed",
    "ConcurrencyPolicy": "Allow Forbid Replace",
    "PodFailurePolicyAction": "FailJob FailIndex Ignore Count",
    "PodFailurePolicyOnExitCodesOperator": "In NotIn",
    "ConditionStatus": "True False Unknown",
    "PersistentVolumeAccessMode": "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
    "PersistentVolumeMode": "Filesystem Block",
    "PersistentVolumeReclaimPolicy": "Retain Delete Recycle",
    "VolumeBindingMode": "Immediate WaitForFirstConsumer",
    "PathType": "Prefix Exact ImplementationSpecific",
    "PolicyType": "Ingress Egress",
    "v2.MetricSourceType": "Resource ContainerResource Pods Object External",
    "v2.MetricTargetType": "Utilization AverageValue Value",
    "v2.ScalingPolicySelect": "Max Min Disabled",
    "v2.HPAScalingPolicyType": "Pods Percent",
    "UnhealthyPodEvictionPolicyType": "IfHealthyBudget AlwaysAllow",
    "LimitType": "Container Pod PersistentVolumeClaim",
    "ResourceQuotaScope": "Terminating NotTerminating BestEffort NotBestEffort PriorityClass",
    "AddressType": "IPv4 IPv6 FQDN",
    "FailurePolicyType": "Fail Ignore",
    "MatchPolicyType": "Equivalent Exact",
    "SideEffectClass": "None NoneOnDryRun",
    "ReinvocationPolicyType": "Never IfNeeded",
    "OperationType": "CREATE UPDATE DELETE CONNECT *",
    "ScopeType": "* Namespaced Cluster",
    "ResourceScope": "Namespaced Cluster",
    "ConversionStrategyType": "None Webhook",
    "KeyUsage": "",
    "VolumeLifecycleMode": "Persistent Ephemeral",
    "FSGroupPolicy": "ReadWriteOnceWithFSType File None",
    "IPFamily": "IPv4 IPv6",
    "SecretType": "",
    "Capability": "",
}
ENUM_FIELDS = {
    "PodSpec.restartPolicy": "RestartPolicy",
    "PodSpec.dnsPolicy": "DNSPolicy",
    "PodSpec.preemptionPolicy": "PreemptionPolicy",
    "PodOS.name": "OSName",
    "Container.imagePullPolicy": "PullPolicy",
    "Container.restartPolicy": "ContainerRestartPolicy",
    "Container.terminationMessagePolicy": "TerminationMessagePolicy",
    "EphemeralContainer.imagePullPolicy": "PullPolicy",
    "EphemeralContainer.terminationMessagePolicy": "TerminationMessagePolicy",
    "ContainerRestartRule.action": "ContainerRestartRuleAction",
    "ContainerRestartRuleOnExitCodes.operator": "ContainerRestartRuleOnExitCodesOperator",
    "ContainerResizePolicy.restartPolicy": "ResourceResizeRestartPolicy",
    "ContainerPort.protocol": "Protocol",
    "ServicePort.protocol": "Protocol",
    "HTTPGetAction.scheme": "URIScheme",
    "Toleration.operator": "TolerationOperator",
    "Toleration.effect": "TaintEffect",
    "Taint.effect": "TaintEffect",
    "VolumeMount.mountPropagation": "MountPropagationMode",
    "EmptyDirVolumeSource.medium": "StorageMedium",
    "HostPathVolumeSource.type": "HostPathType",
    "ImageVolumeSource.pullPolicy": "PullPolicy",
    "PodSecurityContext.fsGroupChangePolicy": "PodFSGroupChangePolicy",
    "PodSecurityContext.supplementalGroupsPolicy": "SupplementalGroupsPolicy",
    "SeccompProfile.type": "SeccompProfileType",
    "AppArmorProfile.type": "AppArmorProfileType",
    "NodeSelectorRequirement.operator": "NodeSelectorOperator",
    "LabelSelectorRequirement.operator": "LabelSelectorOperator",
    "TopologySpreadConstraint.whenUnsatisfiable": "UnsatisfiableConstraintAction",
    "TopologySpreadConstraint.nodeAffinityPolicy": "NodeInclusionPolicy",
    "TopologySpreadConstraint.nodeTaintsPolicy": "NodeInclusionPolicy",
    "ServiceSpec.type": "ServiceType",
    "ServiceSpec.sessionAffinity": "ServiceAffinity",
    "ServiceSpec.externalTrafficPolicy": "ServiceExternalTrafficPolicy",
    "ServiceSpec.internalTrafficPolicy": "ServiceInternalTrafficPolicy",
    "ServiceSpec.ipFamilyPolicy": "IPFamilyPolicy",
    "DeploymentStrategy.type": "DeploymentStrategyType",
    "DaemonSetUpdateStrategy.type": "DaemonSetUpdateStrategyType",
    "StatefulSetUpdateStrategy.type": "StatefulSetUpdateStrategyType",
    "StatefulSetSpec.podManagementPolicy": "PodManagementPolicyType",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": "PersistentVolumeClaimRetentionPolicyType",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": "PersistentVolumeClaimRetentionPolicyType",
    "JobSpec.completionMode": "CompletionMode",
    "JobSpec.podReplacementPolicy": "PodReplacementPolicy",
    "CronJobSpec.concurrencyPolicy": "ConcurrencyPolicy",
    "PodFailurePolicyRule.action": "PodFailurePolicyAction",
    "PodFailurePolicyOnExitCodesRequirement.operator": "PodFailurePolicyOnExitCodesOperator",
    "PodFailurePolicyOnPodConditionsPattern.status": "ConditionStatus",
    "PersistentVolumeClaimSpec.accessModes": "[PersistentVolumeAccessMode",
    "PersistentVolumeClaimSpec.volumeMode": "PersistentVolumeMode",
    "PersistentVolumeSpec.accessModes": "[PersistentVolumeAccessMode",
    "PersistentVolumeSpec.volumeMode": "PersistentVolumeMode",
    "PersistentVolumeSpec.persistentVolumeReclaimPolicy": "PersistentVolumeReclaimPolicy",
    "StorageClass.reclaimPolicy": "PersistentVolumeReclaimPolicy",
    "StorageClass.volumeBindingMode": "VolumeBindingMode",
    "HTTPIngressPath.pathType": "PathType",
    "NetworkPolicySpec.policyTypes": "[PolicyType",
    "NetworkPolicyPort.protocol": "Protocol",
    "v2.MetricSpec.type": "v2.MetricSourceType",
    "v2.MetricTarget.type": "v2.MetricTargetType",
    "v2.HPAScalingRules.selectPolicy": "v2.ScalingPolicySelect",
    "v2.HPAScalingPolicy.type": "v2.HPAScalingPolicyType",
    "PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": "UnhealthyPodEvictionPolicyType",
    "LimitRangeItem.type": "LimitType",
    "ResourceQuotaSpec.scopes": "[ResourceQuotaScope",
    "EndpointSlice.addressType": "AddressType",
    "ValidatingWebhook.failurePolicy": "FailurePolicyType",
    "ValidatingWebhook.matchPolicy": "MatchPolicyType",
    "ValidatingWebhook.sideEffects": "SideEffectClass",
    "MutatingWebhook.failurePolicy": "FailurePolicyType",
    "MutatingWebhook.matchPolicy": "MatchPolicyType",
    "MutatingWebhook.sideEffects": "SideEffectClass",
    "MutatingWebhook.reinvocationPolicy": "ReinvocationPolicyType",
    "RuleWithOperations.operations": "[OperationType",
    "RuleWithOperations.scope": "ScopeType",
    "CustomResourceDefinitionSpec.scope": "ResourceScope",
    "CustomResourceConversion.strategy": "ConversionStrategyType",
    "PriorityClass.preemptionPolicy": "PreemptionPolicy",
    "CertificateSigningRequestSpec.usages": "[KeyUsage",
    "CSIDriverSpec.volumeLifecycleModes": "[VolumeLifecycleMode",
    "CSIDriverSpec.fsGroupPolicy": "FSGroupPolicy",
    "ServiceSpec.ipFamilies": "[IPFamily",
    "Secret.type": "SecretType",
    "Capabilities.add": "[Capability",
    "Capabilities.drop": "[Capability",
}
# Embedded structs, by the type that holds them: the JSON has their fields in it, the errors of Go's decoder name them.
EMBEDDED = """Probe ProbeHandler exec grpc httpGet tcpSocket
Volume VolumeSource -name
PersistentVolumeSpec PersistentVolumeSource -capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName
EphemeralContainer EphemeralContainerCommon -targetContainerName
SecretEnvSource LocalObjectReference name
ConfigMapEnvSource LocalObjectReference name
SecretKeySelector LocalObjectReference name
ConfigMapKeySelector LocalObjectReference name
SecretProjection LocalObjectReference name
ConfigMapProjection LocalObjectReference name
ConfigMapVolumeSource LocalObjectReference name
IngressRule IngressRuleValue http
RuleWithOperations Rule -operations""".splitlines()
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "p",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "a",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "a",
}
ANY = "JSON JSONSchemaPropsOrArray JSONSchemaPropsOrBool JSONSchemaPropsOrStringArray".split()
# The last part of a package that has types of a name that another one has too.
OTHER = {"io.k8s.api.admissionregistration.v1.ServiceReference": "ServiceReference~a",
         "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference": "ServiceReference~g",
         "io.k8s.api.discovery.v1.EndpointPort": "EndpointPort~d",
         "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig": "WebhookClientConfig~x",
         "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference": "ServiceReference~x",
         "io.k8s.api.resource.v1.ResourceClaim": "ResourceClaim~r",
         "io.k8s.api.events.v1.Event": "Event~e",
         "io.k8s.api.events.v1.EventSeries": "EventSeries~e",
         "io.k8s.api.flowcontrol.v1.Subject": "Subject~f"}


def short(name):
    version, name_alone = name.rsplit(".", 2)[1:]
    if name in OTHER:
        return OTHER[name]
    return name_alone if version == "v1" or not version.startswith("v") else f"{version}.{name_alone}"


def shape(prop):
    ref = prop.get("$ref")
    if isinstance(ref, str):
        full = ref.rsplit("/", 1)[1]
        return SPECIAL.get(full) or ("a" if full.rsplit(".", 1)[1] in ANY else short(full))
    kinds = prop.get("type")
    kind = kinds if isinstance(kinds, str) else next(k for k in kinds if k != "null")
    if kind == "array":
        return "[" + shape(prop["items"])
    if kind == "object":
        return "{" + shape(prop["additionalProperties"]) if "additionalProperties" in prop else "a"
    if kind == "string":
        return "y" if prop.get("format") == "byte" else "s"
    return {"integer": "l" if prop.get("format") == "int64" else "i", "boolean": "b", "number": "a"}[kind]


def sentence(text):
    text = " ".join(text.split())
    end = re.search(r"(?<!e\.g)(?<!i\.e)\. (?=[A-Z\"'])", text)
    return (text[: end.start() + 1] if end else text)[:300]


def main(wheel):
    inner = f"kubernetes_validate/kubernetes-json-schema/{VERSION}-local/_definitions.json"
    defs = json.loads(zipfile.ZipFile(wheel).read(inner))["$defs"]
    roots = {}
    all_kinds = set()
    for name, d in defs.items():
        props = d.get("properties", {})
        kind = short(name).split("~")[0]
        for gvk in d.get("x-kubernetes-group-version-kind", []):
            if gvk["kind"] == kind.split(".")[-1] and "metadata" in props and not kind.endswith("List"):
                kind = gvk["kind"]
                version = "/".join(x for x in (gvk["group"], gvk["version"]) if x)
                if STABLE.search(version):
                    all_kinds.add((version, kind))
                    if kind not in PLAIN and not kind.endswith("Review"):
                        roots[(version, kind)] = name

    def reach(todo):
        found = {}
        while todo:
            name = todo.pop()
            if name in found or name in SPECIAL or name.rsplit(".", 1)[1] in ANY:
                continue
            found[name] = defs[name]
            for text in re.findall(r'"#/\$defs/([^"]+)"', json.dumps(defs[name].get("properties", {}))):
                todo.append(text)
        return found

    types = reach(list(roots.values()))
    told = reach([name for (_, kind), name in roots.items() if kind in DESCRIBED and name.startswith(CORE)])
    names = [short(n) for n in types]
    twice = [n for n in types if names.count(short(n)) > 1]
    assert not twice, twice

    lines = [f"# Made by pkg-config/schema/extract.py from the JSON schemas of Kubernetes {VERSION}. Do not edit."]
    for version, kind in sorted(all_kinds):
        root = roots.get((version, kind))
        lines.append(f"K {version} {kind}" + (f" {short(root)}" if root else ""))
    lines += [f"E {name} {words}".rstrip() for name, words in ENUMS.items()]
    lines += [f"N {line}" for line in EMBEDDED]
    described = []
    used = set()
    for name in sorted(types, key=short):
        d, fields = types[name], []
        for field, prop in sorted(d.get("properties", {}).items()):
            key = f"{short(name)}.{field}"
            used.add(key)
            words = ENUM_FIELDS.get(key, "")
            form = words.replace("[", "[%") if words.startswith("[") else "%" + words if words else shape(prop)
            fields.append(("!" if field in d.get("required", []) else "") + f"{field}:{form}")
            if prop.get("description") and name in told:
                described.append(f"{key}\t{sentence(prop['description'])}")
        lines.append(" ".join(["T", short(name)] + fields))
    missing = set(ENUM_FIELDS) - used
    assert not missing, missing
    out = pathlib.Path(__file__).resolve().parents[2] / "src/api/schema"
    (out / "kubernetes.txt").write_text("\n".join(lines) + "\n")
    (out / "descriptions.txt").write_text("\n".join(described) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
