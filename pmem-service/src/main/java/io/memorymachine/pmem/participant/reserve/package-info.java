/** Sets space aside for a snapshot. */
package io.memorymachine.pmem.participant.reserve;
