/** Finds what nodes hold of snapshots that do not exist, and has it removed. */
package io.memorymachine.snapshot.orchestrate.orphan;
