/** How a saga is written down: a list of steps, each beside its compensation, deadline and retry policy. */
package io.memorymachine.saga.definition;
