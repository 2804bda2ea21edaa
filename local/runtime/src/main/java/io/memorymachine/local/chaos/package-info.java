/** The fault matrix: whatever dies at whichever step of a saga, the cluster comes back and nothing is lost. */
package io.memorymachine.local.chaos;
