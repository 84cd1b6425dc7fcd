//! Controllers, one file each.
