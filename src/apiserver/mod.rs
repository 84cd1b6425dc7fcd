//! The API server: store, watch, admission, graceful deletion, event recorder.
