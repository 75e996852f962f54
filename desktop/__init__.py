"""The program as a citizen of the operating system: start-up, command line, folders, keyring, logs, tray, printing."""
