/** Begins restores that somebody asks for by a command. */
package io.memorymachine.restore.participant.request;
