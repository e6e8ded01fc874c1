"""What the screen knows of alarms: as they stand, as rows, as words, as sound."""
