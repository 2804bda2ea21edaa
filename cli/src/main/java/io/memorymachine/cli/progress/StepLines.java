package io.memorymachine.cli.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.memorymachine.cli.output.Amounts;
import io.memorymachine.client.Advance;
import io.memorymachine.client.Follower;
import io.memorymachine.client.Progress;

/**
 * One line for each step that has ended, with its time. On a terminal the running step has a line too, with a clock and,
 * where it reads much, a bar; the next one is written over it. Elsewhere nothing is ever written over.
 */
public final class StepLines implements Follower.Listener, AutoCloseable {
    private static final int NAME_WIDTH = 24;
    private static final String ERASE_LINE = "\r\u001b[K";

    /** A line that is to be written over must not go on in the next one: a narrow terminal cuts it off instead. */
    private static final String DO_NOT_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintWriter out;
    private final boolean terminal;
    private final Map<String, Instant> running = new LinkedHashMap<>();
    private final Map<String, Bar> bars = new HashMap<>();
    private final ScheduledExecutorService clock;

    /**
     * Lines on this output.
     *
     * @param terminal whether a line may be written over
     */
    public StepLines(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.clock = terminal ? ticking() : null;
    }

    @Override
    public synchronized void changed(Progress progress) {
        erase();
        progress.step().ifPresent(step -> {
            switch (progress.status()) {
                case "started" -> running.put(step, Instant.now());
                case "finished" -> ended(progress, "ok", step, "");
                case "retried" -> line("..", step, progress.took(), "tried again" + why(progress));
                default -> ended(progress, "XX", step, why(progress).replaceFirst("^: ", ""));
            }
        });
        draw();
        out.flush();
    }

    @Override
    public synchronized void advanced(Advance advance) {
        if (terminal && running.containsKey(advance.step())) {
            bars.computeIfAbsent(advance.step(), step -> new Bar()).take(advance);
            tick();
        }
    }

    @Override
    public synchronized void reconnecting() {
        erase();
        out.println("  ..  the connection broke off, trying again");
        draw();
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
        erase();
        running.clear();
        out.flush();
    }

    private void ended(Progress progress, String mark, String step, String detail) {
        running.remove(step);
        bars.remove(step);
        line(mark, step, progress.took(), detail);
    }

    private void line(String mark, String step, Duration took, String detail) {
        out.println(("  " + mark + "  " + padded(step) + String.format("%9s", Amounts.took(took)) + "  " + detail)
                .stripTrailing());
    }

    private void draw() {
        if (terminal && !running.isEmpty()) {
            Map.Entry<String, Instant> latest = null;
            for (Map.Entry<String, Instant> step : running.entrySet()) {
                latest = step;
            }
            long seconds = Duration.between(latest.getValue(), Instant.now()).toSeconds();
            Bar bar = bars.get(latest.getKey());
            out.print(DO_NOT_WRAP
                    + ("  ->  " + padded(latest.getKey())
                                    + String.format("%9s", seconds == 0 ? "" : seconds + "s")
                                    + (bar == null ? "" : "  " + bar))
                            .stripTrailing()
                    + WRAP);
        }
    }

    private void erase() {
        if (terminal) {
            out.print(ERASE_LINE);
        }
    }

    private ScheduledExecutorService ticking() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress-clock");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        return timer;
    }

    private synchronized void tick() {
        erase();
        draw();
        out.flush();
    }

    private static String padded(String step) {
        return step + " ".repeat(Math.max(0, NAME_WIDTH - step.length()));
    }

    private static String why(Progress progress) {
        return progress.failure()
                .map(failure -> ": " + failure.reason() + ": " + failure.message())
                .orElse("");
    }
}
