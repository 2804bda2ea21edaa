/** What the handlers share. */
package io.memorymachine.pmem.participant;
