"""Tiles: where each file lies, how wide it is, and entries in bundles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.tiles import (
    ENTRIES,
    WIDTH,
    BadBundle,
    Tile,
    layout,
    pack_entries,
    read_path,
    tile_path,
    unpack_entries,
)

levels = st.one_of(st.just(ENTRIES), st.integers(0, 63))


def test_paths_are_the_published_ones() -> None:
    """The paths of the specification's own examples."""
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert tile_path(ENTRIES, 273, 112) == "tile/entries/273.p/112"
    assert tile_path(0, 1000) == "tile/0/x001/000"


@given(levels, st.integers(0, 2**55), st.integers(1, WIDTH))
def test_a_path_leads_back_to_its_tile(level: int | str, place: int, width: int) -> None:
    """Every tile has one path, and the path names the tile."""
    assert read_path(tile_path(level, place, width)) == Tile(level, place, width)


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p",
        "tile/0/000/",
        "tile/entry/000",
        "tile/-1/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "/tile/0/000",
    ],
)
def test_what_is_no_path_of_a_tile(path: str) -> None:
    """A number in another form, a width that no tile has, or another place is no tile's path."""
    assert read_path(path) is None


def test_the_layout_of_the_published_example() -> None:
    """70,000 entries: 273 full tiles and one of 112 at level 0, a full one and one of 17 above, and one of 1 on top."""
    tiles = list(layout(70_000))
    assert [t.path for t in tiles if t.level == 1] == ["tile/1/000", "tile/1/001.p/17"]
    assert [t.path for t in tiles if t.level == 2] == ["tile/2/000.p/1"]
    for level in (0, ENTRIES):
        of_level = [t for t in tiles if t.level == level]
        assert [t.width for t in of_level] == [256] * 273 + [112]
    assert {t.level for t in tiles} == {0, 1, 2, ENTRIES}


@pytest.mark.parametrize(("size", "paths"), [(0, set()), (1, {"0/000.p/1"}), (256, {"0/000", "1/000.p/1"})])
def test_the_layout_of_small_ledgers(size: int, paths: set[str]) -> None:
    """An empty ledger has no tile; one of 256 entries has a full tile, and its root in a partial one above."""
    assert {t.path for t in layout(size) if t.level != ENTRIES} == {f"tile/{path}" for path in paths}


@given(st.integers(0, 2**20))
def test_the_first_entry_below_a_tile(size: int) -> None:
    """The tiles of a level cover the entries one after the other, from the first."""
    due: dict[int | str, int] = {}
    for tile in layout(size):
        assert tile.first == due.get(tile.level, 0)
        due[tile.level] = tile.first_of(tile.width)


@given(st.lists(st.binary(max_size=20), max_size=WIDTH))
def test_entries_come_out_as_they_went_in(entries: list[bytes]) -> None:
    """A bundle gives back its entries, empty ones included."""
    assert unpack_entries(pack_entries(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=9), st.data())
def test_a_bundle_that_is_cut_short_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    """A bundle that ends inside an entry says so, and gives those before it.

    Seen to fail when the end was not looked at: the last entry was given short.
    """
    whole = pack_entries(entries)
    cut = data.draw(st.integers(len(pack_entries(entries[:-1])) + 1, len(whole) - 1))
    with pytest.raises(BadBundle) as caught:
        unpack_entries(whole[:cut])
    assert caught.value.entries == entries[:-1]


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    """An entry of 65,536 bytes has no place in a bundle, one of 65,535 has."""
    assert unpack_entries(pack_entries([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(ValueError, match="65,536"):
        pack_entries([bytes(65_536)])
