//! What no Kubernetes code decides: images, programs, shell, files, processes, network.
