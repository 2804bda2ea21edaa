/** A Kafka broker and a PostgreSQL server of our own, from Maven packages, for the tests and the single-machine runtime. */
package io.memorymachine.backing;
