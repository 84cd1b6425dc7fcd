//! kubectl: command line, verbs, printers.
