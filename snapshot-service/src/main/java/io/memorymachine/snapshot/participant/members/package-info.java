/** Finds the members of a workload. */
package io.memorymachine.snapshot.participant.members;
