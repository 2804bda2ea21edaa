/** Orders to, answers and facts of snapshot-service. */
package io.memorymachine.contract.snapshot;
