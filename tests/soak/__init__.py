"""Days of a whole program in fast motion: does it stay flat, and does the screen never stand still."""
