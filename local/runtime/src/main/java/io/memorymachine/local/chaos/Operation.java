package io.memorymachine.local.chaos;

import java.time.Duration;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.system.SystemSettings;

/**
 * A snapshot or restore that was asked for.
 *
 * @param name under which the API knows it
 */
public record Operation(SagaKind kind, String name) {
    /**
     * Begins a snapshot.
     *
     * @param profileOptions as on the command line: {@code --nopause}, or empty
     * @param maxPause null for the service's default
     */
    public static Operation snapshot(Services services, String name, String profileOptions, Duration maxPause) {
        services.requestSnapshot(name, SystemSettings.NAMESPACE, SystemSettings.WORKLOAD, profileOptions, maxPause);
        return new Operation(SagaKind.SNAPSHOT, name);
    }

    /** Begins a restore. */
    public static Operation restore(Services services, String snapshot, boolean safety) {
        return new Operation(
                SagaKind.RESTORE, services.requestRestore(snapshot, safety).name());
    }

    /** Waits for its end, which is {@code not over} after the bound. */
    public SagaEnd awaitEnd(Services services, Duration bound) throws InterruptedException {
        return kind == SagaKind.SNAPSHOT
                ? SagaEnd.ofSnapshot(services, name, bound)
                : SagaEnd.ofRestore(services, name, bound);
    }

    /** Waits until it does not go forward any more. */
    void awaitTurn(Services services, Duration bound) throws InterruptedException {
        SagaEnd.awaitTurn(() -> phase(services), bound);
    }

    /** Asks for its end. */
    void cancel(Services services) {
        if (kind == SagaKind.SNAPSHOT) {
            services.cancelSnapshot(name);
        } else {
            services.cancelRestore(name);
        }
    }

    private String phase(Services services) {
        return kind == SagaKind.SNAPSHOT
                ? services.snapshot(name).phase()
                : services.restore(name).phase();
    }
}
