/** The profile of Hazelcast clusters: cluster state PASSIVE and back, over the members' REST interface. */
package io.memorymachine.profile.hazelcast;
