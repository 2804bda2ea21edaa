package io.memorymachine.pmem.participant.capture.criu;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The service's end of the talk with the dump hook of one member: the lines are described in mm-hook.c. Closing it, from
 * any thread, makes the hook fail, and CRIU with it.
 */
final class HookConversation implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path shortcut;
    private volatile SocketChannel connection;
    private BufferedReader lines;

    private HookConversation(ServerSocketChannel server, Path shortcut) {
        this.server = server;
        this.shortcut = shortcut;
    }

    /** Listens on the socket, which must not exist. */
    static HookConversation listen(Path socket) throws IOException {
        // A socket's path has room for some 100 characters, and folders of volumes may lie deep: a link makes it short.
        Path shortcut = Files.createTempDirectory("mm");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path folder = Files.createSymbolicLink(shortcut.resolve("d"), socket.getParent());
            server.bind(UnixDomainSocketAddress.of(folder.resolve(socket.getFileName())));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return new HookConversation(server, shortcut);
        } catch (IOException e) {
            server.close();
            removeShortcut(shortcut);
            throw e;
        }
    }

    /** Waits for the hook of the next phase. */
    void awaitConnection() throws IOException {
        closeConnection();
        connection = server.accept();
        if (!server.isOpen()) {
            closeConnection();
        }
        lines = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
    }

    /** The hook's next line, in words; an exception where it said that it failed, or went away. */
    String[] next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("the dump hook went away");
        }
        if (line.startsWith("failed ")) {
            throw new HookFailedException(line.substring("failed ".length()));
        }
        return line.split(" ");
    }

    void expect(String word) throws IOException {
        String[] line = next();
        if (!line[0].equals(word)) {
            throw new IOException("the dump hook said '" + String.join(" ", line) + "' instead of '" + word + "'");
        }
    }

    void say(String word) throws IOException {
        connection.write(ByteBuffer.wrap((word + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void closeConnection() throws IOException {
        SocketChannel open = connection;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeConnection();
        removeShortcut(shortcut);
    }

    private static void removeShortcut(Path shortcut) throws IOException {
        Files.deleteIfExists(shortcut.resolve("d"));
        Files.deleteIfExists(shortcut);
    }

    /** The hook found that it cannot do its work. */
    static final class HookFailedException extends IOException {
        private static final long serialVersionUID = 1L;

        HookFailedException(String message) {
            super(message);
        }
    }
}
