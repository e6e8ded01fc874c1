"""The desktop as a process that runs for weeks: Qt, its children, its memory, its log, and who watches over it."""
