package io.memorymachine.pmem.participant.materialize;

import java.nio.file.Path;

import io.memorymachine.pmem.member.LiveFolder;

/**
 * A member to be put back.
 *
 * @param name names the member in messages and logs; no slashes
 * @param initPid the host's PID of the placeholder's init
 * @param live the new incarnation's folder
 * @param image a sealed image on the same file system
 */
public record MaterializeTarget(String name, long initPid, LiveFolder live, Path image) {}
