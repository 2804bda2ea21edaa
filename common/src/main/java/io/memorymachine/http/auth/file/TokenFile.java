package io.memorymachine.http.auth.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

import io.quarkus.runtime.configuration.ConfigurationException;

/** Reads a file with a token; what is refused is named without the token. */
public final class TokenFile {
    /** Fewer characters than 128 random bits need in any alphabet in use could be guessed. */
    static final int SHORTEST = 32;

    private static final int LONGEST = 4096;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private TokenFile() {}

    /**
     * The token, without white space around it.
     *
     * @throws ConfigurationException if there is no such file, others than its owner may use it, or it holds no token of
     *     32 to 4096 characters
     */
    public static String read(Path file) {
        String content;
        try {
            requirePrivate(file);
            if (Files.size(file) > LONGEST) {
                throw refused(file, "is longer than " + LONGEST + " bytes");
            }
            content = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            throw refused(file, "does not exist");
        } catch (IOException e) {
            throw new ConfigurationException("The token file " + file + " cannot be read", e);
        }
        if (content.length() < SHORTEST) {
            throw refused(
                    file, content.isEmpty() ? "is empty" : "holds a token of fewer than " + SHORTEST + " characters");
        }
        if (!TOKEN.matcher(content).matches()) {
            throw refused(file, "holds characters that no bearer token has");
        }
        return content;
    }

    private static void requirePrivate(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw refused(file, "is not a file");
        }
        if (!OWNER.containsAll(attributes.permissions())) {
            throw refused(
                    file,
                    "is open to others than its owner (" + PosixFilePermissions.toString(attributes.permissions())
                            + "): chmod 600 it, and change the token, for it may be known");
        }
    }

    private static ConfigurationException refused(Path file, String why) {
        return new ConfigurationException("The token file " + file + " " + why);
    }
}
