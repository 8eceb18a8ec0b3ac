"""Notebook 10 against the others: its links lead to the cells that they name, its glossary holds the course's words."""

import re
from pathlib import Path

import pytest

from tools.notebooks import read

NOTEBOOKS = {path.name: read(path).cells for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))}
NOTES = NOTEBOOKS["10_exam_notes.ipynb"]
LINK = re.compile(r"\[[^\]]+\]\((\w+\.ipynb)#cell-id=([\w-]+)\)")
GREEK = dict(zip("theta eta lambda kappa mu sigma omega beta rho varepsilon".split(), "θηλκμσωβρε", strict=True))
NO_TERMS = {"open it", "predict", "seconds"}  # bold for another reason
PREVIEWS = ("title", "index")  # cells that name what is to come


def markdown(cells):
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def linked(name, cell_id):
    return next((cell.source for cell in NOTEBOOKS.get(name, ()) if cell.id == cell_id), None)


def has(term, text):
    """Whether a term stands in a text, in singular or plural, outside of link targets."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.search(rf"(?<![\w-]){re.escape(term)}e?s?(?![\w])", text, re.IGNORECASE) is not None


def table(heading):
    cell = next(cell.source for cell in NOTES if cell.source.startswith(f"## {heading}"))
    return [[part.strip() for part in line.strip("|").split(" | ")] for line in cell.splitlines() if line[:2] == "| "][
        1:
    ]


GLOSSARY = table("Glossary")


def test_every_link_leads_to_a_cell():
    links = LINK.findall(markdown(NOTES))
    assert len(links) > 70
    assert [link for link in links if linked(*link) is None] == []


def test_nine_claims_have_an_experiment_a_link_and_a_limit():
    claims = [index for index, cell in enumerate(NOTES) if cell.source.startswith("### ")]
    assert len(claims) == 9
    for index in claims:
        claim, experiment, limit = NOTES[index : index + 3]
        assert LINK.search(claim.source)
        assert experiment.cell_type == "code" and experiment.outputs[0].text.strip()
        assert "**The limit" in limit.source


@pytest.mark.parametrize("row", GLOSSARY, ids=[row[0] for row in GLOSSARY])
def test_a_term_is_explained_where_the_glossary_says_and_not_used_before(row):
    term, _, _, link = row
    name, cell_id = LINK.fullmatch(link).groups()
    assert has(term, linked(name, cell_id))
    earlier = [cell for other, cells in NOTEBOOKS.items() if other < name for cell in cells if cell.id not in PREVIEWS]
    assert not has(term, re.sub(r"\[\d\d [^\]]*\]", "", markdown(earlier)))  # the titles of notebooks are links


def test_the_terms_are_in_order():
    terms = [row[0].lower() for row in GLOSSARY]
    assert terms == sorted(set(terms))


def test_every_bold_term_of_the_course_is_in_the_glossary():
    terms = {row[0].lower() for row in GLOSSARY}
    for name, cells in NOTEBOOKS.items():
        if "01" <= name < "10":
            bold = re.findall(r"\*\*([A-Za-z]+(?:[ -][a-z]+){0,2})\*\*", markdown(cells))
            unknown = {word.lower() for word in bold} - NO_TERMS - terms
            assert {word for word in unknown if word.removesuffix("s") not in terms} == set(), name


def test_every_greek_letter_of_the_course_is_in_the_glossary():
    signs = "".join(row[1] for row in GLOSSARY)
    for name, cells in NOTEBOOKS.items():
        text = markdown(cells)
        letters = {GREEK[word] for word in re.findall(r"\\([a-z]+)", text) if word in GREEK}
        assert letters | set(re.findall("[α-ω]", text)) - {"π"} <= set(signs), name
