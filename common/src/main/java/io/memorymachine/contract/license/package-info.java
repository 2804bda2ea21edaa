/** Orders to, answers and facts of license-service. */
package io.memorymachine.contract.license;
