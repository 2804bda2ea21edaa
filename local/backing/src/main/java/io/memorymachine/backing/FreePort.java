package io.memorymachine.backing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds loopback ports nobody listens on. */
final class FreePort {
    private FreePort() {}

    /** Returns {@code wanted} if it is not 0, else a port that was free a moment ago: somebody may still be faster. */
    static int orElse(int wanted) throws IOException {
        if (wanted != 0) {
            return wanted;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns a free port that is not {@code taken}. */
    static int otherThan(int taken) throws IOException {
        int port;
        do {
            port = orElse(0);
        } while (port == taken);
        return port;
    }
}
