/** Asks snapshot-service, over HTTP, what may be restored. */
package io.memorymachine.restore.inbound.http.snapshots;
