import pytest

from qualification.bant import Company
from tests.business import BUDGET, NEED, SATO, Business


@pytest.fixture
def two(firm: Business) -> tuple[str, str]:
    """Sato wrote twice: once with his need, once with his budget."""
    return firm.qualified_lead(NEED, SATO), firm.has_lead(SATO, BUDGET, Company(name="Asahi"))
