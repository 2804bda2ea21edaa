/** Puts running members into images: the port, and in a subpackage its adapter. */
package io.memorymachine.pmem.participant.capture;
