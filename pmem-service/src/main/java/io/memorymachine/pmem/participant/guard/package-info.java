/** Brings applications back from their rest when nobody else does. */
package io.memorymachine.pmem.participant.guard;
