/** Compares a snapshot's images with the checksums that they were sealed with. */
package io.memorymachine.snapshot.orchestrate.verify;
