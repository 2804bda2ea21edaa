/** The saga that deletes a snapshot. */
package io.memorymachine.snapshot.orchestrate.delete;
