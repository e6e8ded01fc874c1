"""The page of one machine: who it is, its values and parts, its past, and its notes."""
