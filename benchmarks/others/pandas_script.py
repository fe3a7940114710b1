"""What an analyst would write: read the file, derive flags, a groupby for each group and measure."""

import sys

import pandas as pd

if sys.argv[1].endswith(".csv"):
    pupils = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
else:
    pupils = pd.read_parquet(sys.argv[1])
pupils = pupils[pupils["key_stage"] == "KS2"]
pupils["fsm_group"] = pupils["fsm"].map({"Y": "fsm", "N": "not_fsm", "": "unknown"})
pupils["sen_group"] = pupils["sen_provision"].map(
    {"A": "any_sen", "P": "any_sen", "S": "any_sen", "N": "no_sen", "": "unknown"}
)
pupils["lac_group"] = pupils["looked_after"].map({"Y": "lac", "N": "not_lac"})
pupils["eal_group"] = pupils["first_language"].map({"OTH": "eal", "ENG": "not_eal", "": "unknown"})
pupils["bme_group"] = pupils["ethnicity"].map(lambda code: {"WBRI": "white_british", "": "unknown"}.get(code, "bme"))
for subject in ("reading", "writing", "maths"):
    level = pd.to_numeric(pupils[subject], errors="coerce")
    pupils[f"{subject}_l4"] = (level >= 4).astype(float).where(level.notna())
three = pupils[["reading_l4", "writing_l4", "maths_l4"]]
pupils["rwm_l4"] = three.min(axis=1).where(three.notna().all(axis=1) | (three == 0).any(axis=1))
tables = []
for name, by in {
    "all": [],
    "fsm": ["fsm_group"],
    "sen": ["sen_group"],
    "lac": ["lac_group"],
    "eal": ["eal_group"],
    "bme": ["bme_group"],
    "fsm x sen": ["fsm_group", "sen_group"],
    "fsm x bme": ["fsm_group", "bme_group"],
}.items():
    for measure in ("reading_l4", "writing_l4", "maths_l4", "rwm_l4"):
        table = pupils.groupby(["academic_year", "la", *by])[measure].agg(["count", "sum"]).reset_index()
        table["group"] = table[by[0]] + (" x " + table[by[1]] if len(by) > 1 else "") if by else "all"
        tables.append(table.assign(dimension=name, measure=measure).drop(columns=by))
counts = pd.concat(tables).rename(columns={"count": "pupils", "sum": "reached"})
counts = counts[counts["pupils"] > 0].astype({"reached": int})
counts[["academic_year", "la", "dimension", "group", "measure", "pupils", "reached"]].to_csv(sys.argv[2], index=False)
