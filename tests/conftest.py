"""Fixtures that many tests share."""

from pathlib import Path

import pytest

from tests.making.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory):
    """The small demo after its first night; never changed by a test."""
    from tests.making.nights import build

    return build(tmp_path_factory.mktemp("nights"))


@pytest.fixture
def nights(first_night, tmp_path: Path):
    """A copy of the small demo after its first night."""
    from tests.making.nights import copied

    return copied(first_night, tmp_path / "copy")
