"""Polars, streaming: one group_by over everything at once, then sums over its result."""

import sys

import polars as pl

ETHNIC = {"WBRI": "white_british", "": "unknown"}
SEN = {"A": "any_sen", "P": "any_sen", "S": "any_sen", "N": "no_sen"}
parquet = sys.argv[1].endswith(".parquet")
rows = pl.scan_parquet(sys.argv[1]) if parquet else pl.scan_csv(sys.argv[1], infer_schema=False)


def level(name: str) -> pl.Expr:
    """1 for level 4 and above, 0 below, nothing without a result."""
    high, low = pl.col(name).is_in(["4", "5", "6"]), pl.col(name).is_in(["2", "3"])
    return pl.when(high).then(1).when(low).then(0).alias(f"{name}_l4")


three = [pl.col(f"{name}_l4") for name in ("reading", "writing", "maths")]
told = rows.filter(pl.col("key_stage") == "KS2").select(
    "academic_year", "la",
    pl.col("fsm").replace_strict({"Y": "fsm", "N": "not_fsm"}, default="unknown"),
    pl.col("sen_provision").replace_strict(SEN, default="unknown").alias("sen"),
    pl.col("looked_after").replace_strict({"Y": "lac"}, default="not_lac").alias("lac"),
    pl.col("first_language").replace_strict({"OTH": "eal", "ENG": "not_eal"}, default="unknown").alias("eal"),
    pl.col("ethnicity").fill_null("").replace_strict(ETHNIC, default="bme").alias("bme"),
    level("reading"), level("writing"), level("maths"),
).with_columns(
    pl.when(pl.any_horizontal(one == 0 for one in three)).then(0)
    .when(pl.all_horizontal(one == 1 for one in three)).then(1).alias("rwm_l4")
)  # fmt: skip
measures = ["reading_l4", "writing_l4", "maths_l4", "rwm_l4"]
keys = ["academic_year", "la"]
groups = ["fsm", "sen", "lac", "eal", "bme"]
sums = [one for name in measures for one in (pl.col(name).count().alias(f"n_{name}"), pl.col(name).sum())]
cube = told.group_by(*keys, *groups).agg(sums).collect(engine="streaming")
tables = []
for by in ([], *([one] for one in groups), ["fsm", "sen"], ["fsm", "bme"]):
    part = cube.group_by(*keys, *by).agg(pl.col(one).sum() for name in measures for one in (f"n_{name}", name))
    group = pl.concat_str(by, separator=" x ") if by else pl.lit("all")
    tables += [
        part.select(
            *keys, pl.lit(" x ".join(by) or "all").alias("dimension"), group.alias("group"),
            pl.lit(name).alias("measure"),
            pl.col(f"n_{name}").alias("pupils"), pl.col(name).alias("reached"),
        ).filter(pl.col("pupils") > 0)
        for name in measures
    ]  # fmt: skip
pl.concat(tables).write_csv(sys.argv[2])
