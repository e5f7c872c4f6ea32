"""`python -m api` is `palermo`."""

from api.cli import main

main()
