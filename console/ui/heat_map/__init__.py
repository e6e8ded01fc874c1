"""Machines as cells: the scale of their tones, tiles and picture, how they lie, and pointer and keys on them."""
