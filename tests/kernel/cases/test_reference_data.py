"""The shipped class tables: complete, unchanged in their facts, and worded for people."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter, defaultdict
from importlib.resources import files

import pytest

DATA = files("wangge.kernel.cases") / "data"
POSTS = {
    "grid_leader",
    "grid_liaison",
    "grid_worker",
    "city_inspector",
    "property_manager",
    "cleaner",
    "sanitation_worker",
    "party_supervisor",
    "resident_assistant",
    "police_assistant",
    "volunteer",
    "operator",
    "acceptor",
    "inspector",
    "officer",
    "assessor",
    "secretary",
    "leader",
    "unit_clerk",
    "contractor",
}
UNITS = {"calendar_hour", "calendar_day", "working_hour", "working_day"}
FACTS = [
    "kind",
    "major_code",
    "major_name",
    "minor_code",
    "minor_name",
    "condition_no",
    "limit",
    "limit_unit",
]
WORDING = ["major_name_en", "minor_name_en", "condition_zh", "condition_en", "closing_zh", "closing_en"]

LIMITS = {
    "event": {
        ("1", "calendar_hour"): 5,
        ("2", "calendar_hour"): 17,
        ("1", "calendar_day"): 1,
        ("2", "calendar_day"): 3,
        ("2", "working_hour"): 15,
        ("4", "working_hour"): 17,
        ("1", "working_day"): 30,
        ("2", "working_day"): 22,
        ("3", "working_day"): 11,
        ("5", "working_day"): 19,
        ("15", "working_day"): 4,
    },
    "part": {
        ("1", "calendar_hour"): 1,
        ("2", "calendar_hour"): 15,
        ("4", "calendar_hour"): 4,
        ("2", "working_hour"): 7,
        ("4", "working_hour"): 22,
        ("1", "working_day"): 113,
        ("2", "working_day"): 60,
        ("3", "working_day"): 73,
        ("4", "working_day"): 1,
        ("5", "working_day"): 67,
        ("7", "working_day"): 9,
        ("10", "working_day"): 2,
        ("15", "working_day"): 1,
    },
}
"""How many conditions of each kind have each limit: the frozen count of the published table."""

CONDITIONS_OF_MAJOR = {
    "event": {"01": (47, 69), "02": (8, 11), "03": (16, 21), "04": (13, 22), "05": (10, 14), "06": (4, 7)},
    "part": {"01": (40, 146), "02": (20, 89), "03": (10, 49), "04": (16, 69), "05": (6, 22)},
}
"""(sub-classes, conditions) of each major class."""

FACTS_DIGEST = "ac552c0d836f0c793ac7c8b52e72ee25ba2041f3bf7836928b2a32db6c2f8c99"
"""SHA-256 of the fact columns, row by row. It changes only when the published table itself is replaced."""

NINE = [
    "城市管理",
    "社会治安",
    "公共安全",
    "民生服务",
    "环境保护",
    "矛盾纠纷",
    "市场监管",
    "人口与房屋信息",
    "党建与其他",
]

Row = dict[str, str]
SubClass = tuple[str, str, str]


def read(name: str) -> list[Row]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


def sub_class(row: Row) -> SubClass:
    return row["kind"], row["major_code"], row["minor_code"]


CLASSES = read("case_classes.csv")
GOVERNANCE = read("governance_classes.csv")
ROUTES = read("routing_defaults.csv")
DEPARTMENTS = read("departments.csv")
CROSSWALK = read("class_crosswalk.csv")
FILES = [
    "case_classes.csv", "governance_classes.csv", "routing_defaults.csv", "departments.csv", "class_crosswalk.csv",
]  # fmt: skip


def test_the_table_has_every_condition_and_sub_class() -> None:
    assert len(CLASSES) == 519
    counted = Counter(kind for kind, _, _ in {sub_class(row) for row in CLASSES})
    assert counted == {"event": 98, "part": 92}


@pytest.mark.parametrize("kind", ["event", "part"])
def test_limits_are_those_of_the_published_table(kind: str) -> None:
    assert Counter((row["limit"], row["limit_unit"]) for row in CLASSES if row["kind"] == kind) == LIMITS[kind]


@pytest.mark.parametrize("kind", ["event", "part"])
def test_each_major_class_keeps_its_sub_classes_and_conditions(kind: str) -> None:
    minors: defaultdict[str, set[str]] = defaultdict(set)
    rows: Counter[str] = Counter()
    for row in CLASSES:
        if row["kind"] == kind:
            minors[row["major_code"]].add(row["minor_code"])
            rows[row["major_code"]] += 1
    assert {major: (len(minors[major]), rows[major]) for major in minors} == CONDITIONS_OF_MAJOR[kind]


def test_codes_names_and_limits_are_unchanged() -> None:
    facts = "\n".join("|".join(row[column] for column in FACTS) for row in CLASSES)
    assert hashlib.sha256(facts.encode()).hexdigest() == FACTS_DIGEST


@pytest.mark.parametrize("rows", [CLASSES, GOVERNANCE], ids=["city", "governance"])
def test_conditions_are_numbered_from_one_without_doubles(rows: list[Row]) -> None:
    numbers: defaultdict[SubClass, list[int]] = defaultdict(list)
    for row in rows:
        numbers[sub_class(row)].append(int(row["condition_no"]))
    wrong = {key: found for key, found in numbers.items() if found != list(range(1, len(found) + 1))}
    assert not wrong


@pytest.mark.parametrize("rows", [CLASSES, GOVERNANCE], ids=["city", "governance"])
def test_codes_and_limits_have_their_form(rows: list[Row]) -> None:
    for row in rows:
        assert re.fullmatch(r"[0-9]{2}", row["major_code"]), row
        assert re.fullmatch(r"[0-9]{2}", row["minor_code"]), row
        assert row["minor_code"] != "00", row
        assert re.fullmatch(r"[1-9][0-9]?", row["limit"]), row
        assert row["limit_unit"] in UNITS, row


@pytest.mark.parametrize("rows", [CLASSES, GOVERNANCE], ids=["city", "governance"])
def test_wording_is_present_and_short(rows: list[Row]) -> None:
    bounds = {
        "condition_zh": (12, 30),
        "closing_zh": (6, 30),
        "condition_en": (12, 80),
        "closing_en": (6, 70),
    }
    for row in rows:
        assert all(row[column].strip() == row[column] != "" for column in WORDING), row
        for column, (least, most) in bounds.items():
            assert least <= len(row[column]) <= most, (column, row)


@pytest.mark.parametrize("rows", [CLASSES, GOVERNANCE], ids=["city", "governance"])
def test_chinese_is_chinese_and_english_is_english(rows: list[Row]) -> None:
    for row in rows:
        assert not re.search(r"[A-Za-z]", row["condition_zh"] + row["closing_zh"]), row
        english = "".join(row[column] for column in WORDING if column.endswith("_en"))
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", english), row


@pytest.mark.parametrize("column", ["condition_zh", "condition_en"])
def test_conditions_of_one_sub_class_differ(column: str) -> None:
    doubles = [key for key, count in Counter((sub_class(row), row[column]) for row in CLASSES).items() if count > 1]
    assert not doubles


@pytest.mark.parametrize("rows", [CLASSES, GOVERNANCE], ids=["city", "governance"])
def test_a_code_has_one_name_in_each_language(rows: list[Row]) -> None:
    names: defaultdict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        names[row["kind"], row["major_code"]].add((row["major_name"], row["major_name_en"]))
        names[sub_class(row)].add((row["minor_name"], row["minor_name_en"]))
    assert all(len(found) == 1 for found in names.values())


@pytest.mark.parametrize("name", FILES)
def test_files_are_plain_text(name: str) -> None:
    raw = (DATA / name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")
    for forbidden in (b"\x00", b"\r", b"<", b">", b"&", b"\t", b"\xef\xbf\xbd"):
        assert forbidden not in raw
    assert all(None not in row and None not in row.values() for row in read(name))


@pytest.mark.parametrize("name", FILES)
def test_no_cell_would_be_taken_for_a_formula(name: str) -> None:
    assert not [cell for row in read(name) for cell in row.values() if cell[:1] in set("=+-@")]


def test_governance_has_nine_classes_of_four_to_eight() -> None:
    minors: defaultdict[str, set[str]] = defaultdict(set)
    for row in GOVERNANCE:
        minors[row["major_code"]].add(row["minor_code"])
    assert list(dict.fromkeys(row["major_name"] for row in GOVERNANCE)) == NINE
    assert all(4 <= len(found) <= 8 for found in minors.values())
    assert all(found == {f"{n:02}" for n in range(1, len(found) + 1)} for found in minors.values())


def test_every_governance_class_has_a_tier_and_one_first_holder() -> None:
    departments = {row["code"] for row in DEPARTMENTS}
    for row in GOVERNANCE:
        assert row["kind"] == "governance"
        assert row["starting_tier"] in {"grid", "community", "subdistrict"}, row
        post, department = row["default_post"], row["default_department"]
        assert (post in POSTS and department == "") or (post == "" and department in departments), row


def test_departments_have_one_code_each_and_are_used() -> None:
    codes = [row["code"] for row in DEPARTMENTS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z_]{1,30}", code) for code in codes)
    used = {row["target"] for row in ROUTES if row["target_kind"] == "department"}
    assert used | {row["default_department"] for row in GOVERNANCE} - {""} == set(codes)
    assert all(all(row.values()) for row in DEPARTMENTS)


def test_every_sub_class_has_a_route_and_no_route_leads_nowhere() -> None:
    keys = [sub_class(row) for row in ROUTES]
    assert len(set(keys)) == len(keys)
    known = {sub_class(row) for row in CLASSES}
    whole = {(kind, major) for kind, major, minor in keys if minor == "*"}
    assert {key for key in keys if key[2] != "*"} <= known
    assert whole == {(kind, major) for kind, major, _ in known}
    departments = {row["code"] for row in DEPARTMENTS}
    for row in ROUTES:
        assert row["target"] in {"post": POSTS, "department": departments}[row["target_kind"]], row
        assert row["fallback_post"] in POSTS - {row["target"]}, row
        assert row["reason_zh"], row
        assert row["reason_en"], row


@pytest.mark.parametrize(
    ("key", "target"),
    [
        (("event", "04", "06"), "city_inspector"),
        (("event", "01", "10"), "cleaner"),
        (("part", "01", "86"), "municipal_works"),
        (("part", "04", "02"), "greening"),
        (("part", "01", "11"), "gas"),
    ],
)
def test_familiar_problems_go_where_people_expect(key: SubClass, target: str) -> None:
    by_key = {sub_class(row): row["target"] for row in ROUTES}
    assert by_key.get(key, by_key[key[0], key[1], "*"]) == target


def test_every_governance_class_says_who_reads_its_words() -> None:
    assert {row["confidentiality"] for row in GOVERNANCE} == {"public", "restricted", "confidential"}
    levels = {row["major_code"] + row["minor_code"]: row["confidentiality"] for row in GOVERNANCE}
    assert levels["0606"] == levels["0203"] == "confidential"
    assert all(levels[code] != "public" for code in levels if code.startswith("06"))
    assert len({row["major_code"] for row in GOVERNANCE}) == 9


def test_the_crosswalk_names_its_classes_as_the_tables_do() -> None:
    names = {f"{row['kind'][0].upper()}{row['major_code']}": row["major_name"] for row in CLASSES}
    names |= {f"{row['kind'][0].upper()}{row['major_code']}{row['minor_code']}": row["minor_name"] for row in CLASSES}
    assert all(names[row["to_code"]] == row["to_name"] for row in CROSSWALK)
    swapped = {(row["from_code"], row["from_name"], row["to_code"]) for row in CROSSWALK}
    assert {("E04", "突发事件", "E05"), ("E05", "街面秩序", "E04")} <= swapped


def test_every_sub_class_of_the_two_majors_changes_places_and_no_other() -> None:
    codes = {f"{row['kind'][0].upper()}{row['major_code']}{row['minor_code']}" for row in CLASSES}
    codes |= {code[:3] for code in codes}
    carried = {row["to_code"]: row["from_code"] for row in CROSSWALK if row["basis"] == "swapped"}
    assert set(carried) == codes
    for code, old in carried.items():
        assert old == {"E04": "E05", "E05": "E04"}.get(code[:3], code[:3]) + code[3:], code


def test_the_crosswalk_says_what_each_row_rests_on() -> None:
    schemes = {(row["from_scheme"], row["basis"]) for row in CROSSWALK}
    assert schemes == {
        ("cjt-214-2007", "listed"), ("cjt-214-2007", "order"), ("gbt-30428-2-swapped", "swapped"),
    }  # fmt: skip
    numbers: dict[str, set[str]] = {}
    for row in CROSSWALK:
        numbers.setdefault(row["from_scheme"] + row["from_code"], set()).add(row["from_name"])
        if row["basis"] == "swapped":
            assert row["from_name"] == row["to_name"]
    assert all(len(names) == 1 for names in numbers.values()), "one number, one name"
