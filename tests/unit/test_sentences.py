"""Statements as sentences: a table of what is told and how it must read, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.dates import PartialDate
from graph.ids import PAL, PREFIXES
from graph.read.dates import Lang
from graph.read.embedded import EmbeddedStore
from graph.read.indexing import index
from graph.read.nouns import Noun, after, noun, place
from graph.read.sentences import Phrase, Told, clause, over, sentence
from graph.read.telling import Teller

LABEL = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True)
class Thing:
    """A thing as the graph knows it: names, class, French article of a state, local id."""

    en: str
    fr: str
    kind: str
    article: str | None = None
    id: str = ""

    def noun(self, lang: Lang) -> Noun:
        label = self.en if lang == "en" else self.fr or self.en
        foreign = lang == "fr" and not self.fr
        return noun(label, self.kind, lang, article=self.article, foreign=foreign, local=self.id)


FRANCE = Thing("France", "France", "State", "la")
AUSTRIA = Thing("Austria", "Autriche", "State", "l’")
MALI = Thing("Mali", "Mali", "State", "le")
CUBA = Thing("Cuba", "Cuba", "State", None)
ISRAEL = Thing("Israel", "Israël", "State", None)
USA = Thing("United States", "États-Unis", "State", "les")
PHILIPPINES = Thing("Philippines", "Philippines", "State", "les")
NIGERIA = Thing("Nigeria", "Nigeria", "State", "le")
SOUTH_AFRICA = Thing("South Africa", "Afrique du Sud", "State", "l’")
PALERMO = Thing("Protocol to Prevent, Suppress …", "Protocole additionnel …", "Protocol", id="palermo-protocol")
UNTOC = Thing(
    "United Nations Convention against Transnational Organized Crime",
    "Convention des Nations Unies contre la criminalité transnationale organisée",
    "Treaty",
)
ILO_29 = Thing("Forced Labour Convention, 1930 (No. 29)", "Convention (n° 29) sur le travail forcé, 1930", "Treaty")
COE = Thing("Council of Europe", "Conseil de l’Europe", "IntergovernmentalOrganisation")
UN = Thing("United Nations", "Organisation des Nations Unies", "IntergovernmentalOrganisation")
EU = Thing("European Union", "Union européenne", "IntergovernmentalOrganisation")
GRETA = Thing("Group of Experts …", "Groupe d’experts …", "CouncilOfEuropeBody", id="greta")
MIPROF = Thing("Interministerial Mission …", "Mission interministérielle …", "CoordinationBody", id="miprof")
EF = Thing("Expertise France", "Expertise France", "DevelopmentAgency")
ALTP = Thing("Fight against trafficking", "Lutte contre la traite", "Project")
RAPPORTEUR = Thing("Special Rapporteur on trafficking", "Rapporteur spécial sur la traite", "Mandate")
HUDA = Thing("Sigma Huda", "Sigma Huda", "Person")
PLAN = Thing("Improving the coordination of efforts", "Améliorer la coordination des efforts", "Resolution")
UNGA = Thing("General Assembly of the United Nations", "Assemblée générale des Nations Unies", "UNBody")
LAW = Thing("Law No. 2016-444 of 13 April 2016", "Loi n° 2016-444 du 13 avril 2016", "NationalLaw")
RANTSEV = Thing("Siliadin v. France", "Siliadin c. France", "Judgment")
COURT = Thing("European Court of Human Rights", "Cour européenne des droits de l’homme", "CouncilOfEuropeBody")
TALITA = Thing("Talita", "", "CivilSocietyOrganisation")
OFFICE = Thing("Office on Drugs and Crime", "Office contre la drogue et le crime", "UNBody")
BALI = Thing("Bali Process", "", "Initiative")


def edge_phrases() -> dict[str, dict[str, tuple[str, str]]]:
    """Predicate -> language -> verb phrase now and once ended, from the ontology itself."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for quad in parse(files("ontology").joinpath("edges.ttl").read_bytes(), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PAL + "edge-"):
            name, value = quad.subject.value.removeprefix(PAL + "edge-"), quad.object
            if isinstance(value, Literal) and value.language:
                by_lang = found.setdefault(name, {}).setdefault(value.language, {})
                by_lang[quad.predicate.value] = value.value
    return {
        name: {lang: (said[LABEL], said.get(PAL + "endedLabel", "")) for lang, said in by_lang.items()}
        for name, by_lang in found.items()
    }


PHRASES = edge_phrases()


@dataclass(frozen=True)
class Case:
    """What is told, and how it reads."""

    subject: Thing
    predicate: str
    object: Thing
    en: str
    fr: str
    start: str = ""
    end: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def told(self, lang: Lang) -> Told:
        now, ended = PHRASES[self.predicate][lang]
        dates = {"known_by", "in_force", "adopted", "published"}
        more = {key: PartialDate.parse(value) if key in dates else value for key, value in self.more.items()}
        end = PartialDate.parse(self.end) if self.end else None
        return Told(
            subject=self.subject.noun(lang),
            phrase=Phrase(self.predicate, now, ended, lasting=bool(ended)),
            object=self.object.noun(lang),
            start=PartialDate.parse(self.start) if self.start else None,
            end=end,
            ended=more.pop("ended", end is not None),
            **more,
        )


CASES = [
    Case(FRANCE, "ratified", PALERMO, start="2002-10-29",
         en="France ratified the Palermo Protocol on 29 October 2002.",
         fr="La France a ratifié le protocole de Palerme le 29 octobre 2002."),
    Case(FRANCE, "signed", PALERMO, start="2004-03-01",
         en="France signed the Palermo Protocol on 1 March 2004.",
         fr="La France a signé le protocole de Palerme le 1er mars 2004."),
    Case(FRANCE, "ratified", ILO_29, start="1937",
         en="France ratified the Forced Labour Convention, 1930 (No. 29) in 1937.",
         fr="La France a ratifié la convention (n° 29) sur le travail forcé, 1930 en 1937."),
    Case(AUSTRIA, "ratified", UNTOC, start="2004-09",
         en="Austria ratified the United Nations Convention against Transnational Organized Crime in September 2004.",
         fr="L’Autriche a ratifié la convention des Nations Unies contre la criminalité transnationale organisée en "
            "septembre 2004."),
    Case(USA, "ratified", PALERMO, start="2005-11-03",
         en="The United States ratified the Palermo Protocol on 3 November 2005.",
         fr="Les États-Unis ont ratifié le protocole de Palerme le 3 novembre 2005."),
    Case(MALI, "accededTo", PALERMO,
         en="Mali acceded to the Palermo Protocol on a day that no source states.",
         fr="Le Mali a adhéré au protocole de Palerme à une date qu’aucune source n’indique."),
    Case(FRANCE, "withdrewFrom", PALERMO, start="2021-07-01",
         en="France withdrew from the Palermo Protocol on 1 July 2021.",
         fr="La France s’est retirée du protocole de Palerme le 1er juillet 2021."),
    Case(USA, "withdrewFrom", UNTOC, start="2021",
         en="The United States withdrew from the United Nations Convention against Transnational Organized Crime in "
            "2021.",
         fr="Les États-Unis se sont retirés de la convention des Nations Unies contre la criminalité transnationale "
            "organisée en 2021."),
    Case(PHILIPPINES, "withdrewFrom", PALERMO, start="2021",
         en="The Philippines withdrew from the Palermo Protocol in 2021.",
         fr="Les Philippines se sont retirées du protocole de Palerme en 2021."),
    Case(SOUTH_AFRICA, "succeededTo", PALERMO, start="1997-11-18",
         en="South Africa declared itself bound by succession by the Palermo Protocol on 18 November 1997.",
         fr="L’Afrique du Sud s’est déclarée liée, par succession, par le protocole de Palerme le 18 novembre 1997."),
    Case(MALI, "becameParticipantIn", PALERMO, start="1973-02-02",
         en="Mali became a participant in the Palermo Protocol on 2 February 1973.",
         fr="Le Mali est devenu participant au protocole de Palerme le 2 février 1973."),
    Case(FRANCE, "boundInForceBy", UNTOC, start="2008-05-01",
         en="The United Nations Convention against Transnational Organized Crime entered into force for France on "
            "1 May 2008.",
         fr="La convention des Nations Unies contre la criminalité transnationale organisée est entrée en vigueur à "
            "l’égard de la France le 1er mai 2008."),
    Case(MALI, "boundInForceBy", PALERMO, start="2003-12-25",
         en="The Palermo Protocol entered into force for Mali on 25 December 2003.",
         fr="Le protocole de Palerme est entré en vigueur à l’égard du Mali le 25 décembre 2003."),
    Case(FRANCE, "partyTo", PALERMO, start="2002-10-29", more={"acts": ("ratified",)},
         en="France has been a party to the Palermo Protocol since 29 October 2002, by its ratification.",
         fr="La France est partie au protocole de Palerme depuis le 29 octobre 2002, par sa ratification."),
    Case(USA, "partyTo", PALERMO, start="2005", more={"in_force": "2005-12-03", "acts": ("accepted",)},
         en="The United States has been a party to the Palermo Protocol since 2005, by its acceptance, in force for it "
            "since 3 December 2005.",
         fr="Les États-Unis sont parties au protocole de Palerme depuis 2005, par leur acceptation, en vigueur à leur "
            "égard depuis le 3 décembre 2005."),
    Case(USA, "memberOf", COE, start="1996",
         en="The United States has been a member of the Council of Europe since 1996.",
         fr="Les États-Unis sont membres du Conseil de l’Europe depuis 1996."),
    Case(FRANCE, "partyTo", UNTOC, more={"known_by": "2008-05-01"},
         en="France has been a party to the United Nations Convention against Transnational Organized Crime since "
            "1 May 2008 at the latest.",
         fr="La France est partie à la convention des Nations Unies contre la criminalité transnationale organisée "
            "depuis le 1er mai 2008 au plus tard."),
    Case(CUBA, "partyTo", PALERMO,
         en="Cuba is a party to the Palermo Protocol; since when is not known.",
         fr="Cuba est partie au protocole de Palerme ; on ne sait pas depuis quand."),
    Case(MALI, "partyTo", ILO_29, start="1965-10-25", end="1979-04-19",
         en="Mali was a party to the Forced Labour Convention, 1930 (No. 29) from 25 October 1965 to 19 April 1979.",
         fr="Le Mali a été partie à la convention (n° 29) sur le travail forcé, 1930 du 25 octobre 1965 au "
            "19 avril 1979."),
    Case(FRANCE, "memberOf", COE, start="1949-05-05",
         en="France has been a member of the Council of Europe since 5 May 1949.",
         fr="La France est membre du Conseil de l’Europe depuis le 5 mai 1949."),
    Case(FRANCE, "memberOf", UN,
         en="France is a member of the United Nations; since when is not known.",
         fr="La France est membre de l’Organisation des Nations Unies ; on ne sait pas depuis quand."),
    Case(FRANCE, "memberOf", COE, start="1996-02-28", end="2022-03-16",
         en="France was a member of the Council of Europe from 28 February 1996 to 16 March 2022.",
         fr="La France a été membre du Conseil de l’Europe du 28 février 1996 au 16 mars 2022."),
    Case(FRANCE, "memberOf", COE, start="1996", end="2030", more={"ended": False},
         en="France has been a member of the Council of Europe from 1996 to 2030.",
         fr="La France est membre du Conseil de l’Europe de 1996 à 2030."),
    Case(GRETA, "partOf", COE,
         en="GRETA is part of the Council of Europe.",
         fr="Le GRETA fait partie du Conseil de l’Europe."),
    Case(GRETA, "monitors", ISRAEL, start="2021-09-01",
         en="GRETA has monitored Israel since 1 September 2021.",
         fr="Le GRETA assure le suivi d’Israël depuis le 1er septembre 2021."),
    Case(GRETA, "monitors", MALI, start="2016-09-05", end="2016-09-09",
         en="GRETA monitored Mali from 5 September 2016 to 9 September 2016.",
         fr="Le GRETA a assuré le suivi du Mali du 5 septembre 2016 au 9 septembre 2016."),
    Case(GRETA, "monitors", AUSTRIA, start="2008-02-01",
         more={"because": ("Austria ratified it", "it asked for it")},
         en="GRETA has monitored Austria since 1 February 2008, because Austria ratified it and it asked for it.",
         fr="Le GRETA assure le suivi de l’Autriche depuis le 1er février 2008, parce qu’Austria ratified it et "
            "qu’it asked for it."),
    Case(GRETA, "evaluated", FRANCE, more={"published": "2017-07-06", "adopted": "2017-03", "round": "2"},
         en="GRETA evaluated France (round 2); the report was adopted in March 2017 and published on 6 July 2017.",
         fr="Le GRETA a évalué la France (2e cycle) ; le rapport a été adopté en mars 2017 et publié le "
            "6 juillet 2017."),
    Case(GRETA, "evaluated", USA, more={"round": "1-2"},
         en="GRETA evaluated the United States (rounds 1 and 2); the day of the report is not known.",
         fr="Le GRETA a évalué les États-Unis (1er et 2e cycles) ; la date du rapport n’est pas connue."),
    Case(MIPROF, "cooperatesWith", GRETA, start="2013-01-03",
         en="MIPROF has cooperated with GRETA since 3 January 2013.",
         fr="La MIPROF coopère avec le GRETA depuis le 3 janvier 2013."),
    Case(EF, "implements", ALTP, start="2019", end="2023",
         en="Expertise France implemented the project “Fight against trafficking” from 2019 to 2023.",
         fr="Expertise France a mis en œuvre le projet « Lutte contre la traite » de 2019 à 2023."),
    Case(EF, "implements", LAW,
         en="Expertise France implements Law No. 2016-444 of 13 April 2016.",
         fr="Expertise France met en œuvre la loi n° 2016-444 du 13 avril 2016."),
    Case(EU, "funds", ALTP, start="2019-08", end="2020-10-01",
         en="The European Union funded the project “Fight against trafficking” from August 2019 to 1 October 2020.",
         fr="L’Union européenne a financé le projet « Lutte contre la traite » d’août 2019 au 1er octobre 2020."),
    Case(ALTP, "takesPlaceIn", NIGERIA, start="2019",
         en="The project “Fight against trafficking” has taken place in Nigeria since 2019.",
         fr="Le projet « Lutte contre la traite » se déroule au Nigeria depuis 2019."),
    Case(ALTP, "takesPlaceIn", FRANCE, start="2019", end="2020",
         en="The project “Fight against trafficking” took place in France from 2019 to 2020.",
         fr="Le projet « Lutte contre la traite » s’est déroulé en France de 2019 à 2020."),
    Case(EF, "basedIn", USA,
         en="Expertise France is based in the United States.",
         fr="Expertise France a son siège aux États-Unis."),
    Case(HUDA, "basedIn", CUBA,
         en="Sigma Huda is based in Cuba.",
         fr="Sigma Huda exerce à Cuba."),
    Case(HUDA, "holdsMandate", RAPPORTEUR, start="2004", end="2008",
         en="Sigma Huda held the mandate of the Special Rapporteur on trafficking from 2004 to 2008.",
         fr="Sigma Huda a exercé le mandat du rapporteur spécial sur la traite de 2004 à 2008."),
    Case(UNGA, "adopted", PLAN, start="2006-12-20",
         en="The General Assembly of the United Nations adopted “Improving the coordination of efforts” on "
            "20 December 2006.",
         fr="L’Assemblée générale des Nations Unies a adopté « Améliorer la coordination des efforts » le "
            "20 décembre 2006."),
    Case(COURT, "decided", RANTSEV, start="2005-07-26",
         en="The European Court of Human Rights decided the case Siliadin v. France on 26 July 2005.",
         fr="La Cour européenne des droits de l’homme a tranché l’affaire Siliadin c. France le 26 juillet 2005."),
    Case(RANTSEV, "respondent", FRANCE, start="2005-07-26",
         en="Siliadin v. France was a case against France.",
         fr="L’arrêt Siliadin c. France a été rendu dans une affaire contre la France."),
    Case(OFFICE, "administers", BALI, start="2010",
         en="The Office on Drugs and Crime has administered the Bali Process since 2010.",
         fr="L’Office contre la drogue et le crime administre « Bali Process » depuis 2010."),
    Case(TALITA, "memberOf", EU, end="2019",
         en="Talita was a member of the European Union until 2019.",
         fr="Talita a été membre de l’Union européenne jusqu’en 2019."),
    Case(PALERMO, "amendsOrSupplements", UNTOC,
         en="The Palermo Protocol amends or supplements the United Nations Convention against Transnational Organized "
            "Crime.",
         fr="Le protocole de Palerme modifie ou complète la convention des Nations Unies contre la criminalité "
            "transnationale organisée."),
]  # fmt: skip

assert len(CASES) >= 40


def breaking(text: str) -> str:
    """The table is written with plain spaces; which of them must not break is tested on its own."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.en[:60])
def test_sentence(case: Case) -> None:
    assert sentence(case.told("en"), "en") == case.en
    assert breaking(sentence(case.told("fr"), "fr")) == case.fr


def test_french_spaces_do_not_break_where_they_must_not() -> None:
    nb = "\u00a0"
    told = next(case for case in CASES if case.predicate == "implements").told("fr")
    assert f"«{nb}Lutte contre la traite{nb}»" in sentence(told, "fr")
    report = next(case for case in CASES if case.predicate == "evaluated").told("fr")
    assert f"{nb};" in sentence(report, "fr")
    assert f"le{nb}6{nb}juillet 2017" in sentence(report, "fr")


def test_a_clause_stands_inside_a_sentence() -> None:
    case = next(one for one in CASES if one.predicate == "withdrewFrom")
    assert clause(case.told("fr"), "fr").startswith("la France s’est retirée")


@pytest.mark.parametrize(
    ("phrase", "thing", "joined"),
    [
        ("partie à", MALI, "partie au Mali"),
        ("partie à", USA, "partie aux États-Unis"),
        ("partie à", FRANCE, "partie à la France"),
        ("partie à", AUSTRIA, "partie à l’Autriche"),
        ("partie à", CUBA, "partie à Cuba"),
        ("membre de", MALI, "membre du Mali"),
        ("membre de", USA, "membre des États-Unis"),
        ("membre de", AUSTRIA, "membre de l’Autriche"),
        ("membre de", ISRAEL, "membre d’Israël"),
        ("membre de", CUBA, "membre de Cuba"),
        ("suivi par", MALI, "suivi par le Mali"),
        ("à", MALI, "au Mali"),
    ],
)
def test_contraction(phrase: str, thing: Thing, joined: str) -> None:
    assert after(phrase, thing.noun("fr")) == joined


@pytest.mark.parametrize(
    ("thing", "said"),
    [(FRANCE, "en France"), (AUSTRIA, "en Autriche"), (MALI, "au Mali"), (USA, "aux États-Unis"), (CUBA, "à Cuba")],
)
def test_place(thing: Thing, said: str) -> None:
    assert place(thing.noun("fr")) == said


@pytest.mark.parametrize(
    ("label", "kind", "said"),
    [
        ("Haut-Commissariat aux réfugiés", "UNBody", "le Haut-Commissariat aux réfugiés"),
        ("Premier plan d’action national", "ActionPlan", "le premier plan d’action national"),
        ("2nd plan d’action national", "ActionPlan", "le 2nd plan d’action national"),
        ("La Voix de l’enfant", "CivilSocietyOrganisation", "La Voix de l’enfant"),
        ("Commissions départementales", "CoordinationBody", "les Commissions départementales"),
        ("Collectif « Ensemble »", "Network", "le Collectif « Ensemble »"),
        ("FSP « Appui »", "Project", "le projet « FSP “Appui” »"),
    ],
)
def test_french_names(label: str, kind: str, said: str) -> None:
    assert breaking(noun(label, kind, "fr").text) == said


@pytest.mark.parametrize(
    ("label", "kind", "said"),
    [
        ("Netherlands", "State", "the Netherlands"),
        ("Central African Republic", "State", "the Central African Republic"),
        ("Haiti", "State", "Haiti"),
        ("A European Agenda on Migration", "Strategy", "“A European Agenda on Migration”"),
        ("National strategy against prostitution", "Strategy", "the National strategy against prostitution"),
        (
            "Directive 2011/36/EU on preventing trafficking",
            "Directive",
            "Directive 2011/36/EU on preventing trafficking",
        ),
        ("La Strada International", "CivilSocietyOrganisation", "La Strada International"),
        ("Walk Free Foundation", "CivilSocietyOrganisation", "the Walk Free Foundation"),
    ],
)
def test_english_names(label: str, kind: str, said: str) -> None:
    assert noun(label, kind, "en").text == said


def test_over() -> None:
    end = date(2022, 3, 16)
    assert over(end, None)
    assert over(end, end)
    assert not over(end, date(2022, 3, 15))
    assert not over(None, end)


@pytest.fixture(scope="module")
def teller(release_dir: Path) -> Teller:
    with EmbeddedStore.open(release_dir) as store:
        return Teller(index(store), store)


@pytest.fixture(scope="module")
def network(release_dir: Path) -> Any:
    with EmbeddedStore.open(release_dir) as store:
        return index(store)


@pytest.mark.parametrize(
    ("path", "en", "fr"),
    [
        ("action/palermo-protocol/fra/ratification",
         "France ratified the Palermo Protocol on 29 October 2002.",
         "La France a ratifié le protocole de Palerme le 29 octobre 2002."),
        ("party/palermo-protocol/fra",
         "France has been a party to the Palermo Protocol since 29 October 2002, by its ratification, in force for it "
         "since 25 December 2003.",
         "La France est partie au protocole de Palerme depuis le 29 octobre 2002, par sa ratification, en vigueur à "
         "son égard depuis le 25 décembre 2003."),
        ("relation/fra/memberOf/coe",
         "France has been a member of the Council of Europe since 5 May 1949.",
         "La France est membre du Conseil de l’Europe depuis le 5 mai 1949."),
    ],
)  # fmt: skip
def test_real_statements(teller: Teller, network: Any, path: str, en: str, fr: str) -> None:
    edge = network.edges[network.statements[network.ids.entity(path)]]
    assert teller.say(edge, "en") == en
    assert breaking(teller.say(edge, "fr")) == fr


def test_every_statement_of_the_release_can_be_told(teller: Teller, network: Any) -> None:
    for edge in network.edges:
        for lang in ("en", "fr"):
            said = teller.say(edge, lang)
            assert said.endswith("."), said
            assert not any(
                wrong in breaking(said) for wrong in (" à le ", " de le ", " à les ", " de les ", "  ", "None", "qu’le")
            ), said
