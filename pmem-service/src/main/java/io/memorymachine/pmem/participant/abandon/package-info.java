/** Ends an operation that failed. */
package io.memorymachine.pmem.participant.abandon;
