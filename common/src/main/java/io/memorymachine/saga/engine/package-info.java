/** Performs what the saga core decides: state, messages and projections in one transaction. */
package io.memorymachine.saga.engine;
