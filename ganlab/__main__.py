"""`python -m ganlab`, the same as the console command."""

from ganlab.cli import main

main()
