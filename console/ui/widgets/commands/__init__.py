"""Everything painted of commands: what they would do, to which machines, and how far they are."""
