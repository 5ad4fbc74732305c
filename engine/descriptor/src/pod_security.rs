//! What Kubernetes' Pod Security Standards allow
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>).

/// Capabilities that containers may add at the level `baseline`.
pub const BASELINE_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
