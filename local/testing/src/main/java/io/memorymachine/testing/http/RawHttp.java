package io.memorymachine.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP as bytes: no client's idea of what a request may be stands between a test and the server. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 15_000;

    private final String host;
    private final int port;

    RawHttp(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * A request as it is sent.
     *
     * @param target path and query, as they are
     * @param body null for none
     */
    record Request(String method, String target, Map<String, String> headers, byte[] body) {
        @Override
        public String toString() {
            String text = body == null ? "" : " " + new String(body, StandardCharsets.UTF_8);
            String all = method + " " + target + " " + headers + text;
            return all.length() > 400 ? all.substring(0, 400) + "..." : all;
        }
    }

    /** An answer; the names of headers are in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /** Sends one request over a connection of its own. */
    Answer send(Request request) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                write(request, socket.getOutputStream());
            } catch (SocketException refusedEarly) {
                // The server has answered without reading all: the answer tells why.
            }
            return parse(readAll(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(request.toString(), e);
        }
    }

    /** HTTP 1.0: the answer ends with the connection and is not sent in chunks. */
    private void write(Request request, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.0\r\n");
        head.append("Host: ").append(host).append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (request.body() != null) {
            head.append("Content-Length: ").append(request.body().length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        if (request.body() != null) {
            out.write(request.body());
        }
        out.flush();
    }

    private static byte[] readAll(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (SocketException reset) {
            // What was not read of the body makes the close a reset; the answer is here by then.
        }
        return all.toByteArray();
    }

    private static Answer parse(byte[] bytes) {
        String all = new String(bytes, StandardCharsets.UTF_8);
        int end = all.indexOf("\r\n\r\n");
        if (!all.startsWith("HTTP/1.") || end < 0) {
            throw new IllegalStateException("no HTTP answer: " + all);
        }
        String[] lines = all.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
        }
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, all.substring(end + 4));
    }
}
