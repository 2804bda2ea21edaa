/** The one vocabulary of failure: reasons, and the exception that carries one. */
package io.memorymachine.failure;
