/** Wiring that every service shares, and what tells an outage from a defect. */
package io.memorymachine.runtime;
