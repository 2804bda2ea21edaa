/** Orders to, answers and facts of restore-service. */
package io.memorymachine.contract.restore;
