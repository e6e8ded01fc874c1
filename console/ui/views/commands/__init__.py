"""What is commanded now and was before, each command's page, the audit chain, and the button that begins one."""
