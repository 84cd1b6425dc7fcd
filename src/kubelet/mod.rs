//! The kubelet; one file per Kubernetes file.
