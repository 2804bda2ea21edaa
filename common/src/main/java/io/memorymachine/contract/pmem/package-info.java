/** Orders to, answers and facts of pmem-service. */
package io.memorymachine.contract.pmem;
