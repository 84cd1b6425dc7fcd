//! The boundary to the page: one class, no logic.
