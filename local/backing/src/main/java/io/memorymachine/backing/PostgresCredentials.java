package io.memorymachine.backing;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Properties;

/** The generated passwords of a server's roles, kept in a file that only its owner can read. */
final class PostgresCredentials {
    private final Properties passwords;

    private PostgresCredentials(Properties passwords) {
        this.passwords = passwords;
    }

    static PostgresCredentials generate(List<String> roles) {
        SecureRandom random = new SecureRandom();
        Properties passwords = new Properties();
        for (String role : roles) {
            byte[] bytes = new byte[18];
            random.nextBytes(bytes);
            // The alphabet has neither quotes nor anything that a URL would escape.
            passwords.setProperty(role, Base64.getUrlEncoder().encodeToString(bytes));
        }
        return new PostgresCredentials(passwords);
    }

    static PostgresCredentials read(Path file) throws IOException {
        Properties passwords = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            passwords.load(reader);
        }
        return new PostgresCredentials(passwords);
    }

    void write(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(file)) {
            passwords.store(writer, "Roles of the database and their passwords");
        }
    }

    String password(String role) {
        String password = passwords.getProperty(role);
        if (password == null) {
            throw new IllegalArgumentException("no role " + role + " in this database");
        }
        return password;
    }
}
