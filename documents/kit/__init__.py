"""What every paper is made of: fonts, the file, sheets, flow over pages, tables, codes."""
