package io.memorymachine.contract.pmem;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a member's heap gets into its image. */
public enum CaptureMode {
    /** The heap file is cloned copy-on-write: milliseconds. */
    @JsonProperty("clone")
    CLONE,
    /** CRIU copies the heap, since the file system cannot clone: seconds. */
    @JsonProperty("full")
    FULL
}
