"""The command executor: select, agree, send, read back, take back; nothing leaves before its journal row."""
