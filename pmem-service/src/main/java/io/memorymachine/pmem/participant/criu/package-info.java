/** What capture and materialization with CRIU share. */
package io.memorymachine.pmem.participant.criu;
