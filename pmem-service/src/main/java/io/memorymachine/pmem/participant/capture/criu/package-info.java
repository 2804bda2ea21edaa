/** Capture with CRIU, one instance for each member, all held together by a barrier. */
package io.memorymachine.pmem.participant.capture.criu;
