"""The models of accounts."""

from accounts.models.api_key import ApiKey
from accounts.models.business import Business
from accounts.models.delivery import Delivery
from accounts.models.idempotency import IdempotencyKey
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.plan import Plan
from accounts.models.quota import QuotaCounter
from accounts.models.token_family import TokenFamily
from accounts.models.user import User
from accounts.queue import Heartbeat

__all__ = [
    "ApiKey",
    "Business",
    "Delivery",
    "Heartbeat",
    "IdempotencyKey",
    "Invitation",
    "Membership",
    "Plan",
    "QuotaCounter",
    "TokenFamily",
    "User",
]
