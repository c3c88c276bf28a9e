"""What people and other programs meet: pages, JSON answers, the command line, the worker. Knows everybody."""
