"""Curves over time: columns and ticks, where they lie, how they are painted, and what a hand does on them."""
