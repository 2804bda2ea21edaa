package io.memorymachine.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param environment added to this process's own
 */
public record Launch(String name, List<String> command, Map<String, String> environment, Path workingDirectory) {}
