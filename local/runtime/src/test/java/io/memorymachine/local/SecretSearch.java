package io.memorymachine.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks for texts where none of them may be: in files, in every row of a database, in every message of a broker. */
final class SecretSearch {
    private static final Duration POLL = Duration.ofMillis(200);

    private final List<String> secrets;

    SecretSearch(List<String> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** The files at or below these paths that hold one; a path that does not exist holds none. */
    List<String> inFiles(Path... roots) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path root : roots) {
            if (!Files.exists(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (holds(Files.readAllBytes(file))) {
                        found.add(file.toString());
                    }
                }
            }
        }
        return found;
    }

    /** The tables of the product, whoever owns them, with a row that holds one in any column. */
    List<String> inTables(String jdbcUrl, String superuser, String password) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, superuser, password)) {
            for (String table : tables(connection)) {
                // Binary columns become hexadecimal.
                String rows = "select count(*) from " + table
                        + " as t where strpos(t::text, ?) > 0 or strpos(t::text, encode(convert_to(?, 'UTF8'), 'hex')) > 0";
                for (String secret : secrets) {
                    try (PreparedStatement query = connection.prepareStatement(rows)) {
                        query.setString(1, secret);
                        query.setString(2, secret);
                        try (ResultSet count = query.executeQuery()) {
                            count.next();
                            if (count.getLong(1) > 0) {
                                found.add(table);
                            }
                        }
                    }
                }
            }
        }
        return found;
    }

    /** The topics with a message that holds one in its key, its headers or its value. */
    List<String> inTopics(String bootstrapServers) {
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .filter(partition -> partition.topic().startsWith("mm."))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(POLL).forEach(message -> {
                    if (holds(message)) {
                        found.add(message.topic());
                    }
                });
            }
        }
        return found;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        String sql = "select format('%I.%I', schemaname, tablename) from pg_tables"
                + " where schemaname not in ('pg_catalog', 'information_schema')";
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private boolean holds(ConsumerRecord<byte[], byte[]> message) {
        boolean inHeaders = false;
        for (var header : message.headers()) {
            inHeaders |= holds(header.value());
        }
        return inHeaders || holds(message.key()) || holds(message.value());
    }

    private boolean holds(byte[] bytes) {
        if (bytes == null) {
            return false;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return secrets.stream().anyMatch(text::contains);
    }
}
