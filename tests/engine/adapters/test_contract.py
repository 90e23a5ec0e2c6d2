"""What every engine keeps, the fake one too: the same tests over all of them."""

import io
import tarfile
import time
import uuid
from pathlib import Path

import anyio
import pytest

from dockwright.engine.faults import Failed, Kind
from dockwright.engine.protocol import BuildRequest, BuildResult, Vertex
from tests.engine.adapters.conftest import Subject


def dockerfile(subject: Subject, *lines: str) -> bytes:
    """A Dockerfile on the subject's base; its first own step is new to every cache."""
    return "\n".join([f"FROM {subject.base}", f"COPY salt /{subject.tag[-19:-7]}", *lines, ""]).encode()


@pytest.fixture
def context(tmp_path: Path, subject: Subject) -> str:
    (tmp_path / "salt").write_text(subject.tag)
    return str(tmp_path)


def build(subject: Subject, request: BuildRequest, watch=None) -> BuildResult:
    async def main() -> BuildResult:
        return await subject.engine.build(request, watch)

    return anyio.run(main)


def own_steps(result: BuildResult) -> list[Vertex]:
    """The vertices of our instructions: not FROM, not what the builder does for itself."""
    return [one for one in result.vertices if " COPY " in one.name or " RUN " in one.name]


def by_word(result: BuildResult, word: str) -> Vertex:
    return next(one for one in own_steps(result) if word in one.name)


def test_versions_and_machine(subject: Subject, on) -> None:
    async def main() -> None:
        versions = await subject.engine.versions()
        assert versions.engine[0].isdigit()
        assert versions.builder[0].isdigit()
        info = await subject.engine.info()
        assert info.os == "linux"
        assert info.cpus >= 1
        assert info.memory > 1 << 28
        assert info.machine_class.startswith(f"linux/{info.architecture}, {info.cpus} cpu")

    on(main)


def test_a_step_runs_once_and_is_found_afterwards(subject: Subject, context: str) -> None:
    seen: list[Vertex] = []
    text = dockerfile(subject, "RUN echo first", "RUN echo second")
    request = BuildRequest(context=context, dockerfile_text=text, tags=(subject.tag,))
    first = build(subject, request, seen.append)
    assert (first.fault, first.code) == (None, 0)
    assert first.image.startswith("sha256:")
    assert [one.cached for one in own_steps(first)] == [False, False, False]
    assert all(one.succeeded and one.executed for one in own_steps(first))
    assert "first" in "\n".join(by_word(first, "echo first").log)
    assert 0 < first.seconds < 120
    assert first.started <= min(one.started for one in own_steps(first) if one.started) + 1
    assert {one.name for one in seen} >= {one.name for one in own_steps(first)}
    second = build(subject, request)
    assert [one.cached for one in own_steps(second)] == [True, True, True]
    assert second.image == first.image
    third = build(subject, BuildRequest(context=context, dockerfile_text=text, no_cache=True, keep=False))
    assert [one.cached for one in own_steps(third)] == [False, False, False]


def test_a_changed_file_is_seen(subject: Subject, context: str) -> None:
    Path(context, "late").write_text("1")
    request = BuildRequest(
        context=context, dockerfile_text=dockerfile(subject, "RUN echo kept", "COPY late /late", "RUN echo again"),
        keep=False, tags=(subject.tag,) if subject.engine.name == "podman" else (),
    )  # fmt: skip
    build(subject, request)
    Path(context, "late").write_text("22")
    result = build(subject, request)
    assert by_word(result, "echo kept").cached
    assert not by_word(result, "late").cached
    assert not by_word(result, "echo again").cached


def test_a_failed_step_is_a_value(subject: Subject, context: str) -> None:
    text = dockerfile(subject, "RUN echo before && exit 7", "RUN echo never")
    result = build(subject, BuildRequest(context=context, dockerfile_text=text, keep=False))
    assert result.fault is not None
    assert result.fault.kind is Kind.STEP_FAILED
    assert result.fault.argv
    assert result.code
    assert result.image == ""
    failed = by_word(result, "exit 7")
    assert failed.error
    assert not failed.succeeded
    assert "before" in failed.log
    assert not any("never" in one.name and one.executed for one in own_steps(result))


def test_a_build_that_cannot_begin(subject: Subject, context: str) -> None:
    result = build(subject, BuildRequest(context=context, dockerfile=f"{context}/absent", keep=False))
    assert result.fault is not None
    assert result.fault.code
    assert result.fault.said


def test_images(subject: Subject, context: str, on) -> None:
    text = dockerfile(subject, "RUN echo there")
    request = BuildRequest(context=context, dockerfile_text=text, tags=(subject.tag,), labels=(("a", "b"),))
    made = build(subject, request)

    async def main() -> None:
        listed = {one.id: one for one in await subject.engine.images()}
        assert subject.tag in listed[made.image].names
        found = await subject.engine.image(subject.tag)
        assert found.id == made.image
        assert (found.os, len(found.layers) >= 2) == ("linux", True)
        base = await subject.engine.image(subject.base)
        assert found.layers[: len(base.layers)] == base.layers
        rows = await subject.engine.history(subject.tag)
        assert any("echo there" in row.created_by for row in rows)
        assert sum(row.size for row in rows) > 0

    on(main)


def test_an_exported_image_is_a_tar(subject: Subject, on) -> None:
    async def main() -> None:
        async with subject.engine.save(subject.base) as pieces:
            data = b"".join([piece async for piece in pieces])
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            assert "manifest.json" in archive.getnames()
        async with subject.engine.save(subject.base) as pieces:  # who has enough may go
            async for _ in pieces:
                break

    on(main)


def test_what_is_not_there(subject: Subject, on) -> None:
    async def ask(question) -> Failed:
        with pytest.raises(Failed) as raised:
            await question()
        return raised.value

    async def export() -> None:
        async with subject.engine.save("dwtest-nobody:1") as pieces:
            async for _ in pieces:
                pass

    async def main() -> None:
        for question in (
            lambda: subject.engine.image("dwtest-nobody:1"),
            lambda: subject.engine.history("dwtest-nobody:1"),
            export,
        ):
            error = await ask(question)
            assert error.fault.kind is Kind.NO_SUCH_IMAGE, error.fault
            assert error.fault.argv
            assert error.fault.code
            assert error.hint

    on(main)


@pytest.mark.parametrize("delay", [0.0, 0.1])
def test_a_build_that_is_cancelled_ends_at_once(subject: Subject, context: str, delay: float) -> None:
    seconds = _unlike_any_other(61)
    text = dockerfile(subject, f"RUN echo going && sleep {seconds}")
    request = BuildRequest(context=context, dockerfile_text=text, keep=False)

    async def main() -> float:
        begun = anyio.Event()

        def watch(vertex: Vertex) -> None:
            if "sleep" in vertex.name and vertex.started is not None:
                begun.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(subject.engine.build, request, watch)
            with anyio.fail_after(60):
                await begun.wait()
            await anyio.sleep(delay)
            clock = time.monotonic()
            tasks.cancel_scope.cancel()
        return time.monotonic() - clock

    assert anyio.run(main) < 30
    assert _gone(f"sleep {seconds}")


def test_a_build_that_takes_too_long_is_a_value(subject: Subject, context: str) -> None:
    seconds = _unlike_any_other(62)
    text = dockerfile(subject, f"RUN echo slow && sleep {seconds}")
    timeout = 0.2 if subject.engine.name == "fake" else 2.5
    result = build(subject, BuildRequest(context=context, dockerfile_text=text, keep=False, timeout=timeout))
    assert result.fault is not None
    assert result.fault.kind is Kind.TIMED_OUT
    assert _gone(f"sleep {seconds}")


def _unlike_any_other(seconds: int) -> str:
    """A time to sleep that no other run of these tests sleeps for: processes are looked for by it."""
    return f"{seconds}.{uuid.uuid4().int % 10**9:09}"


def _gone(words: str) -> bool:
    """No process of this machine has these words on its command line, or will have shortly."""
    for _ in range(100):
        if not any(words in _command(folder) for folder in Path("/proc").glob("[0-9]*")):
            return True
        time.sleep(0.1)
    return False


def _command(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def test_the_command_is_what_people_would_write(subject: Subject) -> None:
    request = BuildRequest(
        context="/src", dockerfile="/src/x.Dockerfile", target="run", args=(("V", "3"),), tags=("a:1",),
        contexts=(("other", "/o"),), secrets=("id=s,src=/s",), platform="linux/arm64", no_cache=True, pull=True,
    )  # fmt: skip
    words = subject.engine.command(request)
    assert words[0] == subject.engine.name
    assert words[-1] == "/src"
    for part in ("--file=/src/x.Dockerfile", "--target=run", "V=3", "a:1", "other=/o", "id=s,src=/s",
                 "--platform=linux/arm64", "--no-cache", "--pull"):  # fmt: skip
        assert part in words
