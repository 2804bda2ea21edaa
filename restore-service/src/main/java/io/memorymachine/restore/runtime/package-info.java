/** Wiring and configuration. */
package io.memorymachine.restore.runtime;
