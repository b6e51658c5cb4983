"""A zone does the same on a folder and on a real S3 server (SeaweedFS)."""

import time
from contextlib import suppress

import fsspec
import pytest

from assets.ground.zones import Zone

pytest_plugins = ("tests.making.s3",)


def test_an_empty_zone_holds_nothing_and_says_so(zone: Zone):
    assert (zone.names(), zone.names("a"), zone.files("a"), zone.exists("a")) == ([], [], [], False)
    with pytest.raises(FileNotFoundError):
        zone.read("a")
    zone.remove("a")


def test_what_is_written_is_read_listed_and_removed(zone: Zone):
    for path, content in {"a/b.txt": b"een", "a/c/d.txt": b"twee", "ab/d.txt": b"drie", "a/.h": b"verborgen"}.items():
        zone.write(path, content)
    assert (zone.names(), zone.names("a")) == (["a", "ab"], ["b.txt", "c"])
    assert [(file.path, file.name, file.size) for file in zone.files("a")] == [
        ("a/b.txt", "b.txt", 3),
        ("a/c/d.txt", "d.txt", 4),
    ]
    assert zone.read("a/c/d.txt") == b"twee"
    assert [zone.exists(path) for path in ("a", "a/b.txt", "a/x.txt", "x")] == [True, True, False, False]
    zone.remove("a")
    # Not of the folder itself: SeaweedFS keeps an empty one for a while.
    left = [zone.exists(path) for path in ("a/b.txt", "a/.h", "a/c/d.txt", "ab/d.txt")]
    assert (zone.files("a"), left) == ([], [False, False, False, True])
    zone.remove("ab/d.txt")
    assert zone.files("") == []


@pytest.mark.parametrize("odd", ["*", "a?", "[ab]", "{a,b}", "a**"])
def test_a_name_with_marks_of_a_pattern_takes_no_neighbour_along(zone: Zone, odd: str):
    kept = ["ab/c.txt", "a/c.txt", "b/c.txt", "abc.txt"]
    for path in [f"{odd}/c.txt", f"{odd}/d/e.txt", *kept]:
        zone.write(path, b"x")
    zone.remove(f"{odd}/d/e.txt")
    assert zone.exists(f"{odd}/c.txt")
    zone.remove(odd)
    assert sorted(file.path for file in zone.files("")) == sorted(kept)


def test_a_file_has_the_time_at_which_it_was_written_and_a_mark_that_changes(zone: Zone):
    start = time.time()
    zone.write("a.txt", b"een")
    first = zone.files("")[0]
    # S3 tells whole seconds.
    assert start - 2 < first.modified < time.time() + 2
    zone.write("a.txt", b"ander")
    assert zone.files("")[0].mark != first.mark


def test_while_a_file_is_written_readers_see_the_old_one(zone: Zone):
    zone.write("a/b.txt", b"oud")
    with zone.writing("a/b.txt") as file:
        file.write_bytes(b"nieuw")
        assert (zone.read("a/b.txt"), zone.names("a"), len(zone.files("a"))) == (b"oud", ["b.txt"], 1)
    assert zone.read("a/b.txt") == b"nieuw"


@pytest.mark.parametrize("before", [None, b"oud"])
def test_nothing_changes_in_the_zone_when_writing_fails(zone: Zone, before: bytes | None):
    if before:
        zone.write("a/b.txt", before)

    def fail() -> None:
        with zone.writing("a/b.txt") as file:
            file.write_bytes(b"half")
            raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError, match="halverwege"):
        fail()
    assert zone.exists("a/b.txt") == bool(before)
    assert not before or zone.read("a/b.txt") == before
    assert [found.name for found in zone.files("")] == (["b.txt"] if before else [])


def test_a_file_can_be_read_as_a_local_path(zone: Zone):
    zone.write("a/b.csv", b"x")
    with zone.local("a/b.csv") as path:
        assert (path.name, path.read_bytes()) == ("b.csv", b"x")


def test_what_another_process_writes_is_seen_at_once(zone: Zone):
    zone.write("a/b.txt", b"x")
    zone.names("a")
    other = fsspec.filesystem(zone.fs.protocol[0], skip_instance_cache=True)
    zone.fs.ls(f"{zone.root}/a")
    other.pipe_file(f"{zone.root}/a/c.txt", b"y")
    assert zone.exists("a/c.txt")
    zone.fs.ls(f"{zone.root}/a")
    other.rm(f"{zone.root}/a/c.txt")
    assert not zone.exists("a/c.txt")


def test_an_object_that_stands_for_a_folder_is_no_file(s3: Zone):
    s3.write("a/b.txt", b"x")
    s3.fs.touch(f"{s3.root}/a/")
    s3.fs.touch(f"{s3.root}/leeg/")
    assert [file.path for file in s3.files("")] == ["a/b.txt"]
    assert s3.files("leeg") == []
    assert s3.names("a") == ["b.txt"]


def test_a_conditional_put_gives_way_to_another_writer(s3: Zone):
    assert s3.mark("a") is None
    assert s3.put_if("a", b"een", None)
    assert not s3.put_if("a", b"twee", None)
    mark = s3.mark("a")
    s3.write("a", b"van een ander")
    assert not s3.put_if("a", b"drie", mark)
    assert s3.put_if("a", b"vier", s3.mark("a"))
    assert s3.read("a") == b"vier"


def test_a_folder_is_written_whole_or_not_at_all(s3_url: str):
    zone = Zone(s3_url)
    # Half of it written, then something fails.
    with suppress(RuntimeError), zone.writing_folder("a/b") as folder:
        (folder / "een.csv").write_text("1")
        raise RuntimeError
    with zone.writing_folder("a/leeg"):
        pass
    assert zone.files("a") == []
    with zone.writing_folder("a/b") as folder:
        (folder / "een.csv").write_text("1")
        (folder / "twee.csv").write_text("2")
    assert [file.path for file in zone.files("a")] == ["a/b/een.csv", "a/b/twee.csv"]
