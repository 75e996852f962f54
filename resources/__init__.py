"""Data files of the program: fonts, icons, calendars. Plain files beside this module, found without a search."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
