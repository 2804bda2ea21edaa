package io.memorymachine.cli;

import java.util.Arrays;

/**
 * Ends what the JDK's HTTP client leaves running. A JVM that exits waits 0.3 s for threads which are in a system call, and the
 * client's selector always is. The client of Java 17 cannot be closed, but its selector ends when it is interrupted; where
 * it bears another name nothing is done, and the exit takes its 0.3 s.
 */
final class HttpThreads {
    private static final String CLIENT = "HttpClient-";
    private static final String SELECTOR = "-SelectorManager";
    private static final int MOST_THREADS = 64;
    private static final long END_WITHIN_MILLIS = 100;

    private HttpThreads() {}

    static void end() {
        Thread[] threads = new Thread[MOST_THREADS];
        int count = Thread.enumerate(threads);
        Arrays.stream(threads, 0, count)
                .filter(thread ->
                        thread.getName().startsWith(CLIENT) && thread.getName().endsWith(SELECTOR))
                .forEach(HttpThreads::end);
    }

    private static void end(Thread selector) {
        selector.interrupt();
        try {
            selector.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
