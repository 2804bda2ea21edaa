/** The service's tables. Every method works in the session, and so the transaction, that it is given. */
package io.memorymachine.license.store;
