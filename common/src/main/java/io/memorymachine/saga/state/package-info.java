/** A saga's state and the pure function that moves it: no Kafka, no database, no clock of its own. */
package io.memorymachine.saga.state;
