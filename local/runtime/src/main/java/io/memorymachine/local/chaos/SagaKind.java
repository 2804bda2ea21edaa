package io.memorymachine.local.chaos;

import java.util.List;
import java.util.Locale;

import io.memorymachine.local.system.ServiceProcess;

import static io.memorymachine.local.system.ServiceProcess.LICENSE;
import static io.memorymachine.local.system.ServiceProcess.PMEM;

/** The two sagas, with their forward steps in order and the service that executes each. */
public enum SagaKind {
    SNAPSHOT(
            new Step("find-members", ServiceProcess.SNAPSHOT),
            new Step("authorize", LICENSE),
            new Step("reserve", PMEM),
            new Step("prepare", PMEM),
            new Step("guard", PMEM),
            new Step("quiesce", ServiceProcess.SNAPSHOT),
            new Step("capture", PMEM),
            new Step("resume", ServiceProcess.SNAPSHOT),
            new Step("seal", PMEM),
            new Step("return-license-at-end", LICENSE)),
    RESTORE(
            new Step("hold-snapshot", ServiceProcess.SNAPSHOT),
            new Step("find-targets", ServiceProcess.RESTORE),
            new Step("authorize", LICENSE),
            new Step("verify", PMEM),
            new Step("safety-snapshot", ServiceProcess.SNAPSHOT),
            new Step("recreate", ServiceProcess.RESTORE),
            new Step("materialize", PMEM),
            new Step("resolve-names", ServiceProcess.RESTORE),
            new Step("release", PMEM),
            new Step("await-whole", ServiceProcess.RESTORE),
            new Step("tidy-up", ServiceProcess.SNAPSHOT));

    private final List<Step> steps;

    SagaKind(Step... steps) {
        this.steps = List.of(steps);
    }

    /** In the order in which they run. */
    List<String> steps() {
        return steps.stream().map(Step::name).toList();
    }

    /** The service that executes a step, in whose schema its outcome is written down. */
    ServiceProcess participant(String step) {
        return steps.stream()
                .filter(candidate -> candidate.name().equals(step))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(label() + " has no step " + step))
                .participant();
    }

    /** Whether one step comes before another. */
    boolean before(String step, String other) {
        return steps().indexOf(step) < steps().indexOf(other);
    }

    /** As it stands in the names of cells. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A step.
     *
     * @param participant where several services take part, the first of them
     */
    private record Step(String name, ServiceProcess participant) {}
}
