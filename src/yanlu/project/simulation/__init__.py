"""A district made up by the year, to try rules on and to measure with: ``yanlu simulate_year``."""
