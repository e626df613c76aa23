"""``python -m netspec``."""

from netspec.cli.main import main

main(prog_name="netspec")
