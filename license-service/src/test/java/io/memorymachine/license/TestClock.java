package io.memorymachine.license;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

import io.memorymachine.license.document.TestLicenses;

/** A clock that stands, in the middle of the test licences' life, until it is set. */
@Alternative
@Priority(1)
@Singleton
public class TestClock extends Clock {
    private volatile Instant now = TestLicenses.NOON;

    /** Sets it. */
    public void set(Instant instant) {
        now = instant;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the product knows UTC only");
    }
}
