/** Removes a snapshot from the node. */
package io.memorymachine.pmem.participant.discard;
