//! The container runtime below the kubelet.
