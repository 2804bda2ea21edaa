/** The single-machine system as a whole: start it, look at it, take it down, see what is left. */
package io.memorymachine.local.system;
