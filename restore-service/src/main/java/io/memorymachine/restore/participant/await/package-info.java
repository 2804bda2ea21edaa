/** Waits until the restored cluster is whole, safe and in its state again. */
package io.memorymachine.restore.participant.await;
