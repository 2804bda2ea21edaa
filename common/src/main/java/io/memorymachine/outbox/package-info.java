/** Messages leave through a table, in the transaction of the change that they tell of; arrivals are remembered likewise. */
package io.memorymachine.outbox;
