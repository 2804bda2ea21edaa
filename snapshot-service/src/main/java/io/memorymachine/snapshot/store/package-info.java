/** The catalogue, locks, holds and quiesce leases as they are stored. */
package io.memorymachine.snapshot.store;
