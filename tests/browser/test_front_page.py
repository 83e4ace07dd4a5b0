"""The front page in a browser."""

import pytest

from windows import LOOKS, Window


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_anybody_can_use_it(window: Window) -> None:
    await window.open("/")
    await window.is_usable()
