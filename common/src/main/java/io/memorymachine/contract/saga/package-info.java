/** Facts that every saga publishes. */
package io.memorymachine.contract.saga;
