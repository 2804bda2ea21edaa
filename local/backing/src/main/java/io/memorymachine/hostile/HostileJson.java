package io.memorymachine.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes good JSON documents into bad ones, one change at a time; equal seeds give equal changes. */
public final class HostileJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEPTH = 5_000;
    private static final int MANY = 5_000;

    private final Random random;

    /** Prints nothing: whoever uses it names the seed when a document has found something. */
    public HostileJson(long seed) {
        this.random = new Random(seed);
    }

    /** A changed copy of the document. Most are JSON still; some mean the same as before (a field more). */
    public byte[] spoil(String document) {
        return random.nextInt(5) == 0 ? broken(document) : changed(document);
    }

    /** One of {@link HostileTexts}. */
    public String text() {
        return HostileTexts.ALL.get(random.nextInt(HostileTexts.ALL.size()));
    }

    private byte[] broken(String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(12)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> "null".getBytes(StandardCharsets.UTF_8);
            case 3 -> "[]".getBytes(StandardCharsets.UTF_8);
            case 4 -> "\"text\"".getBytes(StandardCharsets.UTF_8);
            case 5 -> ("[".repeat(DEPTH) + "]".repeat(DEPTH)).getBytes(StandardCharsets.UTF_8);
            case 6 -> ("{\"a\":".repeat(DEPTH) + "1" + "}".repeat(DEPTH)).getBytes(StandardCharsets.UTF_8);
            case 7 -> document.replaceFirst("\"", "\"\u0000").getBytes(StandardCharsets.UTF_8);
            case 8 -> document.getBytes(StandardCharsets.UTF_16);
            case 9 -> spoiltText(bytes);
            case 10 -> (document + document).getBytes(StandardCharsets.UTF_8);
            default -> doubled(document).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** A byte that UTF-8 never has, somewhere. */
    private byte[] spoiltText(byte[] bytes) {
        byte[] spoilt = bytes.clone();
        spoilt[random.nextInt(spoilt.length)] = (byte) 0xff;
        return spoilt;
    }

    /** The first field twice, the second time with another type. */
    private static String doubled(String document) {
        int colon = document.indexOf(':');
        int open = document.indexOf('{');
        return colon < 0 || open < 0
                ? document
                : document.substring(0, open + 1) + document.substring(open + 1, colon) + ":[1],"
                        + document.substring(open + 1);
    }

    private byte[] changed(String document) {
        try {
            JsonNode root = JSON.readTree(document);
            List<Runnable> changes = new ArrayList<>();
            collect(root, changes);
            if (changes.isEmpty()) {
                return broken(document);
            }
            changes.get(random.nextInt(changes.size())).run();
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect(JsonNode node, List<Runnable> changes) {
        if (node instanceof ObjectNode object) {
            changes.add(() -> object.set("fromNowhere", any(null)));
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                changes.add(() -> object.remove(name));
                changes.add(() -> object.putNull(name));
                changes.add(() -> object.set(name, any(object.get(name))));
                changes.add(() -> object.set(name, any(object.get(name))));
                collect(object.get(name), changes);
            }
        } else if (node instanceof ArrayNode array) {
            changes.add(array::removeAll);
            changes.add(array::addNull);
            changes.add(() -> array.add(any(null)));
            if (!array.isEmpty()) {
                changes.add(() -> {
                    JsonNode first = array.get(0);
                    for (int i = 0; i < MANY; i++) {
                        array.add(first);
                    }
                });
            }
            array.forEach(entry -> collect(entry, changes));
        }
    }

    private JsonNode any(JsonNode before) {
        boolean sameType = before != null && random.nextInt(2) == 0;
        if (sameType && before.isNumber()) {
            return JSON.getNodeFactory().numberNode(numbers()[random.nextInt(numbers().length)]);
        }
        return switch (sameType ? 0 : random.nextInt(7)) {
            case 1 -> JSON.getNodeFactory().numberNode(numbers()[random.nextInt(numbers().length)]);
            case 2 -> JSON.getNodeFactory().numberNode(new java.math.BigDecimal("1e9999"));
            case 3 -> JSON.getNodeFactory().booleanNode(true);
            case 4 -> JSON.createArrayNode();
            case 5 -> JSON.createObjectNode();
            case 6 -> JSON.createArrayNode().addNull().add(1).add("x");
            default -> JSON.getNodeFactory().textNode(text());
        };
    }

    private static long[] numbers() {
        return new long[] {-1, 0, 1, Integer.MAX_VALUE + 1L, Long.MAX_VALUE, Long.MIN_VALUE};
    }
}
