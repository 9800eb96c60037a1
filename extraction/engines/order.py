"""The engines there are, in the order in which ``auto`` asks them."""

from __future__ import annotations

from typing import Final

from extraction.engines.base import Engine
from extraction.engines.cache import Cache
from extraction.engines.embedded import Embedded

IN_ORDER: Final[tuple[Engine, ...]] = (Cache(), Embedded())
NAMES: Final = tuple(engine.name for engine in IN_ORDER)
