package io.memorymachine.local.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.memorymachine.local.Json;
import io.memorymachine.local.api.StepView;
import io.memorymachine.local.demo.DataLoader.Verification;
import io.memorymachine.local.demo.DemoReport.CapturedMember;
import io.memorymachine.local.demo.DemoReport.ClientPart;
import io.memorymachine.local.demo.DemoReport.Parameters;
import io.memorymachine.local.demo.DemoReport.Preparation;
import io.memorymachine.local.demo.DemoReport.RestorePart;
import io.memorymachine.local.demo.DemoReport.RestoredMember;
import io.memorymachine.local.demo.DemoReport.SnapshotPart;
import io.memorymachine.local.demo.StallClock.Stall;

import static org.assertj.core.api.Assertions.assertThat;

class DemoReportTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456Z");

    @Test
    void theReportIsReadBackAsItWasWritten() {
        DemoReport report = report(341_000, 0);

        assertThat(Json.parse(Json.text(report), DemoReport.class)).isEqualTo(report);
    }

    @Test
    void theTablesTellWhatTheReportHolds() {
        assertThat(String.join("\n", DemoSummary.lines(report(341_000, 0))))
                .contains("capture", "341 ms", "198.18.4.10", "198.18.4.13", "200,000 of 200,000", "1.5 GiB")
                .doesNotContain("MISSED");
    }

    @Test
    void aTargetThatIsMissedIsSaidSo() {
        assertThat(String.join("\n", DemoSummary.lines(report(700_000, 3)))).contains("MISSED");
    }

    @Test
    void partsThatWereNotReachedAreLeftOut() {
        DemoReport failed = new DemoReport(
                1, AT, 5, false, List.of("it broke"), parameters(), null, null, null, null, null, List.of());

        assertThat(DemoSummary.lines(failed)).isEmpty();
        assertThat(Json.parse(Json.text(failed), DemoReport.class)).isEqualTo(failed);
    }

    private static DemoReport report(long frozenMicros, long errors) {
        SnapshotPart snapshot = new SnapshotPart(
                "hz-snap-test",
                2100,
                "clone",
                3L << 29,
                90L << 20,
                0,
                frozenMicros,
                12_000,
                List.of(new CapturedMember("hz-0", "198.18.4.10", AT, frozenMicros, 1L << 29, 30L << 20, "clone")),
                List.of(new StepView("capture", "finished", 350_000, 1)));
        RestorePart restore = new RestorePart(
                5200,
                3100,
                true,
                List.of(new RestoredMember("hz-0", "198.18.4.10", "198.18.4.13", 400_000)),
                List.of(new StepView("materialize", "finished", 400_000, 1)));
        ClientPart client = new ClientPart(
                stall(0), stall(errors), new Stall(5, 3_400_000, Map.of("TargetDisconnectedException", 4L), 0));
        return new DemoReport(
                DemoReport.FORMAT,
                AT,
                61_000,
                true,
                List.of(),
                parameters(),
                new Preparation(21_000, 6_000),
                snapshot,
                restore,
                client,
                new Verification(200_000, 200_000, 0, 0, 0),
                Targets.of(false, snapshot, restore, client));
    }

    private static Stall stall(long errors) {
        return new Stall(900, 380_000, errors == 0 ? Map.of() : Map.of("IllegalStateException", errors), 0);
    }

    private static Parameters parameters() {
        return new Parameters(3, 1L << 29, 200_000, 1024, 8L << 30, true, "--nopause", 2);
    }
}
