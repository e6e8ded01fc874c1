"""The SQLite store behind two faces, telemetry and operations: the only data path to the screen."""
