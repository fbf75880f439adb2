"""Kernels kept on disk are tied to the compiled code of the whole engine."""

from __future__ import annotations

from groundswell.engine import compiled, random
from groundswell.engine.compiled import digest_of


def test_digest_changes_with_compiled_code_only(tmp_path):
    (tmp_path / "a.py").write_text("from groundswell.engine.compiled import kernel\n")
    (tmp_path / "b.py").write_text("x = 1\n")
    before = digest_of(tmp_path)
    (tmp_path / "b.py").write_text("x = 2\n")
    assert digest_of(tmp_path) == before
    (tmp_path / "a.py").write_text("from groundswell.engine.compiled import kernel, shared\n")
    assert digest_of(tmp_path) != before


def test_kept_kernels_carry_the_digest():
    assert random.uniforms._cache._cache_file._source_stamp[-1] == compiled._DIGEST
