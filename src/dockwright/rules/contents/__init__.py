"""Rules: contents."""

from dockwright.rules.contents import (
    bash_syntax_in_sh,
    build_tools_in_final_image,
    build_without_dev_dependencies,
    database_access_at_build,
    ignored_build_failure,
    install_without_dependencies,
    runs_as_root,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    bash_syntax_in_sh.RULE,
    build_tools_in_final_image.RULE,
    build_without_dev_dependencies.RULE,
    database_access_at_build.RULE,
    ignored_build_failure.RULE,
    install_without_dependencies.RULE,
    runs_as_root.RULE,
)
