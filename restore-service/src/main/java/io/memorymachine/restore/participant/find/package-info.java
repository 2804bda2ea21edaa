/** Finds the members that a restore will replace. */
package io.memorymachine.restore.participant.find;
