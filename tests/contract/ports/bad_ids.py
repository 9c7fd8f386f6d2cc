"""Ids that no store may take: as parts of a key they would reach another tenant's or another contact's items."""

from __future__ import annotations

import pytest

BAD_IDS = [("bank#c1", "x"), ("", "x"), ("bank", ""), ("bank", "a#b")]
for_each_bad_id = pytest.mark.parametrize(("tenant", "contact_id"), BAD_IDS)
