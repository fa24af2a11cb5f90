"""Entry point: ``accountsctl`` and ``python -m accountsctl``.

Nothing is imported before `main` runs, so that Ctrl-C during the start has no traceback either.
"""


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from accountsctl.cli import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
