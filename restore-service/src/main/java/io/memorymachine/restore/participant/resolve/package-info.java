/** The barrier before members are let run: every name resolves to the new address, in every member. */
package io.memorymachine.restore.participant.resolve;
