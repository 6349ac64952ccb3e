"""Ways to reach a person outside the pages; each a folder of its own."""
