package io.memorymachine.pmem.participant.capture;

import java.nio.file.Path;

import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.member.MemberProcess;

/**
 * A member to be captured.
 *
 * @param name names the member in messages and logs; no slashes
 * @param image the folder to be made; on the file system of {@code live}
 */
public record CaptureTarget(String name, MemberProcess process, LiveFolder live, Path image) {}
