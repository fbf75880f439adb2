"""The command `dossier`: who says what, who agrees with whom, what contradicts, what is open, on one page."""

from __future__ import annotations

from pathlib import Path


def dossier(case: str, *, out: Path | None = None) -> None:
    """Write one page on what sources say: who states, reports and denies what, camps, contradictions, open questions.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    out
        File to write; by default dossier.html in this folder. One that is there is replaced.
    """
    from datetime import date

    from groundswell.accounts import load as load_accounts
    from groundswell.case import load
    from groundswell.dossier.page import dossier_page, write_dossier
    from groundswell.record import load_record
    from groundswell.study.pairs.claims import load_claims
    from groundswell.study.pairs.questions import load_questions

    loaded = load(case)
    record, here = load_record(loaded), Path()
    accounts = load_accounts(loaded, here)
    questions = load_questions(loaded, record, here)
    statements = {c.id: c.statement for c in load_claims(loaded, here)}
    asked = [q.to_json() for q in questions]
    page = dossier_page(loaded.title, record, accounts, asked, statements, date.today())
    print(f"dossier: {write_dossier(page, out or Path('dossier.html'))}")
    print(f"  {len(record.observations)} matters, {len(record.claims)} claims, {len(record.sources)} sources, "
          f"{len(accounts.accounts)} accounts, {len(questions)} open questions")  # fmt: skip
