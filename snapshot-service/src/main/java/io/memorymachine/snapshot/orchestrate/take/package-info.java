/** The saga that takes a snapshot. */
package io.memorymachine.snapshot.orchestrate.take;
