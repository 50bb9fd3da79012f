"""`python -m matchcut` is the command line."""

from __future__ import annotations

from matchcut.cli import main

if __name__ == "__main__":
    main()
