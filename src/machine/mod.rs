//! The contract every moving part keeps.
