"""`python -m remotehandsd`."""

from remotehandsd.cli import main

if __name__ == "__main__":
    main()
