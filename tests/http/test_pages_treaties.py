"""The pages of treaties say what the tables say, counted again by :mod:`tests.http.recount`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from tests.http import recount

TREATIES = ["palermo-protocol", "untoc", "cets-197", "crc", "traffic-in-persons-convention-1950", "ilo-p029"]
DAYS = ["1970-06-30", "2004-12-31", "2014-01-01", "2026-11-23"]


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A client of the server over the real release."""
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def table(answer: httpx.Response) -> list[dict[str, str]]:
    """A CSV answer's rows."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("treaty", TREATIES)
def test_who_is_bound_is_recounted_from_the_tables(client: httpx.Client, treaty: str, day: str) -> None:
    """Everybody bound for certain is on the page as bound; nobody is that the tables do not allow."""
    listed = table(client.get(f"/treaties/{treaty}.csv", params={"as_of": day}))
    bound = {row["participant"] for row in listed if row["status"] in ("bound", "in-force")}
    certain, perhaps = recount.bound(treaty, date.fromisoformat(day))
    assert certain <= bound <= certain | perhaps


def test_the_palermo_protocol_at_the_end_of_2004(client: httpx.Client) -> None:
    """The sentence's number is the recounted one, exactly: no source disagrees about a side of that day."""
    certain, _ = recount.bound("palermo-protocol", date(2004, 12, 31))
    text = client.get("/treaties/palermo-protocol", params={"as_of": "2004", "lang": "en"}).text
    counted = re.search(r"On 31 December 2004, (\d+) states", text)
    assert counted
    assert int(counted[1]) == len(certain - {"eu"})
    french = client.get("/treaties/palermo-protocol", params={"as_of": "2004-12-31", "lang": "fr"}).text
    assert f"Au 31 décembre 2004, {counted[1]} États étaient liés par le protocole de Palerme." in french


@pytest.mark.parametrize("treaty", ["palermo-protocol", "cets-216", "icrmw"])
def test_signed_only_are_signatories_that_nothing_binds(client: httpx.Client, treaty: str) -> None:
    """A signature is no ratification: the list holds exactly the signatories without an act that binds."""
    listed = {
        row["participant"]
        for row in table(client.get("/treaties/signed-only.csv", params={"as_of": "2026-11-23"}))
        if row["treaty"] == treaty
    }
    certain, perhaps = recount.bound(treaty, date(2026, 11, 23))
    assert listed == recount.signatories(treaty) - certain - perhaps
    assert listed, "a list that is always empty proves nothing"


def test_a_denunciation_closes(client: httpx.Client) -> None:
    """Turkey left the Istanbul Convention: bound before, gone after, and never again counted as bound."""
    before = table(client.get("/treaties/cets-210.csv", params={"as_of": "2020-01-01"}))
    after = table(client.get("/treaties/cets-210.csv", params={"as_of": "2026-11-23"}))
    assert {row["status"] for row in before if row["participant"] == "tur"} <= {"bound", "in-force", "unknown"}
    assert [row["status"] for row in after if row["participant"] == "tur"] == ["left"]


def test_each_sign_leads_to_its_evidence(client: httpx.Client) -> None:
    """Every sign of the matrix but "nothing known" is a link below /doc; some of each kind are followed."""
    text = client.get("/treaties", params={"lang": "en", "members": "coe"}).text
    signs = re.findall(r'<td class="sign ([a-z-]+)">(<a href="([^"]+)")?', text)
    assert len(signs) > 46 * 10
    assert all(bool(link) == (status != "none") for status, link, _ in signs)
    chosen = {status: href for status, _, href in signs if href}
    assert set(chosen) >= {"bound", "in-force", "signed"}
    for href in chosen.values():
        assert client.get(href, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("sort", ["name", "bound", "cets-197"])
@pytest.mark.parametrize("region", ["", "africa"])
def test_the_matrix_can_be_sorted_and_filtered(client: httpx.Client, sort: str, region: str) -> None:
    """Order and filter change the rows and lose none."""
    states = {row["id"] for row in recount.rows("states") if row["type"] == "State"}
    text = client.get("/treaties", params={"sort": sort, "region": region, "lang": "en"}).text
    shown = re.findall(r'<th scope="row"><a href="/treaties/states/([a-z]{2,3})"', text)
    assert len(shown) == len(set(shown))
    if region:
        assert {"nga", "tgo"} <= set(shown)
        assert "fra" not in shown
    else:
        assert states <= set(shown)
    if sort == "bound":
        numbers = [int(one) for one in re.findall(r'<td class="number">(\d+)</td></tr>', text.split("</table>")[0])]
        assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("as_of", ["2004-13-01", "tomorrow", "1600", "2004-02-30"])
def test_a_day_that_is_none_is_refused(client: httpx.Client, as_of: str) -> None:
    """A wrong day is an error that says what is allowed, never today in silence."""
    answer = client.get("/treaties", params={"as_of": as_of})
    assert answer.status_code == 400
    assert "2004-12-31" in answer.text


@pytest.mark.parametrize("path", ["/treaties/no-such", "/treaties/states/zzz", "/treaties/no-such.csv"])
def test_what_there_is_not_is_404(client: httpx.Client, path: str) -> None:
    """Unknown treaties and states are not found."""
    assert client.get(path).status_code == 404


def test_the_map_colours_by_status_and_leaves_disputed_areas_alone(client: httpx.Client) -> None:
    """Every country with an act is a link; the five disputed areas have a dashed outline and none."""
    text = client.get("/treaties/palermo-protocol/map.svg", params={"as_of": "2026-11-23"}).text
    assert text.startswith("<svg")
    assert text.count('stroke-dasharray="2 2"') == 5
    assert text.count("<a href=") > 170
    assert " style=" not in text


def test_nobody_is_said_to_be_perhaps_bound_before_a_treaty_was_adopted(client: httpx.Client) -> None:
    """An act of unknown day cannot be older than its treaty: the protocol of 2014 has nobody in 2004."""
    assert table(client.get("/treaties/ilo-p029.csv", params={"as_of": "2004-12-31"})) == []
    after = table(client.get("/treaties/ilo-p029.csv", params={"as_of": "2015-01-01"}))
    assert "unknown" in {row["status"] for row in after}
