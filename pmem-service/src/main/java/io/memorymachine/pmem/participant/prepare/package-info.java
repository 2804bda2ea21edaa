/** Makes the members ready for a capture while they run. */
package io.memorymachine.pmem.participant.prepare;
