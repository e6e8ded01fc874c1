"""Performance as ratios: every figure beside a baseline that was measured in the same run.

A benchmark is a module `pNN_what.py` in this folder with `ID`, `TITLE`, `TARGET` (the greatest ratio that is OK),
`UNIT` and `measure()`, which returns one `Measurement`, or several where one target has more than one side.
Nothing here runs under pytest; `python3 -m tests.bench P7 P8 --json FILE` does.
"""
