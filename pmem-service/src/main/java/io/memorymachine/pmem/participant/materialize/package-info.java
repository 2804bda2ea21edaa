/** Puts members back from their images: the port, and in a subpackage its adapter. */
package io.memorymachine.pmem.participant.materialize;
