/** Lets materialized members run. */
package io.memorymachine.pmem.participant.release;
