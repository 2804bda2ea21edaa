package io.memorymachine.profile.hazelcast;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.hazelcast.internal.util.Clock.ClockImpl;
import com.hazelcast.internal.util.ClockProperties;

/** The wall clock of all members in this JVM, which can be made to jump, as that of restored members does. */
public final class JumpingClock extends ClockImpl {
    private static final AtomicLong AHEAD_MILLIS = new AtomicLong();

    /** Hazelcast takes its clock once, when it is first used. */
    static void install() {
        System.setProperty(ClockProperties.HAZELCAST_CLOCK_IMPL, JumpingClock.class.getName());
    }

    static void jump(Duration ahead) {
        AHEAD_MILLIS.addAndGet(ahead.toMillis());
    }

    @Override
    protected long currentTimeMillis() {
        return System.currentTimeMillis() + AHEAD_MILLIS.get();
    }
}
