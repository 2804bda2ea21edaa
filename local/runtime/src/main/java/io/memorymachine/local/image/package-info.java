/** Builds the root file system of the demo's Hazelcast members from the JDK and the packages at hand. */
package io.memorymachine.local.image;
