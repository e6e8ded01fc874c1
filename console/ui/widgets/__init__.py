"""Pieces of the screen that know values and tokens, never the store."""
