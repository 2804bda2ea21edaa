/** Wiring and configuration. */
package io.memorymachine.snapshot.runtime;
