"""The contract of the API: the names that frontends rely on, and the operations of each screen of the manual."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
SCREENS: Final = FOLDER / "screens"
"""A file of operations for each screen."""
