"""Why the program itself made an entry of an account, in the words of whoever reads it; people's words stay as written.

An entry keeps a code as its reason. What was booked before there were codes has English words, which are known too.
"""

from __future__ import annotations

from typing import Final

from translations import N_, _

LATE_READING: Final = "late-reading"
METER_REPLACED: Final = "meter-replaced"
CORRECTED_REGISTRY: Final = "corrected-registry"

WORDS: Final = {
    LATE_READING: N_("A reading came late or was corrected"),
    METER_REPLACED: N_("The meter was replaced"),
    CORRECTED_REGISTRY: N_("The provider's registry was corrected"),
}
"""What each code says, as source texts."""

_BEFORE: Final = {
    "late reading": LATE_READING,
    "late or corrected reading": LATE_READING,
    "meter replaced": METER_REPLACED,
    "corrected registry": CORRECTED_REGISTRY,
}


def entry_reason(reason: str) -> str:
    """Return why an entry was made, in the language in force; "" for no reason."""
    code = _BEFORE.get(reason, reason)
    return _(WORDS[code]) if code in WORDS else reason
