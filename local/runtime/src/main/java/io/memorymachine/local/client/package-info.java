/** A client application of the running cluster: employees of departments. */
package io.memorymachine.local.client;
