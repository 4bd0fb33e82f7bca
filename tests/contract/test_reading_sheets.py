"""A table stays a table: spreadsheets and CSV files read as a person sees them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.errors import CannotRead
from knowledge.reading import read
from knowledge.reading.grids import MOST_ROWS
from knowledge.reading.xlsx_shown import shown
from tests.paper import blocks, workbook

LEEDS_AND_LONDON = "| UK | London | £64.00 | £43.00 |\n| UK | Leeds | £48.00 | £32.00 |"
MORNING = datetime(2026, 1, 31)  # noqa: DTZ001  # sheets know no zone
AFTERNOON = datetime(2026, 1, 31, 14, 5)  # noqa: DTZ001  # the same


def rates(sheet: Worksheet) -> None:
    sheet.title = "Rates"
    for row in (
        ["Per diem rates 2026"],
        ["Country", "City", "Rate", None],
        [None, None, "Full day", "Part day"],
        ["UK", "London", 64, 43],
        [None, "Leeds", 48, 32],
        ["Rates are reviewed every January."],
        [],
        ["Contact", "Finance"],
    ):
        sheet.append(row)
    for merged in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5"):
        sheet.merge_cells(merged)
    for cell in ("C4", "D4", "C5", "D5"):
        sheet[cell].number_format = '"£"#,##0.00'


def test_each_region_of_a_sheet_is_a_table_with_one_header_and_the_sentences_around_it_are_sentences() -> None:
    reading = read("a.xlsx", workbook(rates))

    assert [section.path for section in reading.sections] == [("Rates",)]
    assert blocks(reading) == [
        ("paragraph", "Per diem rates 2026"),
        ("table", "| Country | City | Rate Full day | Rate Part day |\n| --- | --- | --- | --- |\n" + LEEDS_AND_LONDON),
        ("paragraph", "Rates are reviewed every January."),
        ("paragraph", "Contact: Finance"),
    ]
    assert reading.remarks == ()


def test_what_a_workbook_does_not_show_is_left_out_and_remarked_without_its_words() -> None:
    def secret(sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"
        sheet["A1"] = "unseen sheet"

    def half(sheet: Worksheet) -> None:
        for row in (
            ["Name", "Salary", "Days"],
            ["Ruth", "unseen column", 25],
            ["Tom", "unseen row", 26],
            ["Ann", "x", 99],
            ["Eve", "y", 27],
        ):
            sheet.append(row)
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet["C4"].number_format = ";;;"

    reading = read("a.xlsx", workbook(half, secret))

    assert blocks(reading) == [("table", "| Name | Days |\n| --- | --- |\n| Ruth | 25 |\n| Ann |  |\n| Eve | 27 |")]
    assert any("'Sheet 2' is hidden" in remark for remark in reading.remarks)
    assert any("1 hidden row and 1 hidden column" in remark for remark in reading.remarks)
    assert any("2 characters of text in cells with a format that shows nothing" in remark for remark in reading.remarks)
    assert "unseen" not in repr(reading)


def test_a_formula_without_a_result_is_remarked() -> None:
    reading = read("a.xlsx", workbook(lambda sheet: sheet.append(["Limit", "=1+1"])))

    assert "1 formula without a result" in reading.remarks[0]


def test_a_cell_at_the_end_of_the_sheet_costs_no_more_than_one_at_its_beginning() -> None:
    def far(sheet: Worksheet) -> None:
        sheet["A1"], sheet["XFD1048576"] = "near", "far"

    assert blocks(read("a.xlsx", workbook(far))) == [("paragraph", "near"), ("paragraph", "far")]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "[$€-407]#,##0;[Red]([$€-407]#,##0)", "(€1,235)"),
        (-3, "0.00", "-3.00"),
        (1200, "#,##0 [$€-407]", "1,200 €"),
        (7, "000", "007"),
        (1.5, "0.##", "1.5"),
        (2.0, "0.##", "2"),
        (3_400_000, '0.0,,"M"', "3.4M"),
        (0, '0;-0;"none"', "none"),
        (25, "General", "25"),
        (0.1 + 0.2, "General", "0.3"),
        (5, '0" days"', "5 days"),
        (True, "General", "TRUE"),
        (date(2026, 1, 31), "d mmmm yyyy", "31 January 2026"),
        (date(2026, 1, 31), "dd/mm/yyyy", "31/01/2026"),
        (MORNING, "mm-dd-yy", "2026-01-31"),
        (AFTERNOON, "yyyy-mm-dd hh:mm", "2026-01-31 14:05"),
        (AFTERNOON, "h:mm AM/PM", "2:05 PM"),
        (time(9, 30), "h:mm", "09:30"),
    ],
)
def test_a_value_reads_as_its_cell_shows_it(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("content", "table"),
    [
        ('City,Limit\nLondon,"£1,000"\n', "| City | Limit |\n| --- | --- |\n| London | £1,000 |"),
        ("City;Limit\r\nBerlin;900,50\r\n;\r\nBonn;1\r\n", "| City | Limit |\n| --- | --- |\n| Berlin | 900,50 |\n| Bonn | 1 |"),
        ("City\tLimit\nYork\ta, b\n", "| City | Limit |\n| --- | --- |\n| York | a, b |"),
        ("sep=;\nCity;Limit\nYork;1\n", "| City | Limit |\n| --- | --- |\n| York | 1 |"),
        ('Size,Use\n5" pipe,gas\n', '| Size | Use |\n| --- | --- |\n| 5" pipe | gas |'),
        ('A,B\n"two\nlines",x\n', "| A | B |\n| --- | --- |\n| two lines | x |"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_is_one_table_whatever_it_is_separated_by_and_encoded_in(content: str, table: str, encoding: str) -> None:
    assert blocks(read("a.csv", content.encode(encoding))) == [("table", table)]


def test_a_title_above_a_csv_table_is_no_header() -> None:
    assert blocks(read("a.tsv", b"Rates of 2026\t\nCity\tLimit\nYork\t1\n"))[0] == ("paragraph", "Rates of 2026")


def test_a_database_under_the_name_of_a_policy_is_refused() -> None:
    def long(sheet: Worksheet) -> None:
        for _ in range(MOST_ROWS + 1):
            sheet.append([1, 2])

    with pytest.raises(CannotRead, match="a database and no policy"):
        read("a.csv", b"a,b\n" * (MOST_ROWS + 1))
    with pytest.raises(CannotRead, match="a database and no policy"):
        read("a.xlsx", workbook(long))
