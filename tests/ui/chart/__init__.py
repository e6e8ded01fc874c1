"""Tests of plots and tiles: arithmetic without Qt first, then what is on the screen, by its pixels."""
