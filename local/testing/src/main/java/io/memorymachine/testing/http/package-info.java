/** Hostile input for every endpoint that a service describes. */
package io.memorymachine.testing.http;
