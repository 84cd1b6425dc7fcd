//! The cluster, the engine that plays it, scenarios and checkpoints.
