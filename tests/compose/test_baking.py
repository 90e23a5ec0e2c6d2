"""A compose project as bake's input."""

from dockwright import compose
from dockwright.compose.baking import bake_targets
from dockwright.compose.effective import effective

TEXT = """\
services:
  web.api:
    image: registry.example/api:${TAG:-1}
    build:
      context: ./api
      dockerfile: ${FILE}
      target: prod
      args: {A: 1, B: }
      additional_contexts: {lib: ../lib}
  db: {image: pg}
  job: {build: .}
"""


def test_services_with_a_build_are_targets():
    file = compose.read(TEXT.encode(), "compose.yaml")
    baked = bake_targets(effective(["compose.yaml"], lambda _path: file, env={"TAG": "2"}))
    assert list(baked.targets) == ["web_api", "job"]
    assert baked.default == ("web_api", "job")
    api = baked.targets["web_api"]
    assert (api.name, api.base) == ("web_api", "web.api")
    assert (api.context.text, api.target.text) == ("./api", "prod")
    assert [tag.text for tag in api.tags] == ["registry.example/api:2"]
    assert {name: arg.text for name, arg in api.args.items()} == {"A": "1"}
    assert api.contexts["lib"].text == "../lib"
    assert api.dockerfile.text is None
    assert api.dockerfile.unknown == "not set: FILE"
    assert TEXT.encode()[api.dockerfile.span.start : api.dockerfile.span.end] == b"${FILE}"
    assert baked.targets["job"].tags == ()
