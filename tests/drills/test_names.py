"""Names and codes."""

from crossings.drills.names import LONGEST, cleaned, new_code, typed_code, unique


def test_names_lose_control_and_direction_marks_and_length() -> None:
    assert cleaned("  Amina \n\t  Said  ") == "Amina Said"
    assert cleaned("A\u202eB\u0000C\u200b") == "A B C"
    assert cleaned("x" * 500) == "x" * LONGEST
    assert cleaned("\ud800") == ""
    assert cleaned(None) == "" and cleaned(["x"]) == ""
    assert cleaned("<b>x</b>") == "<b>x</b>"  # shown as text everywhere, so nothing to remove


def test_names_are_unique_whatever_their_case() -> None:
    assert unique("Ana", []) == "Ana"
    assert unique("ana", ["Ana"]) == "ana (2)"
    assert unique("Ana", ["Ana", "Ana (2)"]) == "Ana (3)"
    long = "x" * LONGEST
    assert unique(long, [long]).endswith(" (2)") and len(unique(long, [long])) == LONGEST


def test_codes_are_copied_as_people_copy_them() -> None:
    code = new_code(4)
    assert typed_code(f" {code[:2].lower()}-{code[2:]} ") == code
    assert typed_code(7) == "" and typed_code("'; DROP") == "DROP"
