"""The laws of the formatter hold for drawn documents: 500 here, 20,000 with ``python -m tests.syntax.laws``."""

from __future__ import annotations

from tests.syntax.laws import laws

test_formatted_documents_say_the_same_and_keep_their_comments = laws(500)
