package io.memorymachine.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;

/** All that a service has stored, as something that can be compared: every table of its schema, whatever they are. */
public final class DatabaseContent {
    private static final String TABLES = """
            select table_name from information_schema.tables
            where table_schema = current_schema() and table_name <> 'flyway_schema_history' order by 1""";

    private DatabaseContent() {}

    /** A digest of each table's rows by the table's name. */
    public static Map<String, String> of(Pool pool) {
        List<String> tables = new ArrayList<>();
        pool.query(TABLES).execute().await().indefinitely().forEach(row -> tables.add(row.getString(0)));
        Map<String, String> content = new TreeMap<>();
        for (String table : tables) {
            Row row = pool.query(
                            "select count(*) || ' rows ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '')"
                                    + " from \"" + table + "\" t")
                    .execute()
                    .await()
                    .indefinitely()
                    .iterator()
                    .next();
            content.put(table, row.getString(0));
        }
        return content;
    }
}
