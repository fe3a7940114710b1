"""Hand-written DuckDB: one GROUP BY over everything at once, then sums over its result."""

import sys

import duckdb

source = (
    f"read_parquet('{sys.argv[1]}')"
    if sys.argv[1].endswith(".parquet")
    else f"read_csv('{sys.argv[1]}', all_varchar = true, delim = ',', quote = '\"', escape = '\"', header = true)"
)
LEVEL = "CASE WHEN {0} IN ('4', '5', '6') THEN 1 WHEN {0} IN ('2', '3') THEN 0 END"
RWM = "CASE WHEN reading = 0 OR writing = 0 OR maths = 0 THEN 0 WHEN reading + writing + maths = 3 THEN 1 END"
duckdb.execute(
    f"""
CREATE TEMP TABLE cube AS
SELECT academic_year, la, fsm, sen, lac, eal, bme,
       count(reading) AS n0, sum(reading) AS s0, count(writing) AS n1, sum(writing) AS s1,
       count(maths) AS n2, sum(maths) AS s2, count(rwm) AS n3, sum(rwm) AS s3
FROM (SELECT *, {RWM} AS rwm FROM (
    SELECT academic_year, la,
           CASE fsm WHEN 'Y' THEN 'fsm' WHEN 'N' THEN 'not_fsm' ELSE 'unknown' END AS fsm,
           CASE WHEN sen_provision IN ('A', 'P', 'S') THEN 'any_sen' WHEN sen_provision = 'N' THEN 'no_sen'
                ELSE 'unknown' END AS sen,
           CASE looked_after WHEN 'Y' THEN 'lac' ELSE 'not_lac' END AS lac,
           CASE first_language WHEN 'OTH' THEN 'eal' WHEN 'ENG' THEN 'not_eal' ELSE 'unknown' END AS eal,
           CASE coalesce(ethnicity, '') WHEN 'WBRI' THEN 'white_british' WHEN '' THEN 'unknown' ELSE 'bme' END AS bme,
           {LEVEL.format("reading")} AS reading, {LEVEL.format("writing")} AS writing, {LEVEL.format("maths")} AS maths
    FROM {source} WHERE key_stage = 'KS2'))
GROUP BY ALL
"""
)
wanted = ["'all'", "fsm", "sen", "lac", "eal", "bme", "fsm || ' x ' || sen", "fsm || ' x ' || bme"]
names = ["all", "fsm", "sen", "lac", "eal", "bme", "fsm x sen", "fsm x bme"]
tables = [
    f"SELECT academic_year, la, '{name}' AS dimension, {group} AS \"group\", '{measure}' AS measure,"
    f" sum(n{place}) AS pupils, sum(s{place}) AS reached FROM cube GROUP BY ALL HAVING sum(n{place}) > 0"
    for name, group in zip(names, wanted, strict=True)
    for place, measure in enumerate(("reading_l4", "writing_l4", "maths_l4", "rwm_l4"))
]
duckdb.execute(f"COPY ({' UNION ALL '.join(tables)}) TO '{sys.argv[2]}' (HEADER)")
