/** Configuration and wiring, what is done at start and from time to time. */
package io.memorymachine.license.runtime;
