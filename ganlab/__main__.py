"""`python -m ganlab`, the same as the console command."""

from ganlab.command.cli import main

main()
