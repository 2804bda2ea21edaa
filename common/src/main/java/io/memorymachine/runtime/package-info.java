/** Wiring that every service shares. */
package io.memorymachine.runtime;
