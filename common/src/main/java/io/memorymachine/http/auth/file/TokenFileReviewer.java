package io.memorymachine.http.auth.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

import io.memorymachine.http.auth.Caller;
import io.memorymachine.http.auth.TokenReviewer;

/**
 * Accepts the one token that a file holds. A file that changes is read again with the next request; while it cannot be used,
 * nobody is accepted.
 */
public final class TokenFileReviewer implements TokenReviewer {
    private static final Logger LOG = Logger.getLogger(TokenFileReviewer.class);
    private static final Caller OWNER = new Caller("token-file", Set.of());

    private final Path file;
    private volatile Accepted accepted;

    /**
     * Reads the file.
     *
     * @throws ConfigurationException as {@link TokenFile#read}
     */
    public TokenFileReviewer(Path file) {
        this.file = file;
        String version = version();
        this.accepted = new Accepted(version, digest(TokenFile.read(file)));
    }

    @Override
    public Uni<Optional<Caller>> review(String token) {
        byte[] wanted = current().digest();
        // Digests are of one length, so the comparison takes as long whatever was sent.
        boolean same = wanted != null && MessageDigest.isEqual(wanted, digest(token));
        return Uni.createFrom().item(same ? Optional.of(OWNER) : Optional.empty());
    }

    private Accepted current() {
        String version = version();
        if (version.equals(accepted.version())) {
            return accepted;
        }
        Accepted next;
        try {
            next = new Accepted(version, digest(TokenFile.read(file)));
            LOG.infof("The token file %s changed: its new token is accepted from now on", file);
        } catch (ConfigurationException e) {
            next = new Accepted(version, null);
            LOG.errorf("Nobody is accepted until this is mended: %s", e.getMessage());
        }
        accepted = next;
        return next;
    }

    /** Another one whenever the file is replaced, written or given another mode; a look at its inode, so it may be often. */
    private String version() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + Files.getAttribute(file, "unix:ctime");
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @param digest null where the file cannot be used */
    private record Accepted(String version, byte[] digest) {}
}
