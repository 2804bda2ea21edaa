/** Restores that hold a snapshot. */
package io.memorymachine.snapshot.participant.hold;
