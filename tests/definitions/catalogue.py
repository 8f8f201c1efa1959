"""The catalogue behind the commissioning cycle: 65 requirements, what is law, what light projects are asked."""

from __future__ import annotations

from typing import NamedTuple

Q0: frozenset[str] = frozenset()
Q1 = frozenset({"working_quorum"})
Q2 = frozenset({"panel_quorum"})
Q3 = frozenset({"working_quorum", "reach"})
EVALUATORS = "each evaluator"
"""PR-04 is signed by each evaluator: each hands in a sheet of their own, and two sheets are asked for."""


class Row(NamedTuple):
    """A row of the catalogue: the record that shows it, its principles, rung (0 for none), signatories and quorum."""

    id: str
    principles: str
    rung: int
    signed_by: str
    quorum: frozenset[str]


CATALOGUE = {
    "PL-01": Row("mandate", "P1 P4", 6, "sro lx_cochair", Q1),
    "PL-02": Row("membership", "P1 P2", 7, "coprod_lead lx_cochair", Q3),
    "PL-03": Row("resources", "P3", 0, "fin sro", Q0),
    "PL-04": Row("payment-policy", "P3", 0, "fin coprod_lead", Q0),
    "PL-05": Row("needs-data", "P2", 5, "edi commissioner", Q0),
    "PL-06": Row("outreach", "P1 P2", 5, "coprod_lead", Q3),
    "PL-07": Row("equality-assessment", "P2", 5, "edi sro", Q0),
    "PL-08": Row("access-plan", "P5", 6, "coprod_lead lx_cochair", Q1),
    "PL-09": Row("terms-of-reference", "P4", 7, "sro lx_cochair", Q1),
    "PL-10": Row("conflict-register", "P4", 0, "proc", Q0),
    "PL-11": Row("involvement-plan", "P1", 4, "sro", Q0),
    "PL-12": Row("change-screening", "P1", 0, "sro", Q0),
    "PL-13": Row("priorities", "P1 P4", 6, "sro lx_cochair", Q1),
    "PL-14": Row("strategic-case", "P3", 0, "fin sro", Q0),
    "PL-15": Row("baseline-score", "P6", 6, "lx_cochair", Q1),
    "DE-01": Row("options", "P4", 6, "sro lx_cochair clin", Q1),
    "DE-02": Row("specification", "P1 P4", 7, "sro lx_cochair clin", Q1),
    "DE-03": Row("outcomes", "P6", 6, "lx_cochair cm", Q1),
    "DE-04": Row("equality-design", "P2", 6, "edi sro", Q3),
    "DE-05": Row("market", "P2", 5, "proc", Q0),
    "DE-06": Row("dissent-log", "P4", 6, "lx_cochair", Q1),
    "DE-07": Row("monitoring", "P2 P5 P6", 0, "edi", Q0),
    "DE-08": Row("payments", "P3", 0, "fin", Q0),
    "DE-09": Row("accessibility", "P5", 6, "coprod_lead", Q0),
    "DE-10": Row("consultation", "P1", 4, "sro", Q0),
    "DE-11": Row("route-decision", "P4", 6, "proc sro", Q1),
    "DE-12": Row("criteria", "P4", 6, "proc lx_cochair", Q2),
    "DE-13": Row("outline-case", "P3", 0, "fin sro", Q0),
    "DE-14": Row("change-assurance", "P1", 4, "assurer sro", Q0),
    "DE-15": Row("carer-standard", "P2", 6, "carer_rep clin", Q0),
    "DE-16": Row("race-equality", "P2", 6, "edi clin", Q3),
    "DE-17": Row("midpoint-score", "P6", 6, "lx_cochair", Q1),
    "PR-01": Row("opening-notice", "", 0, "proc", Q0),
    "PR-02": Row("panel-preparation", "P3 P5", 6, "proc coprod_lead", Q0),
    "PR-03": Row("panel-conflicts", "P4", 0, "proc", Q2),
    "PR-04": Row("individual-scores", "P4", 6, EVALUATORS, Q2),
    "PR-05": Row("moderation", "P4", 6, "proc lx_cochair", Q2),
    "PR-06": Row("criteria-rationale", "", 0, "proc", Q0),
    "PR-07": Row("award-decision", "P4", 6, "sro", Q2),
    "PR-08": Row("assessment-summaries", "", 0, "proc", Q0),
    "PR-09": Row("award-notice", "", 0, "proc", Q0),
    "PR-10": Row("representations-log", "", 0, "proc", Q0),
    "PR-11": Row("representation-review", "", 0, "sro", Q0),
    "PR-12": Row("contract", "P3 P6", 6, "proc lx_cochair", Q1),
    "PR-13": Row("contract-details", "", 0, "proc", Q0),
    "PR-14": Row("full-case", "P3", 0, "fin sro", Q0),
    "PR-15": Row("readiness", "P1", 6, "lx_cochair cm", Q1),
    "PR-16": Row("equality-mobilisation", "P2", 5, "edi", Q0),
    "PR-17": Row("feedback", "P1", 0, "coprod_lead", Q0),
    "PR-18": Row("provider-statements", "P2 P5", 0, "cm", Q0),
    "RE-01": Row("contract-review", "P1 P6", 7, "lx_cochair cm", Q1),
    "RE-02": Row("indicators", "P6", 0, "cm", Q0),
    "RE-03": Row("outcome-figures", "P2 P6", 0, "clin edi", Q0),
    "RE-04": Row("peer-monitoring", "P1 P6", 6, "lx_cochair", Q0),
    "RE-05": Row("score-trend", "P6", 6, "lx_cochair", Q1),
    "RE-06": Row("impact-log", "P4 P6", 6, "coprod_lead lx_cochair", Q1),
    "RE-07": Row("equality-review", "P2", 5, "edi sro", Q3),
    "RE-08": Row("payments-review", "P3", 0, "fin", Q0),
    "RE-09": Row("renewal", "P1 P2", 7, "coprod_lead lx_cochair", Q3),
    "RE-10": Row("modification-screening", "", 0, "proc", Q0),
    "RE-11": Row("publications", "", 0, "proc", Q0),
    "RE-12": Row("confidence", "P6", 6, "assurer", Q0),
    "RE-13": Row("learning", "P6", 6, "coprod_lead lx_cochair", Q1),
    "RE-14": Row("way-on", "P4", 7, "sro lx_cochair", Q1),
    "RE-15": Row("accessible-information", "P5", 5, "cm", Q0),
}

# Where the catalogue says law and nothing it says elsewhere puts that in doubt, and what is law there. What else it
# marks as law is local or good practice in the file: PL-10 and part of PR-03 (regulation 21 could not be read), PR-04,
# PR-05 and DE-14's tests (advice and guidance that bind nobody), DE-11 (part of regulation 24), DE-12 (the grouping of
# the key criteria), the 14 days of PR-01, the confirmation of PR-13; and PL-08 and DE-07, whose first source is the
# guide.
LAW = {
    "PL-07": {"equality-assessment", "equality-new", "equality-inherited"},
    "PL-11": {"involvement-plan"},
    "PL-12": {"change-screening"},
    "DE-04": {"equality-design"},
    "DE-05": {"market-notice"},
    "DE-10": {"consultation"},
    "DE-14": {"change-notified"},
    "DE-16": {"race-equality"},
    "PR-01": {
        "opening-notice",
        "tender-period",
        "tender-period-full",
        "tender-period-short",
        "planned-notice",
        "tender-period-ten",
    },
    "PR-03": {"conflicts-assessment"},
    "PR-06": {"criteria-rationale"},
    "PR-07": {"award-record"},
    "PR-08": {"assessment-summaries"},
    "PR-09": {"award-notice", "award-notice-content"},
    "PR-10": {"standstill-psr", "standstill-pa23"},
    "PR-11": {"representation", "representation-review", "representation-wait"},
    "PR-12": {"published-indicators"},
    "PR-13": {"direct-award-notice", "contract-details"},
    "PR-16": {"equality-mobilisation"},
    "PR-18": {"provider-statements"},
    "RE-02": {"performance-notice"},
    "RE-07": {"equality-review"},
    "RE-10": {"modification-notice", "vary-notice"},
    "RE-11": {"publications"},
    "RE-15": {"accessible-information"},
}

LIGHT = [
    *("PL-01", "PL-02", "PL-03", "PL-07", "PL-08", "PL-09", "PL-13"),
    *("DE-02", "DE-03", "DE-04", "DE-12"),
    *("PR-03", "PR-04", "PR-07", "PR-12", "PR-17"),
    *("RE-01", "RE-03", "RE-05"),
]
"""The catalogue's list for light projects, law aside."""
KEEPS_A_PRINCIPLE = ["PL-15", "DE-08", "DE-09", "PR-02", "RE-08", "RE-14"]
"""What light projects are asked beyond that list, since a gate asks for all six principles (and the ways on follow
RE-14)."""
SMALL_PURCHASE = {
    "opening-invitation",
    "outcome",
    "outcome-letter",
    "standstill",
    "standstill-light-touch",
    "standstill-below-threshold",
}
"""What stands in for law below the threshold or under light touch, where light projects are."""
ENHANCED = ["PL-14", "DE-13", "PR-14", "RE-12"]
