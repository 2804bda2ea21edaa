/** Trace context across messages. */
package io.memorymachine.log;
