package io.memorymachine.license.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ed25519 keys as PEM (RFC 7468), which OpenSSL reads and writes too. */
final class KeyPem {
    /** The JDK's name of the curve and of the signature. */
    static final String ALGORITHM = "Ed25519";

    private static final String PUBLIC = "PUBLIC KEY";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private KeyPem() {}

    /** The name of a key: SHA-256 of its X.509 SubjectPublicKeyInfo, 64 hex digits. */
    static String idOf(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * All public keys in a text.
     *
     * @param source names the text in messages
     * @throws IOException if a block is not an Ed25519 public key
     */
    static List<PublicKey> publicKeys(String text, String source) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        for (Block block : blocks(text, source)) {
            if (!block.label().equals(PUBLIC)) {
                throw new IOException(source + " holds something else than public keys");
            }
            try {
                keys.add(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(block.der())));
            } catch (GeneralSecurityException e) {
                throw new IOException(source + " has a public key that is not Ed25519", e);
            }
        }
        return keys;
    }

    /**
     * A key pair written by {@link #write(KeyPair)}.
     *
     * @param source names the text in messages
     * @throws IOException if there is not exactly one of each, or it is not Ed25519
     */
    static KeyPair keyPair(String text, String source) throws IOException {
        List<byte[]> privateKeys = new ArrayList<>();
        List<byte[]> publicKeys = new ArrayList<>();
        for (Block block : blocks(text, source)) {
            (block.label().equals(PRIVATE) ? privateKeys : publicKeys).add(block.der());
        }
        if (privateKeys.size() != 1 || publicKeys.size() != 1) {
            throw new IOException(source + " does not hold exactly one private key and its public key");
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKeys.get(0))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(privateKeys.get(0))));
        } catch (GeneralSecurityException e) {
            throw new IOException(source + " has a key that is not Ed25519", e);
        }
    }

    /** A public key as PEM. */
    static String write(PublicKey key) {
        return block(PUBLIC, key);
    }

    /** A key pair as PEM, private key first (what OpenSSL looks for); whoever stores it keeps it from others. */
    static String write(KeyPair pair) {
        return block(PRIVATE, pair.getPrivate()) + block(PUBLIC, pair.getPublic());
    }

    private record Block(String label, byte[] der) {}

    private static String block(String label, Key key) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static List<Block> blocks(String text, String source) throws IOException {
        List<Block> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                found.add(new Block(
                        matcher.group(1),
                        Base64.getMimeDecoder().decode(matcher.group(2).getBytes(StandardCharsets.US_ASCII))));
            } catch (IllegalArgumentException e) {
                throw new IOException(source + " has a block that is not Base64", e);
            }
        }
        return found;
    }
}
