/** Makes a cluster passive under a lease, and active again. */
package io.memorymachine.snapshot.participant.quiesce;
