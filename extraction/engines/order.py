"""The engines there are, in the order in which ``auto`` asks them."""

from __future__ import annotations

from typing import Final

from extraction.engines.base import Engine, ModelEngine
from extraction.engines.cache import Cache
from extraction.engines.embedded import Embedded
from extraction.engines.gemini.engine import GEMINI, VERTEX
from extraction.engines.local.engine import Local

IN_ORDER: Final[tuple[Engine | ModelEngine, ...]] = (Cache(), Embedded(), Local(), GEMINI, VERTEX)
NAMES: Final = tuple(engine.name for engine in IN_ORDER)
MODEL_ENGINES: Final = {engine.name: engine for engine in IN_ORDER if isinstance(engine, ModelEngine)}
