"""Named limits on requests and acts, the same for pages and API: the only place that counts."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.core.cache.backends.redis import RedisCache
from django_ratelimit import ALL
from django_ratelimit.core import EXPIRATION_FUDGE, _get_window, _make_cache_key, get_usage

from accounts.errors import RateLimited

logger = logging.getLogger(__name__)

FAMILIAR_FOR = 90 * 86400  # seconds since the last login
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# What count_request() says, as one step of Redis: for each of the two limits its key, how many, and seconds to keep it.
COUNT_BOTH = """
local function count(key, seconds)
  local seen = redis.call('INCR', key)
  if seen == 1 then redis.call('EXPIRE', key, seconds) end
  return seen
end
local burst = count(KEYS[1], ARGV[2])
if burst > tonumber(ARGV[1]) then return {burst, tonumber(redis.call('GET', KEYS[2]) or 0)} end
return {burst, count(KEYS[2], ARGV[3])}
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used. ``reset_epoch`` is when the count begins anew, in seconds since 1970."""

    limit: int
    remaining: int
    reset_epoch: int
    exceeded: bool

    @property
    def retry_after(self) -> int:
        """Seconds until the count begins anew, at least one."""
        return max(1, self.reset_epoch - int(time.time()))


def parse_rate(rate: str) -> tuple[int, int]:
    """Return how many are allowed in how many seconds, from a rate such as ``100/m`` or ``5/10m``."""
    count, _, period = rate.partition("/")
    return int(count), int(period[:-1] or 1) * UNITS[period[-1]]


def hit(name: str, key: str) -> Usage:
    """Count one more under a limit; ``exceeded`` says that it was one too many."""
    return _usage(name, key, count_one=True)


def peek(name: str, key: str) -> Usage:
    """Look without counting; ``exceeded`` says that another hit would be too many."""
    return _usage(name, key, count_one=False)


def enforce(name: str, key: str) -> Usage:
    """Count one more under a limit. Raises ``RateLimited`` with the seconds to wait."""
    usage = hit(name, key)
    refuse(usage)
    return usage


def refuse(usage: Usage) -> None:
    """Raise ``RateLimited`` where the limit is exceeded."""
    if usage.exceeded:
        raise RateLimited(retry_after=usage.retry_after)


def _usage(name: str, key: str, *, count_one: bool) -> Usage:
    limit, period = parse_rate(settings.RATE_LIMITS[name])
    now = int(time.time())
    try:
        seen = get_usage(None, group=name, key=lambda _group, _request: key, rate=(limit, period), increment=count_one)
    except Exception:
        # A cache that is down must not take the application down; /health tells.
        logger.warning("limits: the cache does not answer", exc_info=True, extra={"limit": name})
        seen = None
    if seen is None or not seen["limit"]:
        return Usage(limit, limit, now + period, exceeded=False)
    return Usage(
        limit=limit,
        remaining=max(0, limit - seen["count"]),
        # A window's last second still belongs to it; it may have passed while we counted.
        reset_epoch=now + max(0, seen["time_left"]) + 1,
        exceeded=seen["count"] > limit if count_one else seen["count"] >= limit,
    )


def address_key(ip: str | None) -> str:
    """Return the name under which an address is counted: of IPv6 the /64 that one household has."""
    try:
        network = ip_network(f"{ip}/64" if ":" in (ip or "") else f"{ip}/32", strict=False)
    except ValueError:
        return "address:unknown"
    return f"address:{network.network_address}"


def count_request(key: str) -> Usage:
    """Count a request to the API and return the nearer of its two limits.

    What the burst limit refuses does not use up the minute's.
    """
    if isinstance(caches[DEFAULT_CACHE_ALIAS], RedisCache):
        burst, minute = _count_on_redis(key)
    else:
        burst = hit("api_burst", key)
        minute = peek("api", key) if burst.exceeded else hit("api", key)
    if burst.exceeded:
        return burst
    return min(minute, burst, key=lambda usage: (not usage.exceeded, usage.remaining, -usage.reset_epoch))


def _count_on_redis(key: str) -> tuple[Usage, Usage]:
    """Count a request under both limits in one round trip, in the windows and under the names of ``hit``."""
    limits = {name: parse_rate(settings.RATE_LIMITS[name]) for name in ("api_burst", "api")}
    windows = {name: _get_window(key, period) for name, (_limit, period) in limits.items()}
    keys = [cache.make_key(_make_cache_key(name, windows[name], limits[name], key, ALL)) for name in limits]
    (most, second), (_, minute) = limits.values()
    try:
        backend: Any = caches[DEFAULT_CACHE_ALIAS]
        script = backend._cache.get_client(write=True).register_script(COUNT_BOTH)
        counts = script(keys, [most, second + EXPIRATION_FUDGE, minute + EXPIRATION_FUDGE])
    except Exception:
        logger.warning("limits: the cache does not answer", exc_info=True, extra={"limit": "api"})
        counts = [0, 0]
    burst, whole = (
        Usage(limit, max(0, limit - count), windows[name] + 1, exceeded=count > limit)
        for (name, (limit, _period)), count in zip(limits.items(), counts, strict=True)
    )
    return burst, whole


def login_keys(login: str, ip: str | None) -> tuple[str, str]:
    """Return the two names under which failed logins are counted: the account's and the address's.

    From an address where the account's owner was let in before, the account is counted apart: strangers who fail
    elsewhere, again and again, do not keep the owner out.
    """
    account, address = f"account:{login.strip().casefold()}", address_key(ip)
    return f"{account} {address}" if is_familiar(account, address) else account, address


def is_familiar(account: str, address: str) -> bool:
    """Return whether the account's owner was let in from the address before."""
    try:
        return bool(cache.get(familiar(account, address)))
    except Exception:
        logger.warning("limits: the cache does not answer", exc_info=True)
        return False


def familiar(account: str, address: str) -> str:
    """Return the cache's name for an account at an address."""
    return "familiar:" + hashlib.sha256(f"{account}\n{address}".encode()).hexdigest()


def note_login(logins: Iterable[str], ip: str | None) -> None:
    """Remember that an account's owner, by each of its names, was let in from an address."""
    try:
        for login in logins:
            cache.set(familiar(f"account:{login.strip().casefold()}", address_key(ip)), 1, timeout=FAMILIAR_FOR)
    except Exception:
        logger.warning("limits: the cache does not answer", exc_info=True)


def check_login(login: str, ip: str | None) -> None:
    """Refuse a login where the account or the address failed too often. Raises ``RateLimited``."""
    for key in login_keys(login, ip):
        refuse(peek("login", key))


def note_failed_login(login: str, ip: str | None) -> None:
    """Count a failed login. Raises ``RateLimited`` where it was one too many.

    What the account's limit refuses does not use up the address's: several at once are then counted exactly.
    """
    for key in login_keys(login, ip):
        enforce("login", key)
