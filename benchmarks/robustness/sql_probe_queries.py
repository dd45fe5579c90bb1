"""The queries of `sql_probes`: each tries to do more than read the published tables."""

from enum import StrEnum


class Kind(StrEnum):
    """What a probe is after."""

    FILES = "files"
    NETWORK = "network"
    WRITES = "writes"
    SETTINGS = "settings"
    TIME = "time"
    MEMORY = "memory"


HIDDEN_COPY = "'WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a'"
HIDDEN_TWICE = HIDDEN_COPY.replace("'", "''")
# {secret}, {table}, {base}: a text, a Parquet file and a DuckDB file outside the lake, each with
# the secret in it; {link}: a symbolic link to the table, in the lake; {live}: a file that a view
# reads; {old}: one that no view reads any more; {new}: a file that is not there.
PROBES: dict[Kind, tuple[str, ...]] = {
    Kind.FILES: (
        "FROM read_text('{secret}')",
        "FROM read_blob('{secret}')",
        "FROM read_csv('{secret}', header = false)",
        "FROM sniff_csv('{secret}')",
        "FROM read_json('{secret}')",
        "FROM read_ndjson_objects('{secret}')",
        "FROM '{table}'",
        "FROM read_parquet(['{live}', '{table}'], union_by_name = true)",
        "FROM parquet_metadata('{table}')",
        "FROM parquet_schema('{table}')",
        "FROM glob('{outside}/*')",
        "FROM glob('{lake}/**')",
        "FROM glob('/etc/*')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('/proc/self/environ')",
        "FROM read_text('/dev/stdin')",
        "FROM read_text('file://{secret}')",
        "FROM read_text('file:{secret}')",
        "FROM read_text('{lake}/../../outside/secret.txt')",
        "FROM read_text('{lake}/%2e%2e/%2e%2e/outside/secret.txt')",
        "FROM read_text('{quoted}')",
        "FROM read_text('secret.txt')",
        "FROM '{link}'",
        "FROM read_text('{lake}/outside/secret.txt')",
        "FROM '{old}'",
        "FROM read_parquet('{folder}/*.parquet')",
        "FROM read_parquet('{lake}/**/*.parquet', hive_partitioning = true, union_by_name = true)",
        "FROM read_duckdb('{base}', table_name = 'kept')",
        "ATTACH '{base}' AS base (READ_ONLY)",
        "IMPORT DATABASE '{outside}'",
        "FROM query('FROM read_te' || 'xt(''{secret}'')')",
        "FROM query_table('{table}')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''{secret}'')'))",
        "SELECT * FROM (VALUES ('{secret}')) AS f(path), read_text(f.path)",
        "EXPLAIN ANALYZE FROM read_text('{secret}')",
        "DESCRIBE FROM '{table}'",
        "SUMMARIZE '{table}'",
        "PIVOT '{table}' ON word USING count(*)",
        "SELECT getenv('HARBOUR_SECRET')",
        "FROM statements",
        "FROM os",
        "FROM duckdb_secrets(redact = false)",
        "FROM sqlite_scan('{base}', 'kept')",
    ),
    Kind.NETWORK: (
        "FROM '{url}/rows.csv'",
        "FROM read_csv('{url}/rows.csv')",
        "FROM read_parquet('{url}/rows.parquet')",
        "FROM read_text('{url}/rows.txt')",
        "FROM read_json('{url}/rows.json')",
        "ATTACH '{url}/base.duckdb' AS base",
        "INSTALL probe FROM '{url}'",
        "LOAD '{url}/probe.duckdb_extension'",
        "COPY origin TO '{url}/rows.csv'",
        "CREATE SECRET probe (TYPE s3, KEY_ID 'a', SECRET 'b', ENDPOINT '{address}')",
        "CREATE PERSISTENT SECRET probe (TYPE http, BEARER_TOKEN 'a')",
        "FROM glob('{url}/*')",
        "FROM read_duckdb('{url}/base.duckdb', table_name = 'kept')",
    ),
    Kind.WRITES: (
        "COPY origin TO '{new}'",
        "COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)",
        "COPY origin TO '{catalogue}' (FORMAT csv, USE_TMP_FILE false)",
        "WITH a AS (COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)) FROM a",
        "FROM query('WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a')",
        (
            "FROM json_execute_serialized_sql(json_serialize_sql("
            "'WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a'))"
        ),
        (
            "FROM query('FROM json_execute_serial' || 'ized_sql(json_serialize_sql("
            "''WITH a AS (CO'' || ''PY origin TO ''''{live}'''' (USE_TMP_FILE false)) FROM a''))')"
        ),
        "EXPLAIN ANALYZE COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPORT DATABASE '{new}'",
        "ATTACH '{new}' AS made",
        "ATTACH ':memory:' AS made",
        "CREATE TABLE made AS SELECT 1",
        "CREATE TEMP TABLE made AS SELECT 1",
        "CREATE VIEW made AS SELECT 1",
        "CREATE MACRO made() AS 1",
        "INSERT INTO origin FROM origin",
        "UPDATE origin SET number = 1",
        "DELETE FROM origin",
        "DROP TABLE origin",
        "ALTER TABLE origin ADD COLUMN made INT",
        "COMMENT ON TABLE origin IS 'made'",
        "VACUUM",
        "CHECKPOINT",
        "FROM checkpoint()",
        "FROM enable_logging('QueryLog', storage = 'file', storage_path = '{new}')",
        "BEGIN",
    ),
    Kind.SETTINGS: (
        "SET memory_limit = '9GB'",
        "SET GLOBAL threads = 64",
        "RESET memory_limit",
        "PRAGMA memory_limit = '9GB'",
        "SET lock_configuration = false",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET python_enable_replacements = true",
        "SET temp_directory = '{new}'",
        "SET VARIABLE made = 1",
        "PRAGMA enable_profiling",
        "FROM enable_profiling()",
        "CALL enable_logging()",
        "USE memory",
        "LOAD parquet",
        "DETACH copydesk",
        "PREPARE made AS SELECT 1",
    ),
    Kind.TIME: (
        "SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b",
        "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
        "EXPLAIN ANALYZE SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b",
        "SELECT length(lpad('', 600000000, 'x'))",
        "FROM range(1000000000000000) --format csv",
        "FROM range(1000000000000000) --format json",
        "SELECT a.range FROM range(1000000000) AS a, range(1000000000) AS b WHERE a.range < 0",
        "FROM query('SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b')",
    ),
    Kind.MEMORY: (
        "SELECT list(range) FROM range(2000000000)",
        "SELECT repeat('x', 4000000000)",
        "SELECT repeat(repeat('abc', 1000000), 1300)",
        "SELECT list_sum(range(4000000000))",
        "SELECT unnest(range(4000000000))",
        "SELECT string_agg(range::VARCHAR) FROM range(2000000000)",
        "SELECT range, count(*) FROM range(2000000000) GROUP BY range",
        "SELECT md5(range::VARCHAR) AS m FROM range(100000000) ORDER BY m",
        "FROM range(1000000000) ORDER BY hash(range)",
        "SELECT DISTINCT md5(range::VARCHAR) FROM range(1000000000)",
        "SELECT histogram(range) FROM range(2000000000)",
    ),
}
