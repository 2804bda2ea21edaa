/** Checks images before they are put back. */
package io.memorymachine.pmem.participant.verify;
