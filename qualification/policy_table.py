"""A table of the policy text: only the names it knows, and nothing changes once it is read."""

from pydantic import BaseModel, ConfigDict


class PolicyTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
