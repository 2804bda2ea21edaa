/** Destroys members and lets them come back. */
package io.memorymachine.restore.participant.recreate;
