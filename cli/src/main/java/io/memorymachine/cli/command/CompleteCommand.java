package io.memorymachine.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.UnreachableException;

/** Prints what may stand in the place of the last word; for scripts that complete. */
@Command(name = "__complete", hidden = true, description = "Print what may stand in the place of the last word.")
public final class CompleteCommand extends Verb {
    private static final Set<String> ON_SNAPSHOTS =
            Set.of("describe", "watch", "restore", "verify", "cancel", "delete");

    @Parameters(arity = "0..*", description = "The words so far, the last of which may be empty.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        String last = words.isEmpty() ? "" : words.get(words.size() - 1);
        candidates(last).forEach(out()::println);
        out().flush();
        return ExitCode.OK;
    }

    private Set<String> candidates(String last) {
        List<CharSequence> ends = new ArrayList<>();
        String[] args = words.toArray(String[]::new);
        int index = Math.max(0, args.length - 1);
        AutoComplete.complete(
                spec().root(), args.length == 0 ? new String[] {""} : args, index, last.length(), last.length(), ends);
        Set<String> candidates = new TreeSet<>();
        ends.forEach(end -> candidates.add(last + end));
        if (words.size() > 2 && words.get(0).equals("clustersnap") && ON_SNAPSHOTS.contains(words.get(1))) {
            names(words.contains("--restore") ? Operations.RESTORE : Operations.SNAPSHOT, last, candidates);
        }
        return candidates;
    }

    private void names(Operations operations, String last, Set<String> candidates) {
        try {
            for (JsonNode entry : api().all(operations.service(), operations.path(), Map.of())) {
                String name = entry.path("name").asText();
                if (name.startsWith(last)) {
                    candidates.add(name);
                }
            }
        } catch (UnreachableException | ProblemException e) {
            // Nobody who presses a key wants to read why no service has answered: there are no names to offer then.
        }
    }
}
