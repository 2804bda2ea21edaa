package io.memorymachine.local.system;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.TaskGraph.Task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TaskGraphTest {
    private final TaskGraph graph = new TaskGraph(
            new Console(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void aTaskBeginsAfterWhatItNeeds() {
        Task first = graph.add("first", () -> note("first"));
        Task second = graph.add("second", () -> note("second"), first);
        graph.add("third", () -> note("third"), first, second);

        graph.run();

        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void tasksThatNeedNothingOfEachOtherRunAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        graph.add("one", () -> meet(both));
        graph.add("two", () -> meet(both));

        graph.run();

        assertThat(order).containsExactly("met", "met");
    }

    @Test
    void theFirstFailureEndsEverythingAtOnce() {
        CountDownLatch never = new CountDownLatch(2);
        Task failing = graph.add("failing", () -> {
            throw new StartFailedException("it broke");
        });
        graph.add("waiting", () -> meet(never));
        graph.add("after", () -> note("after"), failing);

        assertThatThrownBy(graph::run).isInstanceOf(StartFailedException.class).hasMessage("it broke");
        assertThat(order).containsExactly("interrupted");
    }

    private String note(String what) {
        order.add(what);
        return "";
    }

    private String meet(CountDownLatch latch) {
        latch.countDown();
        try {
            return note(latch.await(20, TimeUnit.SECONDS) ? "met" : "alone");
        } catch (InterruptedException e) {
            return note("interrupted");
        }
    }
}
