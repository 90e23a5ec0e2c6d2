"""Rules: contexts."""

from dockwright.rules.contexts import (
    broken_ignore_file,
    copy_shell_syntax,
    copy_source_ignored,
    copy_source_missing,
    copy_source_untracked,
    unread_ignore_file,
    whole_context_copied,
)
from dockwright.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    broken_ignore_file.RULE,
    copy_shell_syntax.RULE,
    copy_source_ignored.RULE,
    copy_source_missing.RULE,
    copy_source_untracked.RULE,
    unread_ignore_file.RULE,
    whole_context_copied.RULE,
)
