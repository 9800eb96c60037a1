"""Types and descriptions for the API of accounts; what is right or wrong, the services decide."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import Language, Permission, Role
from accounts.schema import ADDRESS_LENGTHS, LONGEST_PASSWORD


def part_of_address(name: str, length: int) -> dict[str, Any]:
    """Return the schema of one part of an address; a building number or a postal code may come as a number."""
    types = ["string", "null"] if name == "country" else ["string", "integer", "null"]
    return {"type": types, "maxLength": length}


ADDRESS_OBJECT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: part_of_address(name, length) for name, length in ADDRESS_LENGTHS.items()},
}
ADDRESS_SCHEMA = {"oneOf": [{"type": "string"}, ADDRESS_OBJECT]}


class TextField(serializers.CharField):
    """A text: unlike REST framework's, no number passes for one."""

    def to_internal_value(self, data: Any) -> str:
        """Return a text. Raises ``ValidationError``."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(ADDRESS_SCHEMA)
class AddressField(serializers.Field[Any, Any, Any, Any]):
    """An address: a text, or an object of its parts. The service reads it."""

    def to_internal_value(self, data: Any) -> Any:
        """Pass on what was sent."""
        return data

    def to_representation(self, value: Any) -> Any:
        """Pass on what is kept."""
        return value


class MemberOfSerializer(serializers.Serializer[Any]):
    """A business that a user belongs to."""

    id = TextField()
    name = TextField()
    role = serializers.ChoiceField(choices=Role.choices)
    is_default = serializers.BooleanField(help_text="Meant where a request names no business.")


class UserSerializer(serializers.Serializer[Any]):
    """A user; the contact is the default business's."""

    id = TextField(read_only=True)
    email = TextField(help_text="A new address is unverified until its link is opened.")
    username = TextField()
    full_name = TextField(allow_blank=True)
    company_name = TextField(allow_blank=True, help_text="The name of the default business.")
    phone = TextField(allow_blank=True, help_text="E.164, such as `+212522000000`.")
    address = AddressField(help_text="A text or an object; comes back as it was given.")
    language = serializers.ChoiceField(choices=Language.choices)
    payment_link = TextField(allow_blank=True)
    is_active = serializers.BooleanField(read_only=True)
    is_verified = serializers.BooleanField(read_only=True)
    businesses = MemberOfSerializer(many=True, read_only=True)


class RegisterSerializer(serializers.Serializer[Any]):
    """What a new user gives."""

    email = TextField(allow_blank=True)
    username = TextField(allow_blank=True, help_text="Made of the email where it is empty.")
    password = TextField(allow_blank=True, trim_whitespace=False)
    full_name = TextField(allow_blank=True)
    company_name = TextField(required=False, allow_blank=True)
    phone = TextField(required=False, allow_blank=True)
    address = AddressField(required=False)


class LoginSerializer(serializers.Serializer[Any]):
    """What somebody signs in with."""

    username = TextField(max_length=320, help_text="The user name, or the email.")
    password = TextField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    otp = TextField(max_length=64, required=False, allow_blank=True, help_text="A one-time code, or a recovery code.")
    grant_type = TextField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="As clients of OAuth 2 send it: `password`; not read.",
    )


class TokensSerializer(serializers.Serializer[Any]):
    """A pair of tokens."""

    access_token = TextField()
    refresh_token = TextField(help_text="Good once: each refresh gives the next one.")
    token_type = TextField(default="bearer")
    expires_in = serializers.IntegerField(help_text="The access token's life in seconds.")


class RefreshSerializer(serializers.Serializer[Any]):
    """The refresh token to use up."""

    refresh_token = TextField(max_length=4096)


class KeyTextSerializer(serializers.Serializer[Any]):
    """The text of an API key."""

    api_key = TextField(max_length=500)


class BusinessNameSerializer(serializers.Serializer[Any]):
    """A business by its name."""

    id = TextField()
    name = TextField()


class ValidKeySerializer(serializers.Serializer[Any]):
    """What an API key opens."""

    id = TextField()
    name = TextField()
    business = BusinessNameSerializer()
    scopes = serializers.ListField(child=TextField())
    expires_at = serializers.DateTimeField(allow_null=True)


class ApiKeySerializer(serializers.Serializer[Any]):
    """An API key, without its secret."""

    id = TextField(read_only=True)
    business_id = TextField(read_only=True)
    name = TextField(allow_blank=True)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[Permission.READ.value, Permission.WRITE.value]),
        required=False,
        help_text="Both where it is left out; `write` includes `read`.",
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Never where it is left out.")
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="To the minute.")
    created_by = TextField(
        read_only=True,
        allow_null=True,
        help_text="The user who made it. When they leave the business, or may do less in it than the key, it ends.",
    )
    created_at = serializers.DateTimeField(read_only=True)


class NewApiKeySerializer(ApiKeySerializer):
    """A key just made: the only answer that shows its text."""

    api_key = TextField(read_only=True, help_text="`pk_…:sk_…`, shown only here.")


class NewKeyInputSerializer(ApiKeySerializer):
    """What a new key is made of."""

    business_id = TextField(required=False, help_text="The caller's default business where it is left out.")


class MessageSerializer(serializers.Serializer[Any]):
    """A sentence that says what happened."""

    message = TextField()


class VerifyEmailSerializer(serializers.Serializer[Any]):
    """What the verification mail's link ends in."""

    key = TextField(required=False, max_length=500, help_text="Left out by a signed-in user, a new mail is sent.")


class PasswordResetSerializer(serializers.Serializer[Any]):
    """Whose password was forgotten."""

    email = TextField()


class PasswordConfirmSerializer(serializers.Serializer[Any]):
    """A new password, and the proof that the mail was received."""

    key = TextField(max_length=500, help_text="What the mail's link ends in.")
    password = TextField(trim_whitespace=False)


class PasswordChangeSerializer(serializers.Serializer[Any]):
    """A new password, and the one it replaces."""

    current_password = TextField(trim_whitespace=False)
    new_password = TextField(trim_whitespace=False)
