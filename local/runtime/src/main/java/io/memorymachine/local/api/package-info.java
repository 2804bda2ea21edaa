/** A client of the services' HTTP API, as a user would write one. */
package io.memorymachine.local.api;
