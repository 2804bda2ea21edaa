/** A client of the services' HTTP API: where they are, how to be let in, and what they answer, as JSON. */
package io.memorymachine.client;
