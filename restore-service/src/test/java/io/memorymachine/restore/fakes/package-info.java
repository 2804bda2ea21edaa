/** Stateful stand-ins for all that restore-service works with: they can refuse, stay silent and crash half-way. */
package io.memorymachine.restore.fakes;
