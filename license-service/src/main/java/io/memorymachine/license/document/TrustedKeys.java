package io.memorymachine.license.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The public keys whose signatures make a licence: Ed25519, named by the SHA-256 of their X.509 encoding in hex. */
public final class TrustedKeys {
    /** A key file holds a handful of keys of about 120 bytes; whatever is longer is another file. */
    private static final long MAX_FILE_BYTES = 64 * 1024;

    private final Map<String, PublicKey> byId;

    private TrustedKeys(Map<String, PublicKey> byId) {
        this.byId = Map.copyOf(byId);
    }

    /** No key at all: every licence is refused. */
    public static TrustedKeys none() {
        return new TrustedKeys(Map.of());
    }

    /** These keys. */
    public static TrustedKeys of(Collection<PublicKey> keys) {
        Map<String, PublicKey> byId = new TreeMap<>();
        keys.forEach(key -> byId.put(KeyPem.idOf(key), key));
        return new TrustedKeys(byId);
    }

    /**
     * The keys in a PEM file, or in all {@code *.pem} files of a directory (as a mounted Kubernetes secret is one).
     *
     * @throws IOException if there is no such file, it is too large, or it holds anything but Ed25519 public keys, or
     *     none: a wrong configuration is found at start, not at the first licence
     */
    public static TrustedKeys read(Path fileOrDirectory) throws IOException {
        Map<String, PublicKey> byId = new TreeMap<>();
        for (Path file : files(fileOrDirectory)) {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException(file + " is too large for a file of public keys");
            }
            List<PublicKey> keys =
                    KeyPem.publicKeys(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
            keys.forEach(key -> byId.put(KeyPem.idOf(key), key));
        }
        if (byId.isEmpty()) {
            throw new IOException("No public key in " + fileOrDirectory);
        }
        return new TrustedKeys(byId);
    }

    /** The key of that name. */
    public Optional<PublicKey> find(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }

    /** The names of all keys. */
    public Set<String> ids() {
        return byId.keySet();
    }

    private static List<Path> files(Path fileOrDirectory) throws IOException {
        if (!Files.isDirectory(fileOrDirectory)) {
            return List.of(fileOrDirectory);
        }
        try (Stream<Path> entries = Files.list(fileOrDirectory)) {
            return entries.filter(entry -> entry.getFileName().toString().endsWith(".pem"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
