"""What the API promises: the names that frontends are written to, and an operation for each screen of the manual."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
SCREENS: Final = FOLDER / "screens"
"""A file of operations for each screen."""
