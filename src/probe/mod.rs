//! What one probe check means.
