//! The order in which Kubernetes objects are installed.

use govalue::Str;

/// Kinds in the order of their installation (`InstallOrder`).
const INSTALL_ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// A key that sorts kinds by installation: unknown ones last, by name.
pub(super) fn install_key(kind: &Str) -> (usize, Str) {
    match INSTALL_ORDER.iter().position(|k| k.as_bytes() == kind.as_bytes()) {
        Some(rank) => (rank, Str::EMPTY),
        None => (INSTALL_ORDER.len(), kind.clone()),
    }
}
