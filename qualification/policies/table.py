"""A table of the policy text: only the names it knows, and nothing changes once it is read."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

A_YEAR = 525_600  # minutes
A_CENTURY = 36_500  # days
Minutes = Annotated[int, Field(ge=1, le=A_YEAR)]
Days = Annotated[int, Field(ge=1, le=A_CENTURY)]
Months = Annotated[int, Field(ge=1, le=1_200)]


class PolicyTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that works everything out anew: what this one has laid out from its values is not true of others."""
        copied = super().model_copy(update=update, deep=deep)
        for laid_out in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[laid_out]
        return copied
