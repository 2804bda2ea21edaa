/** The restore saga. */
package io.memorymachine.restore.orchestrate;
