"""Business cards and calling lists come in: nobody is lost, nobody comes twice, nothing rings unasked."""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from bot.lists.bringing_in import RowFate, Terms
from bot.lists.columns import NoKnownColumn, understand
from bot.lists.giving_out import FACTS, as_csv, rows_of
from bot.lists.sheet import NoSheet, open_sheet
from bot.lists.taking_in import RowTaken, take_in
from bot.words import Words
from qualification import leads
from qualification.bant import Budget, Company, Contact, Industry, Topic
from qualification.duplicates import merge
from qualification.records import FollowUp, History, Lead, Outbound
from qualification.store import Store
from tests.business import SATO, Business
from tests.clock import Clock
from tests.files import database_in

EXPO = Terms(by="operator", source="Expo Tokyo 2026")
CARDS = [
    ["会社名", "氏名", "ﾒｰﾙｱﾄﾞﾚｽ", "電話番号", "従業員数", "備考"],
    [
        "株式会社あさひ製作所",
        "佐藤 健一",
        "Sato@Asahi.example",
        "03-1234-5678",
        "120名",
        "予算300万円、9月までに導入したい",
    ],
    ["みどり商事", "田中 花子", "tanaka@midori.example", "", "", ""],
]


def a_list(tmp_path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> Path:
    path = tmp_path / "list.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def brings_in(store: Store, path: Path, terms: Terms = EXPO, *, rehearse: bool = False) -> list[RowTaken]:
    with open_sheet(path) as sheet:
        return list(take_in(sheet, understand(sheet.headings), terms, store, rehearse=rehearse))


def fates(taken: Sequence[RowTaken]) -> list[str]:
    return [row.brought.fate if row.brought else "bad" for row in taken]


def everybody(firm: Business) -> list[Lead]:
    return sorted(firm.all(Lead), key=lambda lead: lead.email or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_list_is_read_in_whatever_encoding_and_separator_it_comes(
    store: Store, firm: Business, tmp_path: Path, encoding: str, separator: str
) -> None:
    assert fates(brings_in(store, a_list(tmp_path, CARDS, encoding, separator))) == ["created", "created"]
    sato, tanaka = everybody(firm)
    assert (sato.company, sato.person, sato.email, sato.phone) == (
        "株式会社あさひ製作所", "佐藤 健一", "sato@asahi.example", "+81312345678",
    )  # fmt: skip
    assert (tanaka.language, tanaka.origin, tanaka.source) == ("ja", "outbound", "Expo Tokyo 2026")


def test_an_excel_file_is_read_like_a_csv_file(store: Store, firm: Business, tmp_path: Path) -> None:
    book = Workbook()
    for row in [["Company", "Name", "E-mail", "Employees"], ["Asahi Tools", "Jane Doe", "jane@asahi.example", 120.0]]:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    assert fates(brings_in(store, tmp_path / "list.xlsx")) == ["created"]
    (jane,) = everybody(firm)
    company = firm.does(leads.known_of, jane.id).company
    assert company is not None
    assert company.headcount is not None
    assert (company.name, company.headcount.minimum) == ("Asahi Tools", 120)


def test_what_the_note_says_is_understood_and_kept_beside_who_said_it(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    brings_in(store, a_list(tmp_path, CARDS))
    known = firm.does(leads.known_of, everybody(firm)[0].id)
    assert known.budget == Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
    assert known.timeframe is not None
    assert {answer.via for answer in known.stated} == {"import"}


def test_the_place_in_the_firm_and_its_industry_are_kept_and_count(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    rows = [
        ["会社名", "業種", "部署名", "役職", "氏名", "メール"],
        ["あさひ製作所", "ﾒｰｶｰ", "情報システム部", "課長", "佐藤", "s@a.example"],
    ]
    brings_in(store, a_list(tmp_path, rows))
    known = firm.does(leads.known_of, everybody(firm)[0].id)
    assert known.company is not None
    assert known.contact is not None
    assert (known.company.industry, known.contact.department, known.contact.title) == (
        Industry.MANUFACTURING, "情報システム部", "課長",
    )  # fmt: skip
    rows[1][1] = "宇宙開発"
    rows[1][4:] = ["鈴木", "z@a.example"]
    brings_in(store, a_list(tmp_path, rows))
    assert "industry: 宇宙開発" in "".join(str(row.data) for row in firm.all(History) if row.kind == "note_kept")


def test_no_clock_starts_and_nothing_rings_unless_asked(store: Store, firm: Business, tmp_path: Path) -> None:
    """D9: imported leads start no clock."""
    brings_in(store, a_list(tmp_path, CARDS), Terms(by="operator", activity="asked_for_demo"))
    assert firm.all(FollowUp) == []
    assert firm.all(Outbound) == []
    assert {lead.stage for lead in firm.all(Lead)} == {"LEAD"}


def test_the_same_list_again_changes_nothing(store: Store, firm: Business, tmp_path: Path) -> None:
    brings_in(store, a_list(tmp_path, CARDS))
    before = everybody(firm)
    assert fates(brings_in(store, a_list(tmp_path, CARDS))) == ["unchanged", "unchanged"]
    assert everybody(firm) == before


def test_nobody_is_lost_however_long_the_name_of_the_source_is(store: Store, firm: Business, tmp_path: Path) -> None:
    terms = Terms(by="operator", source="Expo Tokyo 2026, " * 20, activity="card_exchanged")
    assert fates(brings_in(store, a_list(tmp_path, CARDS), terms)) == ["created", "created"]
    assert fates(brings_in(store, a_list(tmp_path, CARDS), terms)) == ["unchanged", "unchanged"]


def test_a_known_address_learns_what_it_lacked_and_keeps_what_it_had(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    lead = firm.has_lead(Contact(name="佐藤", email="sato@asahi.example"), Budget(minimum=1, maximum=1, currency="JPY"))
    assert fates(brings_in(store, a_list(tmp_path, CARDS))) == ["completed", "created"]
    known = firm.does(leads.known_of, lead)
    assert known.contact == Contact(name="佐藤", email="sato@asahi.example", phone="+81312345678")
    assert known.budget is not None
    assert known.budget.minimum == 1


def test_two_rows_with_one_address_are_one_lead(store: Store, firm: Business, tmp_path: Path) -> None:
    rows = [["company", "email", "phone"], ["Asahi", "a@x.example", ""], ["Asahi", "a@x.example", "+81 3 1234 5678"]]
    assert fates(brings_in(store, a_list(tmp_path, rows), rehearse=True)) == ["created", "completed"]
    assert fates(brings_in(store, a_list(tmp_path, rows))) == ["created", "completed"]
    (lead,) = everybody(firm)
    assert lead.phone == "+81312345678"


def test_the_same_name_in_another_width_is_told_and_never_joined(store: Store, firm: Business, tmp_path: Path) -> None:
    """D29: a likeness is a suggestion."""
    firm.has_lead(Company(name="アサヒ製作所(株)"), Contact(name="佐藤健一"))
    first, _ = brings_in(
        store, a_list(tmp_path, CARDS[:1] + [["ｱｻﾋ製作所", "佐藤　健一", "new@x.example", "", "", ""]] * 2)
    )
    assert first.brought is not None
    assert first.brought.fate is RowFate.CREATED
    assert [like.ways for like in first.brought.alike] == [("name",)]


BAD = {
    "e-mail with two signs": (["Asahi", "sato@@x", ""], "email: sato@@x is not one e-mail address"),
    "a number Excel has eaten": (["Asahi", "", "8.13123E+11"], "lost its digits in a spreadsheet"),
    "no phone number": (["Asahi", "", "call me"], "phone: call me is not a phone number"),
    "nobody to call": (["Asahi", "", ""], "nobody to call"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_refused_with_its_number_and_the_others_come_in(
    store: Store, firm: Business, tmp_path: Path, name: str
) -> None:
    row, problem = BAD[name]
    taken = brings_in(store, a_list(tmp_path, [["company", "email", "phone"], row, ["Midori", "t@m.example", ""]]))
    assert fates(taken) == ["bad", "created"]
    assert taken[0].line.number == 2
    assert problem in "; ".join(taken[0].problems)
    assert len(firm.all(Lead)) == 1


def test_a_rehearsal_writes_nothing(store: Store, firm: Business, tmp_path: Path) -> None:
    assert fates(brings_in(store, a_list(tmp_path, CARDS), rehearse=True)) == ["created", "created"]
    assert firm.all(Lead) == []


def test_who_wants_no_contact_stays_left_alone(store: Store, firm: Business, tmp_path: Path) -> None:
    brings_in(store, a_list(tmp_path, [["会社名", "メール", "連絡不可"], ["あさひ", "a@x.example", "○"]]))
    (lead,) = everybody(firm)
    assert lead.do_not_contact


def test_a_file_without_a_heading_we_know_says_how_to_name_one(tmp_path: Path) -> None:
    with (
        open_sheet(a_list(tmp_path, [["foo", "bar"], ["1", "2"]])) as sheet,
        pytest.raises(NoKnownColumn, match="--column"),
    ):
        understand(sheet.headings)


def test_a_heading_may_be_named_by_the_one_who_brings_the_list(tmp_path: Path) -> None:
    headings = understand(["Kunde", "Post"], {"kunde": "company", "Post": "email"})
    assert headings.cells(["Asahi", "a@x.example"]) == {"company": "Asahi", "email": "a@x.example"}


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 no book")
    (tmp_path / "empty.csv").write_bytes(b"")
    for name in ("x.xlsx", "empty.csv", "none.csv"):
        with pytest.raises(NoSheet), open_sheet(tmp_path / name) as sheet:
            list(sheet.lines)


def exported(store: Store, words: Words) -> list[list[str]]:
    def look(session: Session) -> list[list[str]]:
        return list(rows_of(session, words))

    return store.read(look)


def test_a_list_that_went_out_comes_back_the_same(
    store: Store, firm: Business, clock: Clock, tmp_path: Path, policy: object
) -> None:
    """S9: export, import, export: values identical, phone numbers readable, no live formula."""
    words = Words(store.policy.working_hours.zone)
    brings_in(store, a_list(tmp_path, CARDS))
    firm.has_lead(
        Company(name="=cmd|'/c calc'!A0"), Contact(name="+Eve", email="eve@x.example", phone="+14155550132"),
        Budget(minimum=100_000, maximum=200_000, currency="USD"),
    )  # fmt: skip
    out = exported(store, words)
    (tmp_path / "out.csv").write_text("".join(map(as_csv, out)), encoding="utf-8-sig", newline="")

    other = Store(database_in(tmp_path, "other.db"), clock=clock, policy=store.policy, tell=lambda tx, event: None)
    try:
        assert set(fates(brings_in(other, tmp_path / "out.csv", Terms(by="operator")))) == {"created"}
        again = exported(other, words)
    finally:
        other.close()
    facts = len(FACTS)
    assert [row[:facts] for row in again] == [row[:facts] for row in out]
    assert "(+81) 3-1234-5678" in {row[4] for row in out}


def test_what_goes_out_cannot_steer_the_terminal_it_is_shown_on(store: Store, firm: Business) -> None:
    firm.has_lead(Company(name="\x1b]0;mine\x07Asahi　Tools"), Contact(name="\u202e\u200b=1+1", email="eve@x.example"))
    _, row = exported(store, Words(store.policy.working_hours.zone))
    assert row[1:3] == ["]0;mineAsahi Tools", "'=1+1"]


def test_the_old_address_of_a_merged_record_is_the_person_that_was_kept(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    """D29: a rep said that both are one person, so an export of another program by the old address makes no third."""
    old, kept = firm.has_lead(Contact(name="佐藤", email="sato@old.example")), firm.has_lead(SATO)
    firm.merges(kept, old)
    rows = [["会社名", "氏名", "メール"], ["あさひ製作所", "佐藤", "sato@old.example"]]

    assert fates(brings_in(store, a_list(tmp_path, rows))) == ["completed"]
    assert {lead.id for lead in everybody(firm)} == {kept, old}
    assert firm.lead(kept).company == "あさひ製作所"


def test_a_row_of_a_record_that_was_merged_goes_to_the_lead_that_stayed(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    kept, other = firm.has_lead(Contact(name="Eve", email="eve@x.example")), firm.has_lead(Contact(name="Eve"))
    store.run_here(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))
    rows = [["id", "name", "company", "phone"], [other, "Eve", "Asahi", "+81 3 1234 5678"]]
    (taken,) = brings_in(store, a_list(tmp_path, rows))
    assert taken.brought is not None
    assert (taken.brought.lead_id, taken.brought.fate) == (kept, RowFate.COMPLETED)
    assert firm.lead(kept).phone == "+81312345678"


@pytest.mark.parametrize(
    "blank", ["　", "\u00a0", " \u200b", "\u2028"], ids=["full width", "no break", "unseen", "line"]
)
def test_a_blank_of_any_kind_keeps_two_names_apart(store: Store, firm: Business, tmp_path: Path, blank: str) -> None:
    """Japanese lists write 山田　太郎 with a blank as wide as a letter."""
    rows = [CARDS[0][:3], [f"株式会社{blank}あさひ", f"山田{blank}太郎", "y@asahi.example"]]
    brings_in(store, a_list(tmp_path, rows))
    (yamada,) = everybody(firm)
    assert (yamada.company, yamada.person) == ("株式会社 あさひ", "山田 太郎")


def test_what_nobody_sees_is_not_kept_with_what_somebody_said(store: Store, firm: Business, tmp_path: Path) -> None:
    headings = ["会社名", "メール", "ニーズ", "備考"]
    rows = [headings, ["あさひ", "y@asahi.example", "在庫管理に\x1b[31m困って\u202eいます", "一行目\r\n二行目\x07"]]
    brings_in(store, a_list(tmp_path, rows))
    (lead,) = everybody(firm)
    need = next(answer for answer in firm.does(leads.known_of, lead.id).stated if answer.topic is Topic.NEED)
    (note,) = [row.data["words"] for row in firm.all(History) if row.kind == "note_kept"]
    assert (need.words, note) == ("在庫管理に[31m困っています", "一行目\n二行目")


@pytest.mark.parametrize(
    "broken",
    [
        'みどり商事,田中 花子,tanaka@midori.example,,,"19インチ\n',
        'みどり商事,田中 花子,tanaka@midori.example,,,"19インチ\nかえで,木村,k@kaede.example,,,"20インチ\n',
    ],
    ids=["never closed", "closed by another row"],
)
def test_a_lone_quotation_mark_does_not_swallow_the_rows_behind_it(
    store: Store, firm: Business, tmp_path: Path, broken: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(",".join(CARDS[0]) + "\nあさひ,佐藤,s@asahi.example,,,\n" + broken + "すぎ,森,m@sugi.example,,,\n")
    with pytest.raises(NoSheet, match=r'list\.csv, row 3: a cell there begins with a quotation mark.*"19"" monitor"'):
        brings_in(store, path)
    assert everybody(firm) == []


def test_a_cell_whose_sum_failed_is_empty_and_no_name_of_a_firm(store: Store, firm: Business, tmp_path: Path) -> None:
    rows = [["company", "person", "email", "phone"], ["#N/A", "Jane Doe", "jane@asahi.example", "#REF!"]]
    assert fates(brings_in(store, a_list(tmp_path, rows))) == ["created"]
    (jane,) = everybody(firm)
    assert (jane.company, jane.person, jane.phone) == (None, "Jane Doe", None)


def test_a_row_with_more_cells_than_headings_is_refused_and_says_why(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    rows = [["company", "email", "note"], ["Asahi", "a@asahi.example", "wants it in May", " call on Friday"]]
    (taken,) = brings_in(store, a_list(tmp_path, rows))
    assert taken.problems == ("4 cells under 3 headings: put a cell with a comma in it in quotation marks",)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("euc_jp", "may be EUC-JP or Shift_JIS"), ("utf-16-le", "neither UTF-8"), ("utf-32", "holds null characters")],
)
def test_a_list_whose_encoding_cannot_be_told_is_never_read_as_nonsense(
    store: Store, firm: Business, tmp_path: Path, encoding: str, said: str
) -> None:
    rows = [["company", "person", "email"], ["アサヒ", "山田太郎", "y@asahi.example"]]
    with pytest.raises(NoSheet, match=f"{said}.*--encoding"):
        brings_in(store, a_list(tmp_path, rows, encoding))
    assert everybody(firm) == []


def test_a_list_in_the_encoding_of_old_mails_is_read_by_its_mark(store: Store, firm: Business, tmp_path: Path) -> None:
    brings_in(store, a_list(tmp_path, [["company", "email"], ["アサヒ", "y@asahi.example"]], "iso2022_jp"))
    assert [lead.company for lead in everybody(firm)] == ["アサヒ"]


LOST_ITS_ZERO = {
    "9012345678": "+819012345678",
    "8012345678": "+818012345678",
    "70-1234-5678": "+817012345678",
    "5012345678": "+815012345678",
    "+1 415 555 0132": "+14155550132",
}


@pytest.mark.parametrize("written", LOST_ITS_ZERO)
def test_a_number_that_lost_its_zero_in_a_japanese_list_is_a_japanese_one(
    store: Store, firm: Business, tmp_path: Path, written: str
) -> None:
    """Excel takes 09012345678 for a number and drops the 0; a number of Memphis would have its +1."""
    rows = [["会社名", "メール", "携帯電話"], ["Asahi Tools", "a@asahi.example", written]]
    assert fates(brings_in(store, a_list(tmp_path, rows))) == ["created"]
    assert [lead.phone for lead in everybody(firm)] == [LOST_ITS_ZERO[written]]


@pytest.mark.parametrize("written", ["4155550132", "1 901 234 5678", "901-234-5678", "312345678"])
def test_no_number_of_a_japanese_list_is_taken_for_an_american_one(
    store: Store, firm: Business, tmp_path: Path, written: str
) -> None:
    rows = [["会社名", "メール", "電話番号"], ["あさひ", "a@asahi.example", written]]
    (taken,) = brings_in(store, a_list(tmp_path, rows))
    assert taken.problems == (f"phone: {written} is not a phone number we can dial; write +81 3-... or 03-...",)


def test_a_japanese_person_in_an_english_list_has_a_japanese_number(
    store: Store, firm: Business, tmp_path: Path
) -> None:
    rows = [["company", "person", "phone"], ["Asahi", "佐藤", "9012345678"]]
    brings_in(store, a_list(tmp_path, rows))
    assert [lead.phone for lead in everybody(firm)] == ["+819012345678"]


def test_an_english_list_may_hold_american_numbers(store: Store, firm: Business, tmp_path: Path) -> None:
    brings_in(store, a_list(tmp_path, [["company", "phone"], ["Memphis Tools", "901-234-5678"]]))
    assert [lead.phone for lead in everybody(firm)] == ["+19012345678"]


WESTERN = [["company", "person", "email"], ["Delémont AG", "Hélène Rémy", "h@delemont.example"]]


def test_a_western_list_is_not_read_as_kanji_without_a_word(store: Store, firm: Business, tmp_path: Path) -> None:
    """Either encoding fits: é and the letter behind it are a kanji in Shift_JIS."""
    with pytest.raises(NoSheet, match=r"may be Windows-1252 or Shift_JIS.*--encoding cp1252 or --encoding cp932"):
        brings_in(store, a_list(tmp_path, WESTERN, "cp1252"))
    with open_sheet(a_list(tmp_path, WESTERN, "cp1252"), encoding="cp1252") as sheet:
        assert next(sheet.lines).cells == tuple(WESTERN[1])


@pytest.mark.parametrize(
    "cells",
    [
        ["Asahi Tools", "林", "h@asahi.example"],
        ["ABC商事", "大", "h@asahi.example"],
        ["ｱｻﾋ", "ﾔﾏﾀﾞ ﾀﾛｳ", "h@asahi.example"],
        ["Z会", "辻", "h@asahi.example"],
    ],
)
def test_a_japanese_list_with_few_kanji_is_read_without_a_question(
    store: Store, firm: Business, tmp_path: Path, cells: list[str]
) -> None:
    brings_in(store, a_list(tmp_path, [WESTERN[0], cells], "cp932"))
    assert [(lead.company, lead.person) for lead in everybody(firm)] == [(cells[0], cells[1])]


def _with_sheet(tmp_path: Path, sheet: str) -> Path:
    """An Excel file with this in place of its first sheet."""
    path = tmp_path / "list.xlsx"
    Workbook().save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in whole.namelist():
            made.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return path


ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}" t="inlineStr"><is><t>{2}</t></is></c></row>'
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
HEAD = ROW.format(1, "company", "email")


@pytest.mark.parametrize(
    "sheet",
    [
        "",
        SHEET.format(HEAD)[:-30],
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + SHEET.format(HEAD + ROW.format(2, "&e;", "a@b.example")),
        SHEET.format(HEAD + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
        SHEET.format(HEAD + '<row r="x"><c r="A2" t="d"><v>no date</v></c></row>'),
        SHEET.format(HEAD + ROW.format(2, "A" * 40_000_000, "a@b.example")),
    ],
    ids=["empty", "cut off", "reaches for a file", "a text that is not there", "no row, no date", "a bomb"],
)
def test_a_broken_excel_file_is_refused_with_what_to_do(
    store: Store, firm: Business, tmp_path: Path, sheet: str
) -> None:
    with pytest.raises(NoSheet, match=r"list\.xlsx is not an Excel file we can read .*save it as \.xlsx or CSV"):
        brings_in(store, _with_sheet(tmp_path, sheet))
    assert everybody(firm) == []
