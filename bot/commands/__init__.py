"""What an operator can ask Bantline to do from a terminal, one module a command."""
