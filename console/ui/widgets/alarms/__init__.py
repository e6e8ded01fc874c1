"""Everything painted of alarms: the banner, the lists, their symbols, curves and guidance."""
