"""The audit as GitHub-flavoured Markdown: everything the document holds, for reading and for review."""
