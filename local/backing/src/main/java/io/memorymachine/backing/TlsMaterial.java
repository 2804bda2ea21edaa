package io.memorymachine.backing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A self-signed certificate for 127.0.0.1 with its key, as Kafka (PKCS #12) and PostgreSQL (PEM) want them, and the one user
 * who may use Kafka: what a test needs to run guarded servers.
 *
 * @param store the certificate with its key; also what clients trust
 * @param certificate in PEM
 * @param key in PEM, readable by its owner only
 * @param user whom Kafka takes (SASL with the mechanism PLAIN)
 */
public record TlsMaterial(
        Path store, String storePassword, Path certificate, Path key, String user, String userPassword) {
    private static final String ALIAS = "mm";
    private static final String TYPE = "PKCS12";
    private static final String MECHANISM = "PLAIN";

    /**
     * Makes it with the JDK's keytool.
     *
     * @param folder for the files; must exist
     */
    public static TlsMaterial make(Path folder, String storePassword, String user, String userPassword)
            throws IOException {
        Path store = folder.resolve("store.p12");
        Path password = privately(folder.resolve("store.password"), storePassword);
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1,DNS:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        TYPE,
                        "-keystore",
                        store.toString(),
                        "-storepass:file",
                        password.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes());
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
        try (InputStream file = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance(TYPE);
            keys.load(file, storePassword.toCharArray());
            Key key = keys.getKey(ALIAS, storePassword.toCharArray());
            return new TlsMaterial(
                    store,
                    storePassword,
                    privately(
                            folder.resolve("certificate.pem"),
                            pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded())),
                    privately(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded())),
                    user,
                    userPassword);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key that keytool made cannot be read", e);
        }
    }

    /** What a Kafka client has to be configured with. */
    public Map<String, String> kafkaClient() {
        Map<String, String> config = new HashMap<>();
        config.put("security.protocol", "SASL_SSL");
        config.put("sasl.mechanism", MECHANISM);
        config.put("sasl.jaas.config", login() + ";");
        config.put("ssl.truststore.location", store.toString());
        config.put("ssl.truststore.password", storePassword);
        return config;
    }

    /** What the broker has to be configured with for its listener CLIENT. */
    Map<String, String> kafkaBroker() {
        String listener = "listener.name.client.";
        Map<String, String> config = new HashMap<>();
        config.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT");
        config.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
        config.put(listener + "sasl.enabled.mechanisms", MECHANISM);
        config.put(
                listener + MECHANISM.toLowerCase(Locale.ROOT) + ".sasl.jaas.config",
                login() + " user_" + user + "=\"" + userPassword + "\";");
        for (String kind : List.of("keystore", "truststore")) {
            config.put(listener + "ssl." + kind + ".location", store.toString());
            config.put(listener + "ssl." + kind + ".password", storePassword);
        }
        return config;
    }

    private String login() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + userPassword + "\"";
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private static Path privately(Path file, String content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
