"""The dossier's page holds all of the record, the accounts and the questions, escapes them, needs no network."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest

from groundswell.accounts import load as load_accounts
from groundswell.case import load
from groundswell.cli import app
from groundswell.dossier.page import dossier_page, held_of
from groundswell.record import load_record
from groundswell.record.show import contradictions
from groundswell.study.pairs.claims import load_claims
from groundswell.study.pairs.questions import load_questions

DAY = date(2024, 5, 1)


def made(name, day=DAY, change=lambda record: record):
    case = load(name)
    record = load_record(case)
    questions = [q.to_json() for q in load_questions(case, record)]
    statements = {c.id: c.statement for c in load_claims(case)}
    page = dossier_page(case.title, change(record), load_accounts(case), questions, statements, day)
    return page, record, questions


@pytest.fixture(scope="module")
def page():
    return made("kazakhstan-2022")


def section(text, id):
    return re.search(rf'<section id="{id}".*?</section>', text, re.S).group()


def test_all_that_is_said_is_there(page):
    text, record, questions = page
    shown = html.unescape(text)
    assert all(c.statement in shown for c in record.claims)
    assert all(o.title in shown for o in record.observations)
    assert all(s.name in shown for s in record.sources)
    assert len(questions) == 60 and all(q["question"] in shown for q in questions)
    assert all(
        a.title in shown and a.statement in shown for a in load_accounts(load("kazakhstan-2022")).accounts.values()
    )


def test_contradictions_are_side_by_side(page):
    text, record, _ = page
    apart = section(text, "apart")
    told = [o for o in record.observations if contradictions(record, o.id)]
    assert apart.count('<div class="versions">') == len(told) > 20
    assert apart.count('<div class="version ') == sum(len(record.claims_of(o.id)) for o in told)
    assert "164 people or more" in apart and "government denies" in apart


def test_a_cell_tells_by_word_too(page):
    text, record, _ = page
    rows = re.findall(r'<tr><th scope="row"><details>.*?</tr>', section(text, "matrix"), re.S)
    cells = {re.search(r"<summary.*?>(.*?)</summary>", r).group(1): re.findall(r'hidden">(.*?)<', r) for r in rows}
    assert cells["First crowd anywhere"] == ["silent", "states", "silent", "states", "states"]
    assert cells["Dead by 9 January"] == ["silent", "silent", "silent", "reports", "silent"]
    assert len(rows) == sum(bool(record.claims_of(o.id)) for o in record.observations)


def test_the_order_of_accounts_is_that_of_the_day(page):
    names = re.compile(r"<summary>(.*?)</summary>")
    orders = [names.findall(section(made("tiny", date(2024, 5, n))[0], "accounts")) for n in range(1, 9)]
    assert len({tuple(o) for o in orders}) == 2 and len({frozenset(o) for o in orders}) == 1
    assert made("tiny")[0] == made("tiny")[0]


def test_it_needs_no_network_and_no_script(page):
    text = page[0]
    assert "<script" not in text and not re.search(r'(src|href)="(https?:)?//', text)
    assert "default-src 'none'" in text


def test_what_is_shown_is_escaped():
    def spoil(record):
        first = replace(record.claims[0], statement="<script>alert(1)</script> & more")
        return replace(record, claims=(first, *record.claims[1:]))

    text = made("tiny", change=spoil)[0]
    assert "<script" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text


def test_a_source_that_takes_both_sides_of_an_account_has_no_position():
    accounts = load_accounts(load("kazakhstan-2022"))
    held = held_of(accounts)
    assert held["looting"] == {"001": "denies"}  # what it reports of others is no position
    assert held["unaided"] == {"001": "states"}
    account = accounts.accounts["unaided"]
    both = replace(account, held=(*account.held, replace(account.held[-1], stance="denies")))
    assert held_of(replace(accounts, accounts={"unaided": both})) == {"unaided": {}}


def test_the_command_writes_where_it_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    app(["dossier", "tiny"], result_action="return_value")
    app(["dossier", "tiny", "--out", "there/page.html"], result_action="return_value")
    assert (tmp_path / "dossier.html").read_text() == (tmp_path / "there" / "page.html").read_text()
    assert "8 matters, 9 claims, 2 sources, 2 accounts, 3 open questions" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dossier.html", "there"]
