/** Makes images durable and computes their checksums. */
package io.memorymachine.pmem.participant.seal;
