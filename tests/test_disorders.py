"""Disorders and medicines: from dose to function in one person and in many; what was not studied is refused."""

import html
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from nbmodel import cli, collection, disorders, drug_levels, drugs, evidence, figures, gain, scenario
from nbmodel.core import solve
from nbmodel.disorders import (
    clamped_balance,
    clinical_studies,
    conditions,
    plots,
    readouts,
    treatment,
    virtual_patients,
)
from nbmodel.disorders.clamped_balance import Effects
from nbmodel.exercises import questions
from nbmodel.models import norepinephrine_terminal
from nbmodel.models.norepinephrine_terminal import SECONDS_PER_HOUR
from nbmodel.scenario import ScenarioError, clinical_case

REST = norepinephrine_terminal.network()
USED = [(condition, drug) for condition in conditions.CONDITIONS for drug in ("none", *drugs.medicines(condition))]
# What a drug does to NE outside; alpha1 and beta antagonists act on target cells only.
RAISES = {"NET inhibitor", "tricyclic", "stimulant", "SNRI", "NDRI", "NE precursor", "alpha2 antagonist"}
LOWERS = {"alpha2 agonist"}


def results(**values: object) -> dict[str, float]:
    table = disorders.results(scenario.make("disorders", values))
    return dict(zip(table["name"], table["value"], strict=True))


# -- each drug in each condition, and none -------------------------------------------------------------------------


@pytest.mark.parametrize(("condition", "drug"), USED)
def test_every_drug_runs_in_every_condition_it_is_used_for(condition: str, drug: str) -> None:
    case = scenario.make("disorders", {"condition": condition, "drug": drug, "patients": 20})
    found = dict(zip(*(disorders.results(case)[key] for key in ("name", "value")), strict=True))
    assert np.all(np.isfinite(list(found.values())))
    kind = drugs.drug(drug).kind if drug != "none" else ""
    before, after = found["untreated_ne"], found["treated_ne"]
    if kind in RAISES:
        assert after > before
    elif kind in LOWERS:
        assert after < before
    else:
        assert after == pytest.approx(before, rel=1e-3)
    assert (
        found["occupancy_trough"] <= found["occupancy_mean"] * (1 + 1e-9) <= found["occupancy_peak"] * (1 + 2e-9) <= 101
    )
    assert found["plasma_trough"] <= found["plasma_mean"] * (1 + 1e-9) <= found["plasma_peak"] * (1 + 2e-9)
    # Whoever is studied, the usual person lies among the virtual ones.
    assert found["patients_treated_low"] <= after * 1.05 and after * 0.95 <= found["patients_treated_high"]
    who = disorders.of(case)
    assert bool(who.readouts) is (drug != "dexmedetomidine")
    for name in who.readouts:
        low, high = (found[f"patients_{name}_{end}"] for end in ("low", "high"))
        assert low <= found[f"{name}_treated"] * 1.01 and found[f"{name}_treated"] * 0.99 <= high, name
    said = treatment.caveats(disorders.of(case), condition)
    if drug != "none":
        assert set(drugs.caveats(drug)) <= set(said)
    if condition != "healthy":
        assert any("Contested" in sentence for sentence in said)


def test_a_drug_with_numbers_to_confirm_says_so_in_words() -> None:
    who = treatment.patient(REST, "ptsd", "prazosin")
    assert drugs.drug("prazosin").besides in " ".join(treatment.caveats(who, "ptsd"))
    said = " ".join(treatment.caveats(who, "ptsd"))
    assert "was not read at its source" in said and "is assumed" in said
    drowsy = treatment.patient(REST, "adhd", "guanfacine")
    assert "sedates" in " ".join(treatment.caveats(drowsy, "adhd")) and "sedates" not in said
    assert "not listed here as a drug for major depression" in " ".join(treatment.caveats(who, "mdd"))


def test_readouts_are_withheld_from_a_drug_that_is_given_to_sedate() -> None:
    case = scenario.make("disorders", {"condition": "healthy", "drug": "dexmedetomidine", "patients": 20})
    names = set(disorders.results(case)["name"])
    who = disorders.of(case)
    assert not names & {f"{name}_treated" for name in readouts.READOUTS} and "ne_treated_of_healthy" in names
    assert "given to sedate" in " ".join(treatment.caveats(who, "healthy"))
    assert list(disorders.ranges(case).columns) == ["number and its range", "NE at low end", "NE at high end"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("condition", "drug"), [("adhd", "atomoxetine"), ("dbh_deficiency", "droxidopa"), ("healthy", "none")]
)
def test_the_report_of_a_case_warns_and_says_what_was_not_read(condition: str, drug: str, tmp_path: Path) -> None:
    typed = ["-p", f"condition={condition}", "-p", f"drug={drug}", "-p", "weeks=2", "-o", str(tmp_path)]
    answer = CliRunner().invoke(cli.main, ["report", "disorders", *typed])
    assert answer.exit_code == 0, answer.output
    (page,) = (path for path in tmp_path.glob("disorders*.html"))
    text = html.unescape(page.read_text(encoding="utf-8"))
    assert ": one simulated person</h1>" in text and scenario.THEMES["disorders"].question not in text
    assert text.index("eaching model, not for clinical use") < text.index("1. One person")
    # The doubts stand beside the case, before anything else is told.
    place = text.index("What is not known about this case")
    for sentence in treatment.caveats(
        disorders.of(scenario.make("disorders", {"condition": condition, "drug": drug})), condition
    ):
        assert place < text.index(sentence) < text.index("<h2", place)


@pytest.mark.long
def test_every_drug_in_every_condition_goes_through_the_command_line(tmp_path: Path) -> None:
    rows = ["theme,name,condition,drug,patients"] + [f"disorders,{c}-{d},{c},{d},20" for c, d in USED]
    (tmp_path / "cases.csv").write_text("\n".join(rows), encoding="utf-8")
    typed = ["batch", str(tmp_path / "cases.csv"), "--results-only", "--workers", "1", "-o", str(tmp_path / "out")]
    answer = CliRunner().invoke(cli.main, typed)
    assert answer.exit_code == 0, answer.output
    found = pd.read_csv(tmp_path / "out" / "results.csv").set_index("report")
    assert set(found.index) == {f"{c}-{d}" for c, d in USED}
    assert np.isfinite(found["ne_treated_of_healthy (of healthy)"]).all()


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"drug": "atomoxetin"}, "did you mean 'atomoxetine'"),
        ({"condition": "adh"}, "did you mean 'adhd'"),
        ({"dose_mg": 400}, "it must lie in 10 to 100 mg"),
        ({"dose_mg": 110}, "a day's total here stops at 100 mg"),
        ({"condition": "ADHD"}, "did you mean 'adhd'"),
        ({"condition": "bipolar"}, "not one of healthy, mdd, mdd_melancholic, gad, ptsd, adhd, dbh_deficiency"),
        ({"condition": "mdd", "reading": "sad"}, "usual, more transporters, little release"),
        ({"reading": "little release"}, "the readings of adhd"),
        ({"condition": "healthy", "reading": "raised tone"}, "healthy has no other reading"),
        ({"start_mg": 5}, "0 \\(no starting dose\\) or at least 10 mg"),
        ({"start_mg": 10, "start_weeks": 3}, "take fewer start_weeks or more weeks"),
        ({"missed_doses": 9}, "it must lie in 0 to 3"),
        ({"drug": "dexmedetomidine", "missed_doses": 1}, "dexmedetomidine is infused all the time"),
        ({"drug": "none", "start_mg": 10}, "without a drug there is no dose"),
        ({"drug": "clonidine", "dose_mg": "0.4 mg"}, "0.05 to 0.3 mg"),
        ({"drug": "bupropion", "dose_mg": 200, "doses_per_day": "three"}, "stops at 450 mg"),
        ({"drug": "none", "dose_mg": 40}, "without a drug there is no dose"),
        ({"drug": "reboxetine", "metaboliser": "poor"}, "no numbers of reboxetine for others"),
        ({"drug": "dexmedetomidine", "doses_per_day": "two"}, "infused all the time"),
        ({"drug": "hydroxybupropion"}, "did you mean 'bupropion'"),
        ({"weeks": 100}, "1 to 12 week"),
    ],
)
def test_what_was_not_studied_is_refused_with_what_was(
    settings: Mapping[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario.make("disorders", settings)
    typed = [part for name, value in settings.items() for part in ("-p", f"{name}={value}")]
    answer = CliRunner().invoke(cli.main, ["report", "disorders", *typed, "-o", str(tmp_path / "out")])
    assert answer.exit_code == 2 and words.replace("\\", "") in answer.stderr
    assert not (tmp_path / "out").exists()


def test_the_scenario_offers_the_drugs_and_doses_that_the_formulary_has() -> None:
    assert clinical_case.drug_names() == ("none", *drugs.medicines())
    for drug in drugs.medicines():
        case = scenario.make("disorders", {"drug": drug})
        assert disorders.of(case).given == drugs.regimen(drug, weeks=case["weeks"])
        kinds = scenario.THEMES["disorders"].given({"drug": drug})["metaboliser"].choices
        assert kinds == drugs.metabolisers(drug)
        # What a report hands to the notebook makes the same scenario.
        assert scenario.make("disorders", case.changed) == case
    with pytest.raises(ScenarioError) as caught:
        scenario.make("disorders", {"start_mg": 5, "start_weeks": 3})
    assert len(caught.value.problems) == 2
    twice = disorders.of(scenario.make("disorders", {"drug": "atomoxetine", "dose_mg": 20, "doses_per_day": "two"}))
    assert twice.given == drugs.regimen("atomoxetine", 20, 12, 2)


def test_a_case_is_named_by_its_person_and_dose_unless_its_scenario_has_a_title() -> None:
    def named(**values: object) -> str:
        return scenario.make("disorders", values).title

    assert named() == "ADHD on atomoxetine 40 mg/day: one simulated person"
    assert named(drug="atomoxetine", dose_mg=30, doses_per_day="two").startswith("ADHD on atomoxetine 60 mg/day:")
    assert named(metaboliser="poor").startswith("ADHD on atomoxetine 40 mg/day, poor metaboliser:")
    assert named(condition="mdd", reading="little release", drug="none").startswith(
        "Major depression, read as little release, no drug:"
    )
    assert "0.7 ug/kg/h:" in named(condition="healthy", drug="dexmedetomidine")
    assert scenario.make("disorders", {}, "My own").title == "My own"


def test_every_stored_scenario_of_the_theme_can_be_made() -> None:
    made = [scenario.load(path)[1] for path in collection.scenarios_folder().glob("disorders_*.yaml")]
    assert {case["condition"] for case in made} == set(conditions.CONDITIONS)


def test_a_case_can_start_low_and_end_with_a_missed_dose() -> None:
    settings = {
        "drug": "venlafaxine",
        "condition": "gad",
        "dose_mg": 150,
        "start_mg": 75,
        "start_weeks": 1,
        "missed_doses": 2,
    }
    case = scenario.make("disorders", settings)
    given = disorders.of(case).given
    assert given is not None
    assert [mg for _, mg, _ in given.intakes] == [75.0] * 7 + [150.0] * 5
    assert "75 mg in the first week" in disorders.described(case) and "last 2 doses left out" in disorders.described(
        case
    )
    full = results(**{**settings, "missed_doses": 0, "patients": 20})
    missed = results(**settings, patients=20)
    assert missed["occupancy_mean"] < full["occupancy_mean"] and missed["treated_ne"] < full["treated_ne"]
    # Receptors have adapted to the last week, not to the last day.
    assert missed["treated_ne"] != pytest.approx(missed["ne_at_once"], rel=1e-3)


def test_a_reading_can_be_chosen_and_the_usual_one_is_the_first() -> None:
    usual, little, more = (
        results(condition="mdd", drug="none", patients=20, reading=reading)
        for reading in ("usual", "little release", "more transporters")
    )
    assert usual == more and little["untreated_ne"] < more["untreated_ne"]
    said = treatment.caveats(treatment.patient(REST, "mdd"), "mdd", "little release")
    assert "little release (used here)" in said[0] and "more transporters (another reading)" in said[1]


def test_what_is_told_of_a_case_follows_from_its_numbers() -> None:
    def told(**values: object) -> str:
        case = scenario.make("disorders", {"patients": 20, **values})
        who = disorders.of(case)
        outcome = treatment.treat(who)
        return " ".join([*disorders.told(case, who, outcome), *disorders.told_of_function(case, who, outcome)])

    assert "NE outside rises" in told() and "swings over the day" in told()
    assert "acts on target cells alone" in told(condition="ptsd", drug="prazosin")
    assert "Lower than untreated: gain by alpha1 stimulation" in told(condition="ptsd", drug="prazosin")
    assert "better than in health" in told(condition="ptsd", drug="none")
    assert "NE outside falls" in told(condition="healthy", drug="dexmedetomidine")
    assert "overshoot" in told(condition="ptsd", drug="atomoxetine", dose_mg=80, basal_ne=14)
    # Attention is worse under yohimbine as it holds alpha2 receptors, not as there is too much NE.
    assert "overshoot" not in told(condition="ptsd", drug="yohimbine", basal_ne=14)
    assert "builds up" in told(condition="dbh_deficiency", drug="droxidopa")
    assert "given to sedate" in told(condition="healthy", drug="dexmedetomidine")
    assert "overshoot" not in told() + told(condition="healthy", drug="none")


def test_ranges_say_what_each_doubtful_number_does() -> None:
    table = disorders.ranges(scenario.make("disorders")).set_index("number and its range")
    (half,) = (row for name, row in table.iterrows() if "occupies half of NET" in name)
    assert (
        half["NE at low end"]
        > disorders.results(scenario.make("disorders")).set_index("name").loc["ne_treated_of_healthy", "value"]
        > half["NE at high end"]
    )
    assert any("drive of the locus coeruleus" in name for name in table.index) and not any(
        "unbound" in name for name in table.index
    )


# -- the chain -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", ["healthy", "mdd", "ptsd"])
@pytest.mark.parametrize(
    "drug", [{"net_activity": 0.3}, {"a2_agonist": 3.0, "a2_efficacy": 0.5}, {"a2_antagonist": 10.0}]
)
def test_the_balance_of_a_held_store_is_the_steady_state_of_the_network(condition: str, drug: dict[str, float]) -> None:
    terminal = conditions.terminal(REST, condition)
    share = drug.get("net_activity", 1.0)
    given = Effects(net_free=share, **{name: value for name, value in drug.items() if name != "net_activity"})
    changed = {**drug, "net_activity": share * terminal.parameters["net_activity"]}
    full = solve.steady_state(norepinephrine_terminal.with_store_clamped(terminal).replace(**changed))
    # Dopamine is held where it was: that is worth less than half a per cent.
    assert float(clamped_balance.level(terminal, given)) == pytest.approx(1e3 * full["ne_e"], rel=5e-3)


def test_autoreceptors_adapt_as_the_network_with_a_held_store_does() -> None:
    healthy = conditions.terminal(REST, "healthy")
    run = solve.run(healthy.clamp("ne_v", "da_v").replace(net_activity=0.2), [0.0, 14 * 24 * SECONDS_PER_HOUR])
    number = float(clamped_balance.adapted(healthy, Effects(net_free=0.2), 14.0))
    assert number == pytest.approx(run.final["alpha2"], rel=1e-3)
    assert number < 1


def test_a_higher_dose_holds_more_raises_ne_more_and_overshoots_the_best_level() -> None:
    found = [
        treatment.treat(treatment.patient(norepinephrine_terminal.resting(14.0), "healthy", "reboxetine", dose))
        for dose in (2, 3, 5)
    ]
    for low, high in pairwise(found):
        assert np.all(low.day["occupancy NET"] < high.day["occupancy NET"])
        assert low.treated < high.treated and low.store > high.store
        # From a high basal level every dose is past the top, and more is worse.
        assert low.day["sustained_attention"].mean() > high.day["sustained_attention"].mean()
    small = treatment.treat(treatment.patient(REST, "adhd", "atomoxetine", 10))
    large = treatment.treat(treatment.patient(REST, "adhd", "atomoxetine", 40))
    assert small.day["sustained_attention"].mean() < large.day["sustained_attention"].mean()


def test_weeks_of_a_net_inhibitor_cost_a_part_of_the_store_and_of_the_gain() -> None:
    found = results(condition="mdd", drug="reboxetine", patients=20)
    assert 1.5 * found["untreated_ne"] < found["treated_ne"] < found["ne_at_once"]
    assert 50 < found["store_after_weeks"] < 90


def test_a_poor_metaboliser_is_held_longer_and_an_antagonist_acts_where_ne_does_not_change() -> None:
    fast, slow = (results(metaboliser=kind, patients=20) for kind in ("extensive", "poor"))
    assert slow["occupancy_trough"] > 95 > fast["occupancy_trough"]
    assert slow["treated_ne"] > fast["treated_ne"]
    treated, untreated = (results(condition="ptsd", drug=drug, patients=20) for drug in ("prazosin", "none"))
    assert treated["treated_ne"] == pytest.approx(untreated["treated_ne"], rel=1e-6)
    assert treated["startle_treated"] < untreated["startle_treated"]


def test_droxidopa_gives_ne_to_those_without_the_enzyme_and_ne_matters_to_every_readout() -> None:
    found = results(condition="dbh_deficiency", drug="droxidopa", patients=20)
    assert found["untreated_ne"] == 0 < found["treated_ne"] < 1.5 * found["healthy_ne"]
    for name in readouts.READOUTS:
        assert found[f"{name}_untreated"] < found[f"{name}_treated"]
    # At once there is nothing to release: the drug has to fill the store.
    assert found["ne_at_once"] == 0 and found["store_after_weeks"] > 50


# -- many people ------------------------------------------------------------------------------------------------------


def test_virtual_patients_are_repeatable_and_spread_by_what_is_drawn() -> None:
    who = treatment.patient(REST, "adhd", "atomoxetine")
    people = virtual_patients.cohort(who, 100, 3)
    assert people.equals(virtual_patients.cohort(who, 100, 3))
    assert not people.equals(virtual_patients.cohort(who, 100, 4))
    assert (
        people["poor"].any()
        and people["occupancy"][people["poor"]].min() > people["occupancy"][~people["poor"]].median()
    )
    for column in ("net", "feedback"):
        # More NET or stronger feedback means less NE.
        assert np.corrcoef(people[column], people["untreated"])[0, 1] < 0
    assert np.all(people["treated"] > people["untreated"])
    middle, low, high = virtual_patients.interval(people["treated"])
    assert low < middle < high
    assert np.mean((people["treated"] >= low) & (people["treated"] <= high)) == pytest.approx(0.95, abs=0.02)
    everyone_slow = virtual_patients.cohort(treatment.patient(REST, "adhd", "atomoxetine", metaboliser="poor"), 20, 3)
    assert everyone_slow["poor"].all()


def test_healthy_untreated_and_treated_stand_side_by_side() -> None:
    who = treatment.patient(REST, "adhd", "atomoxetine")
    outcome = treatment.treat(who)
    table = virtual_patients.compared(who, outcome, virtual_patients.cohort(who, 50, 1), 1).set_index(
        ["measure", "group"]
    )
    assert set(table.index.get_level_values("measure")) == {"NE", *readouts.READOUTS}
    spread = table.dropna()
    assert (spread["low"] <= spread["usual"] * 1.01).all() and (spread["usual"] <= spread["high"] * 1.01).all()
    assert table.loc[("NE", "at once"), "usual"] == pytest.approx(outcome.minutes / outcome.healthy)
    assert (table.xs("healthy", level="group")["usual"] == 1).all()
    assert table.loc[("NE", "treated"), "usual"] == pytest.approx(outcome.treated / outcome.healthy)


def test_bands_hold_the_usual_person_and_a_receptor_drug_has_its_own_occupancy() -> None:
    for condition, drug, site in (("adhd", "atomoxetine", "NET"), ("ptsd", "prazosin", "alpha1")):
        who = treatment.patient(REST, condition, drug)
        outcome, people = treatment.treat(who), virtual_patients.cohort(who, 60, 1)
        bands = virtual_patients.bands(who, people)
        day = outcome.day.loc[bands.index]
        for name in (f"plasma {drug}", f"occupancy {site}"):
            assert (bands[f"{name} low"] <= day[name]).all() and (day[name] <= bands[f"{name} high"]).all()
        assert people["occupancy"].median() == pytest.approx(outcome.day[f"occupancy {site}"].mean(), abs=0.1)
        assert "beta1 stimulated" in outcome.day
    assert virtual_patients.bands(treatment.patient(REST, "ptsd"), people).empty


def test_weight_matters_for_every_tablet() -> None:
    who = treatment.patient(REST, "mdd", "reboxetine")
    people = virtual_patients.cohort(who, 200, 1)
    level = np.log(people["occupancy"] / (1 - people["occupancy"])) + np.log(people["clearance"])
    assert np.corrcoef(np.log(people["weight"]), level)[0, 1] < -0.9


def test_a_ligand_that_swings_is_averaged_as_a_share_of_receptors() -> None:
    # Held half the time by nearly all, half the time by nothing: half of the receptors, not all of them.
    swinging = Effects(a1_antagonist=np.array([0.0, 1e4]), net_free=np.array([1.0, 0.0])).averaged()
    assert swinging.a1_antagonist == pytest.approx(1, rel=1e-3) and swinging.net_free == 0.5


def test_without_a_drug_nobody_changes() -> None:
    people = virtual_patients.cohort(treatment.patient(REST, "ptsd"), 50, 1)
    assert people["treated"].to_numpy() == pytest.approx(people["untreated"].to_numpy(), rel=1e-3)


def test_yohimbine_does_more_where_tone_is_raised_and_less_where_feedback_alone_is_weaker() -> None:
    for basal in (2.0, 6.0, 14.0):
        rest = norepinephrine_terminal.resting(basal)
        assert clinical_studies.yohimbine_in("ptsd", rest, "raised tone only") == 1
        assert clinical_studies.yohimbine_in("ptsd", rest, "weaker feedback only") == -1
    assert clinical_studies.yohimbine_in("ptsd", REST) == 1
    # Whatever the assumed sizes, weaker feedback alone never answers more, nor a raised tone alone less; both may do either.
    ranges = [clinical_studies.yohimbine_range("ptsd", how, (2.0, 6.0, 14.0)) for how in conditions.variants("ptsd")]
    both, tone, feedback = ranges
    assert feedback[1] < feedback[0] < feedback[2] <= 1 + 1e-6 and 1 - 1e-6 <= tone[1] < tone[0] < tone[2]
    assert both[1] < 1 < both[0] < both[2]


# -- a share of NET out of work ---------------------------------------------------------------------------------------


def test_more_occupancy_means_more_ne_and_feedback_keeps_it_in_bounds() -> None:
    occupancies = np.linspace(0, 1, 9)
    with_feedback = disorders.folds(REST, occupancies)
    without = disorders.folds(norepinephrine_terminal.without_autoinhibition(REST), occupancies)
    assert with_feedback[0] == without[0] == pytest.approx(1)
    assert np.all(np.diff(with_feedback) > 0)
    assert np.all(with_feedback[1:] < without[1:])
    # The last tenth of the transporters matters most.
    assert np.all(np.diff(with_feedback, 2) > 0)


def test_the_fold_depends_on_the_basal_level_that_is_disputed() -> None:
    # The lower the basal level, the larger the share of clearance that does not hang on NET.
    folds = [disorders.fold(norepinephrine_terminal.resting(basal), 0.0) for basal in (1, 2, 6, 14)]
    assert np.all(np.diff(folds) > 0)


# -- the page of a case ------------------------------------------------------------------------------------------------


def test_a_page_has_bands_of_people_and_of_doubt_and_names_what_is_missed() -> None:
    page = disorders.page(scenario.make("disorders", {"patients": 40}))
    assert len(page.levels) == len(page.outcome.day) and not page.people["poor"].all()
    low, high = page.risen
    assert low < page.outcome.treated / page.outcome.untreated < high
    assert len(page.compared) and page.doubted[0] < page.outcome.treated / page.outcome.healthy < page.doubted[1]
    for name in ("NE", "plasma atomoxetine", "occupancy NET", *page.who.readouts):
        assert (page.doubt[f"{name} low"] <= page.doubt[f"{name} high"]).all()
    missed = evidence.missed_about(
        disorders.names({"drug": "clonidine", "condition": "ptsd"}), ["disorders", "reuptake"]
    )
    assert any("clonidine" in words for words in missed["what was measured"])
    scans = drug_levels.missed_of("atomoxetine")
    assert {"24 %", "31 %"} <= set(scans["published"])


def test_the_band_of_people_is_that_of_the_stated_metaboliser() -> None:
    slow = disorders.page(scenario.make("disorders", {"metaboliser": "poor", "patients": 20}))
    usual = disorders.page(scenario.make("disorders", {"patients": 200}))
    assert slow.people["poor"].all() and usual.people["poor"].any()
    # One poor metaboliser in fourteen would lift the upper end of the band to theirs.
    assert usual.levels["plasma atomoxetine high"].iloc[-1] < slow.levels["plasma atomoxetine low"].iloc[-1]
    assert "normal metaboliser" in disorders.described(usual.case) and "normal metabolisers" in usual.caption


def test_rats_on_other_drugs_that_block_net_stand_beside_a_case_on_one() -> None:
    case = scenario.make("disorders")
    missed = evidence.missed_about(disorders.others_of_its_kind(case), ["reuptake"])
    assert {"6.0 times", "8.0 times"} <= set(missed["published"])  # after weeks; the model's rise is far smaller
    assert disorders.others_of_its_kind({**case, "drug": "prazosin"}) == ()
    assert disorders.others_of_its_kind({**case, "drug": "none"}) == ()


def test_the_page_says_what_is_assumed_and_draws_the_scans_that_contradict_it() -> None:
    page = disorders.page(scenario.make("disorders", {"patients": 20}))
    _, said = plots.case_page(page)
    assert "Contested: read as" in said and "× 0.5 (assumed)" in said and "approved" not in said
    assert "Scans of people: 24 % (25 mg), 31 % (100 mg)." in said
    # Three readouts do not move, and energy only repeats NE.
    assert page.drawn == ["sustained_attention", "startle"]
    blues = scenario.make("disorders", {"patients": 20, "condition": "mdd", "drug": "none"})
    assert "energy" in disorders.page(blues).drawn


@pytest.mark.parametrize("drug", ["none", "droxidopa", "dexmedetomidine", "venlafaxine"])
def test_a_page_is_drawn_for_every_kind_of_case(drug: str) -> None:
    condition = {"droxidopa": "dbh_deficiency", "dexmedetomidine": "healthy"}.get(drug, "mdd")
    page = disorders.page(scenario.make("disorders", {"condition": condition, "drug": drug, "patients": 20}))
    figure, said = plots.case_page(page)
    assert figures.png(figure) and "Four panels." in said and page.caption and len(page.table())


@pytest.mark.parametrize("number", ["6.1", "6.2"])
def test_each_slip_of_an_exercise_is_named_and_the_right_answer_has_its_why(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = questions.EXERCISES[number]()
    said = set()
    for slip in question.slips:
        assert questions.check(number, slip.values[0][0]) is not None
        out = capsys.readouterr().out
        assert slip.message in out
        said.add(out)
    assert len(said) == len(question.slips) >= 4
    names = {"np": np, "disorders": disorders, "rest": REST, "gain": gain}
    exec(question.solution, names)
    questions.check(number, names["answer"])
    assert question.why in capsys.readouterr().out


def test_what_stands_open_on_a_case_page_is_true_of_every_case() -> None:
    notebook = nbformat.read(collection.notebooks_folder() / "06_disorders.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not {"background", "about"} & set(cell.metadata.get("tags", [])):
            assert not re.search(r"\bher\b|\bshe\b|ADHD|atomoxetine|40 mg", cell.source, re.IGNORECASE), cell.source
