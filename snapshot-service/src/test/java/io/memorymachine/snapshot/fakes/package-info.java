/** Clusters with state, and the services around snapshot-service, which can refuse, fall silent and die. */
package io.memorymachine.snapshot.fakes;
