/** Snapshots and deletions asked for by command. */
package io.memorymachine.snapshot.participant.request;
