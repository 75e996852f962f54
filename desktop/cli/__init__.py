"""The client on the command line: everything that a screen does for bulk or unattended work.

Results go to standard output (``--json``: one JSON document), trouble to standard error as one sentence. Exit status: 0
done, 1 refused or failed, 2 wrong usage.
"""
