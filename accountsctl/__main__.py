"""Entry point: ``accountsctl`` and ``python -m accountsctl``."""

from accountsctl.cli import main

if __name__ == "__main__":
    main()
