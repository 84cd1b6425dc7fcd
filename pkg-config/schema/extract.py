#!/usr/bin/env python3
"""Makes src/api/schema/kubernetes.txt and descriptions.txt again.

Source: the PyPI package kubernetes-validate (Apache-2.0), which carries the published JSON schemas.

    pip download kubernetes-validate==1.37.0 --no-deps
    python3 pkg-config/schema/extract.py kubernetes_validate-1.37.0-py3-none-any.whl

Lines of kubernetes.txt:
    K <apiVersion> <kind> [<type>]       a kind; with its type when its fields are checked
    E <name> <word>...                   the words a field may hold
    T <type> <field>:<shape>...          a type; required fields begin with !
Shapes: s text, i int32, l int64, b bool, q quantity, p number or text, t time, y base64, a anything,
%Name one of the words of an E line, [x list of x, {x mapping of text to x, Name an object of that type.

Lines of descriptions.txt: <type>.<field> TAB <first sentence>
"""
import json
import pathlib
import re
import sys
import zipfile

VERSION = "v1.36.0"
KINDS = """Pod PodTemplate Service ConfigMap Secret Namespace Node ReplicationController ServiceAccount
PersistentVolumeClaim ControllerRevision Deployment ReplicaSet StatefulSet DaemonSet Job CronJob
PodDisruptionBudget""".split()
CORE = ("io.k8s.api.core.v1.", "io.k8s.api.apps.v1.", "io.k8s.api.batch.v1.", "io.k8s.api.policy.v1.")

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
}
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "p",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "a",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "a",
}


def short(name):
    return name.rsplit(".", 1)[1]


def shape(prop):
    ref = prop.get("$ref")
    if isinstance(ref, str):
        full = ref.rsplit("/", 1)[1]
        return SPECIAL.get(full) or short(full)
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
        kind = short(name)
        for gvk in d.get("x-kubernetes-group-version-kind", []):
            if gvk["kind"] == kind and "metadata" in props and not kind.endswith("List"):
                version = "/".join(x for x in (gvk["group"], gvk["version"]) if x)
                all_kinds.add((version, kind))
                if kind in KINDS and name.startswith(CORE):
                    roots[(version, kind)] = name
    todo, types = list(roots.values()), {}
    while todo:
        name = todo.pop()
        if name in types or name in SPECIAL:
            continue
        types[name] = defs[name]
        for text in re.findall(r'"#/\$defs/([^"]+)"', json.dumps(defs[name].get("properties", {}))):
            todo.append(text)
    names = [short(n) for n in types]
    assert len(names) == len(set(names)), "two types with the same short name"

    lines = [f"# Made by pkg-config/schema/extract.py from the JSON schemas of Kubernetes {VERSION}. Do not edit."]
    for version, kind in sorted(all_kinds):
        root = roots.get((version, kind))
        lines.append(f"K {version} {kind}" + (f" {short(root)}" if root else ""))
    lines += [f"E {name} {words}" for name, words in ENUMS.items()]
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
            if prop.get("description"):
                described.append(f"{key}\t{sentence(prop['description'])}")
        lines.append(" ".join(["T", short(name)] + fields))
    missing = set(ENUM_FIELDS) - used
    assert not missing, missing
    out = pathlib.Path(__file__).resolve().parents[2] / "src/api/schema"
    (out / "kubernetes.txt").write_text("\n".join(lines) + "\n")
    (out / "descriptions.txt").write_text("\n".join(described) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
