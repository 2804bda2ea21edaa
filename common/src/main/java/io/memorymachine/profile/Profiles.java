package io.memorymachine.profile;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.arc.All;

import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** The profiles by name, and the options that users give with them. */
@ApplicationScoped
public class Profiles {
    /** The quiesce lease where the user gives none. */
    public static final Duration DEFAULT_MAX_PAUSE = Duration.ofSeconds(30);

    /** No application is kept at rest for longer than this. */
    public static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final String NO_PAUSE = "--nopause";

    private final Map<String, QuiesceProfile> byName = new TreeMap<>();

    @Inject
    Profiles(@All List<QuiesceProfile> profiles) {
        profiles.forEach(profile -> byName.put(profile.name(), profile));
    }

    /**
     * The profile of this name.
     *
     * @throws OperationFailedException UNKNOWN_PROFILE
     */
    public QuiesceProfile find(String name) {
        QuiesceProfile profile = name == null ? null : byName.get(name);
        if (profile == null) {
            throw new OperationFailedException(
                    FailureReason.UNKNOWN_PROFILE,
                    "There is no profile " + quoted(name) + "; there are " + byName.keySet());
        }
        return profile;
    }

    /**
     * The settings that a user's request stands for.
     *
     * @param options what follows {@code --profile-options}: {@code --nopause}, empty or null
     * @param maxPause null for {@link #DEFAULT_MAX_PAUSE}
     * @throws OperationFailedException UNKNOWN_PROFILE; INVALID_PROFILE_OPTION; INVALID_REQUEST where the pause is not
     *     above 0 or is longer than {@link #LONGEST_PAUSE}
     */
    public ProfileSettings settings(String name, String options, Duration maxPause) {
        QuiesceProfile profile = find(name);
        boolean pause = !profile.name().equals(NoneProfile.NAME);
        for (String option : words(options)) {
            if (!option.equals(NO_PAUSE)) {
                throw new OperationFailedException(
                        FailureReason.INVALID_PROFILE_OPTION,
                        "The profile " + name + " does not know the option " + quoted(option) + "; it knows "
                                + NO_PAUSE);
            }
            pause = false;
        }
        Duration longest = maxPause == null ? DEFAULT_MAX_PAUSE : maxPause;
        if (longest.isNegative() || longest.isZero() || longest.compareTo(LONGEST_PAUSE) > 0) {
            throw new OperationFailedException(
                    FailureReason.INVALID_REQUEST,
                    "The longest pause must be above 0 and at most " + LONGEST_PAUSE + ", not " + longest);
        }
        return new ProfileSettings(name, pause, longest);
    }

    private static List<String> words(String options) {
        return options == null || options.isBlank()
                ? List.of()
                : Arrays.asList(options.strip().split("\\s+"));
    }

    /** Bounded and without control characters, so that hostile input can stand in a message. */
    private static String quoted(String input) {
        if (input == null) {
            return "(none)";
        }
        String shown = input.length() > 80 ? input.substring(0, 80) + "..." : input;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
