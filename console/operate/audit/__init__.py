"""The watch over the audit chain: verified at the start, its head anchored in a second place."""
