"""What is measured, and against what: see ``bench/README.md``."""
